"""What templates say of labels, and of models that learned from them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from apps.console import wording
from apps.console.ranges import said
from apps.console.wording import Word
from apps.labeling.measures.rounding import down
from apps.labeling.rendering.words import FORMATS

register = template.Library()


@register.filter
def label_verdict_word(verdict: str) -> Word:
    return wording.of(wording.LABEL_VERDICTS, verdict)


@register.filter
def release_word(state: str) -> Word:
    return wording.of(wording.RELEASE_STATES, state)


@register.filter
def demand_text(demand: str) -> str:
    return str(wording.text_of(wording.RELEASE_DEMANDS, demand))


@register.filter
def check_outcome_word(outcome: str) -> Word:
    return wording.of(wording.CHECK_OUTCOMES, outcome)


@register.filter
def format_name(format: str) -> str:
    return FORMATS.get(format, format)


@register.filter
def figure(value: Any) -> str:
    """A share with three digits, a count as it is; what was not asked of a row is a dash."""
    if value == "":
        return "–"
    return str(number_format(value, force_grouping=True)) if isinstance(value, int) else said(value)


@register.filter
def lower_bound(value: float | None) -> str:
    """Rounded down: what just misses a goal must not look like it."""
    return said(down(value))


@register.filter
def difference(value: Any) -> str:
    """With its sign; a dash where it cannot be told, and a word where there is none to speak of."""
    if value is None:
        return "–"
    if abs(value) < 0.0005:
        return gettext("none")
    return f"{value:+,d}" if isinstance(value, int) else f"{value:+.3f}"
