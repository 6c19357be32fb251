"""Sentences of reasons with their facts in words: names for ids, days for moments, roles for codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.console import grounds, wording
from apps.console.direction import isolated
from apps.kernel.texts import in_words
from apps.policy.reason import Reason, Value

COLUMN_OF_ASSET = re.compile(
    r"(?P<asset>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/(?P<column>.+))?", re.DOTALL
)
GROUNDS = {**wording.ROLES, **grounds.BESIDES_ROLES}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def told(text: str, reason: Reason, names: Mapping[str, str]) -> SafeString:
    facts = {name: fact(_told(name, value, names)) for name, value in in_words(reason).items()}
    # gettext("") is the header of the catalog, not an empty text. Escaping touches no place for a fact.
    return SafeString(escape(gettext(text)) % facts) if text else SafeString()


def fact(value: Value) -> object:
    if isinstance(value, tuple):
        return format_html_join(", ", "{}", ((fact(member),) for member in value))
    return conditional_escape(isolated(value)) if isinstance(value, str) else value


def named(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, tuple):
        return tuple(named(member, names) for member in value)
    if not isinstance(value, str):
        return value
    if value in wording.ROLES:
        return wording.text_of(wording.ROLES, value)
    if MOMENT.fullmatch(value):
        return _moment_text(value)
    found = COLUMN_OF_ASSET.fullmatch(value)
    if found is None:
        return value
    return found["column"] or names.get(found["asset"], value)


def _told(name: str, value: Value, names: Mapping[str, str]) -> Value:
    """Facts of a few names hold codes of the house; the others speak for themselves."""
    if name == "operation":
        return wording.text_of(grounds.OPERATIONS, value)
    if name == "grounds" and isinstance(value, tuple):
        return tuple(wording.text_of(GROUNDS, code) for code in value)
    if name == "factor":
        return wording.text_of(wording.LIMITED_BY, value)
    if name == "coefficient":
        return wording.text_of(wording.COEFFICIENTS, value)
    if name == "about" and isinstance(value, str) and COLUMN_OF_ASSET.fullmatch(value):
        return names.get(value, "")
    return named(value, names)


def _moment_text(value: str) -> str:
    """A moment in the zone of the reader; midnight is the end of the day before."""
    at = parse_datetime(value)
    if at is None or at.utcoffset() is None:
        return value
    here = timezone.localtime(at)
    if here.time() == time.min:
        return gettext("the end of %(day)s") % {"day": date_format(_before(here), "j M Y")}
    return date_format(here, "j M Y, H:i T")


def _before(at: datetime) -> datetime:
    return at - timedelta.resolution
