"""Filters for what happened to data, for what has to be done, and for what versions were made from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from apps.console import wording
from apps.console.templatetags.console import spaced

register = template.Library()
MOST_NAMED = 12

register.filter("closing_word", lambda code: wording.of(wording.CLOSINGS, code))
register.filter("duty_owner_text", lambda code: wording.text_of(wording.DUTY_OWNERS, code))
register.filter("happened_text", lambda code: wording.text_of(wording.HAPPENED, code))


@register.filter
def concepts_text(codes: Iterable[str] | None) -> str:
    """Kinds of purposes, as words; the first few of many."""
    named = sorted(map(spaced, codes or ()))
    shown = ", ".join(named[:MOST_NAMED])
    return f"{shown}, …" if len(named) > MOST_NAMED else shown


@register.filter
def effective_class_text(effective: Any) -> str:
    """The class of a version that was made from others, and whether it comes from them."""
    code = effective.code_of(effective.effective)
    if not code:
        return gettext("not known: nobody has classified all that it was made from")
    return gettext("%(code)s, by what it was made from") % {"code": code} if effective.is_inherited else code


@register.filter
def occurrence_word(occurrence: Any) -> wording.Word:
    return wording.of(wording.OCCURRENCE_STATES, occurrence.state)


@register.filter
def duty_word(duty: Any) -> wording.Word:
    """How a duty stands: a deletion that failed or is under way says so."""
    if duty.done_at is None and (duty.failed_at or duty.begun_at):
        return wording.JOB_STATES["failed" if duty.failed_at else "executing"]
    return wording.DUTY_STATES["done"] if duty.done_at else due_word(duty.due_on)


@register.filter
def due_word(day: date | None) -> wording.Word:
    """How urgently something has to be done that is due by the end of the day, if one was said."""
    is_late = day is not None and day < timezone.localdate()
    return wording.DUTY_STATES["late" if is_late else "open"]
