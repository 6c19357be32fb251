"""Days by which the law wants an answer, by its own arithmetic. No clock, no database.

A month ends on the corresponding date of a later one, and never after so many days. A last day that is a
Saturday, a Sunday or a public holiday moves to the next working day (Regulation (EEC, Euratom) No 1182/71,
EDPB Guidelines 01/2022); hours do not move, and count in UTC whatever the clocks do.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import holidays

from apps.policy.calendar import NO_HOLIDAYS, is_working_day
from apps.policy.packs import EU_AI_ACT, EU_GDPR, RulePack

MONTHS_OF_A_YEAR = 12


class CalendarUnknown(ValueError):
    """No public holidays are published for this jurisdiction, so no day can be named there."""


class Incident(StrEnum):
    """AI Act Art. 73(2), (4) and (3): the gravest that applies."""

    SERIOUS = "incident_days"
    DEATH = "incident_death_days"
    WIDESPREAD = "incident_widespread_days"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The clock stands from the day a justified question was asked until the day it was answered."""

    from_day: date
    to_day: date | None


def holidays_of(jurisdiction: str, *years: int) -> frozenset[date]:
    """Public holidays of a country or of a part of it, such as "FR" or "DE-BY".  Raises: CalendarUnknown."""
    country, _, part = jurisdiction.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=years))
    except NotImplementedError as fault:
        raise CalendarUnknown(jurisdiction) from fault


def months_after(day: date, months: int) -> date:
    """The corresponding date so many months later, or the last day of a month that has none."""
    months += day.month - 1
    year, month = day.year + months // MONTHS_OF_A_YEAR, months % MONTHS_OF_A_YEAR + 1
    following = date(year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def next_working_day(day: date, free: Set[date] = NO_HOLIDAYS) -> date:
    """The day itself where it is one."""
    while not is_working_day(day, free):
        day += timedelta(days=1)
    return day


def paused_days(pauses: Iterable[Pause]) -> int | None:
    """Days on which the clock stood, each counted once; `None` while it still stands."""
    stood: set[date] = set()
    for pause in pauses:
        if pause.to_day is None:
            return None
        length = (pause.to_day - pause.from_day).days
        stood |= {pause.from_day + timedelta(days=count) for count in range(length)}
    return len(stood)


def resumed(pauses: Iterable[Pause], on: date) -> tuple[Pause, ...]:
    """As if what still stands went on that day."""
    return tuple(each if each.to_day else replace(each, to_day=max(each.from_day, on)) for each in pauses)


def answer_due(
    received: date,
    *,
    free: Set[date] = NO_HOLIDAYS,
    is_extended: bool = False,
    pauses: Iterable[Pause] = (),
    pack: RulePack = EU_GDPR,
) -> date | None:
    """The last day to answer a data subject (GDPR Art. 12(3)); `None` while an identity is being asked for.

    An extension counts from receipt, not from the first deadline. A pause that begins after the last day
    gives none back: what was missed stays missed.
    """
    months = pack.numbers["answer_months"]
    if is_extended:
        months += pack.numbers["answer_extension_months"]
    end = months_after(received, months)
    due = next_working_day(end, free)
    counted: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.from_day):
        if pause.from_day > due:
            break
        counted.append(pause)
        stood = paused_days(counted)
        if stood is None:
            return None
        due = next_working_day(end + timedelta(days=stood), free)
    return due


def may_extend(
    received: date,
    told_on: date,
    *,
    free: Set[date] = NO_HOLIDAYS,
    pauses: Iterable[Pause] = (),
    pack: RulePack = EU_GDPR,
) -> bool:
    """Only whom one told within the first month, with reasons, waits longer (GDPR Art. 12(3))."""
    first = answer_due(received, free=free, pauses=pauses, pack=pack)
    return first is None or told_on <= first


def breach_due(aware_at: datetime, *, pack: RulePack = EU_GDPR) -> datetime:
    """The moment by which the authority is told of a breach (GDPR Art. 33(1)), in UTC."""
    if aware_at.utcoffset() is None:
        raise ValueError("aware_at has no time zone.")
    return aware_at.astimezone(UTC) + timedelta(hours=pack.numbers["breach_hours"])


def consultation_due(
    received: date,
    *,
    free: Set[date] = NO_HOLIDAYS,
    extension_told_on: date | None = None,
    pauses: Iterable[Pause] = (),
    pack: RulePack = EU_GDPR,
) -> date | None:
    """The last day of the authority's period (GDPR Art. 36(2)); `None` while it waits for information.

    An extension counts where the authority told of it within a month of receipt.
    """
    weeks = pack.numbers["consultation_weeks"]
    if extension_told_on is not None and extension_told_on <= months_after(received, 1):
        weeks += pack.numbers["consultation_extension_weeks"]
    stood = paused_days(pauses)
    if stood is None:
        return None
    return next_working_day(received + timedelta(weeks=weeks, days=stood), free)


def incident_due(aware_on: date, incident: Incident, *, pack: RulePack = EU_AI_ACT) -> date:
    """The last day to report a serious incident of an AI system (AI Act Art. 73). It is not moved."""
    return aware_on + timedelta(days=pack.numbers[incident.value])
