"""Working days: Monday to Friday without the holidays, in the calendar of the organization."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
NO_HOLIDAYS: frozenset[date] = frozenset()


def is_working_day(day: date, holidays: Set[date] = NO_HOLIDAYS) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def end_of_working_day(
    begin: datetime, *, days: int, zone: ZoneInfo, holidays: Set[date] = NO_HOLIDAYS
) -> datetime:
    """The moment at which the `days`-th working day after the day of `begin` is over, as that zone counts.

    `begin` has a time zone. The day itself does not count.
    """
    day = begin.astimezone(zone).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return _midnight(day + timedelta(days=1), zone)


def halfway(begin: datetime, end: datetime, *, zone: ZoneInfo, holidays: Set[date] = NO_HOLIDAYS) -> datetime:
    """When half of the working time between the two has gone by; a day is as long as the clock makes it.

    Without any working time between them, the middle.
    """
    spans = list(_working_spans(begin.astimezone(UTC), end.astimezone(UTC), zone, holidays))
    left = sum((last - first for first, last in spans), timedelta()) / 2
    for first, last in spans:
        if left <= last - first:
            return first + left
        left -= last - first
    return begin + (end - begin) / 2


def working_days_between(
    begin: datetime, end: datetime, *, zone: ZoneInfo, holidays: Set[date] = NO_HOLIDAYS
) -> int:
    """Working days after the day of `begin` that are over by `end`: nothing once `end` is over."""
    day, count = begin.astimezone(zone).date() + timedelta(days=1), 0
    while _midnight(day + timedelta(days=1), zone) <= end:
        count += is_working_day(day, holidays)
        day += timedelta(days=1)
    return count


def _working_spans(
    begin: datetime, end: datetime, zone: ZoneInfo, holidays: Set[date]
) -> Iterator[tuple[datetime, datetime]]:
    """In UTC, where subtracting two moments counts an hour that the clock is set forward or back."""
    day = begin.astimezone(zone).date()
    while (start := _midnight(day, zone).astimezone(UTC)) < end:
        over = _midnight(day + timedelta(days=1), zone).astimezone(UTC)
        if is_working_day(day, holidays):
            yield max(start, begin), min(over, end)
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
