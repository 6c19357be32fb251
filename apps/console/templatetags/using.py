"""Filters for what keys touched."""

from __future__ import annotations

from typing import Any

from django import template

from apps.console.wording import using
from apps.console.wording.words import Word, of, text_of
from apps.credentials.queries import Answered, Whereabouts

register = template.Library()

register.filter("doing_text", lambda code: text_of(using.DOINGS, code))
register.filter("log_text", lambda code: text_of(using.LOGS, code))


@register.filter
def answered_word(touch: Any) -> Word:
    """What the lake said, and whether it was asked for another place than the key opens."""
    if touch.answered == Answered.DENIED and touch.whereabouts == Whereabouts.OUTSIDE:
        return using.REFUSED_ELSEWHERE
    return of(using.ANSWERED, touch.answered)
