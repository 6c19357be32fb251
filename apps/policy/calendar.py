"""Working days: Monday to Friday, in the calendar of the organization."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def end_of_working_day(begin: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The moment at which the `days`-th working day after the day of `begin` is over, as that zone counts.

    `begin` has a time zone. The day itself does not count.
    """
    day = begin.astimezone(zone).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
