"""A day picked by a person ends where it ends for the organization: in every zone, also where clocks change.

Each property has a control: a broken reckoning that it must catch.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.clock import end_of_day, start_of_day

Reckoning = Callable[[date, str], datetime]

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
ZONES = sorted(available_timezones())
AT_MIDNIGHT = ("America/Santiago", "Africa/Cairo", "America/Havana", "Asia/Beirut", "America/Asuncion")
"""Where the clock is, or was, put on or back at midnight itself."""


@cache
def changing_days(zone: str, year: int) -> tuple[date, ...]:
    """The days of the year that are not twenty-four hours long there, and those beside them."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + DAY * number for number in range(365)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    changed = [number for number in range(1, 365) if offsets[number] != offsets[number - 1]]
    around = {number + beside for number in changed for beside in (-2, -1, 0, 1)}
    return tuple(noons[0].date() + DAY * number for number in sorted(around))


@st.composite
def days(draw: st.DrawFn) -> tuple[str, date]:
    """Mostly where something happens."""
    zone = draw(st.sampled_from((*ZONES, *AT_MIDNIGHT * 20)))
    changing = changing_days(zone, draw(st.integers(2020, 2037)))
    if changing and draw(st.integers(0, 3)):
        return zone, draw(st.sampled_from(changing))
    return zone, draw(st.dates(date(2020, 1, 1), date(2099, 12, 31)))


def check_end(reckoning: Reckoning, zone: str, day: date) -> None:
    """Access-workflow invariant 16: half-open, in UTC, and the whole day."""
    end, place = reckoning(day, zone), ZoneInfo(zone)
    assert end.tzinfo is UTC
    assert (end - MOMENT).astimezone(place).date() == day
    assert end.astimezone(place).date() == day + DAY


@given(days())
def test_a_day_ends_when_the_next_begins_where_the_organization_is(found: tuple[str, date]) -> None:
    zone, day = found
    check_end(end_of_day, zone, day)
    assert end_of_day(day, zone) == start_of_day(day + DAY, zone)


def in_utc(day: date, _zone: str) -> datetime:
    return datetime.combine(day + DAY, time.min, tzinfo=UTC)


def a_day_later(day: date, zone: str) -> datetime:
    return start_of_day(day, zone) + DAY


def in_a_lasting_zone(day: date, zone: str) -> datetime:
    winter = datetime(day.year, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0)
    return datetime.combine(day + DAY, time.min, tzinfo=UTC) - winter


@pytest.mark.parametrize("broken", [in_utc, a_day_later, in_a_lasting_zone])
def test_control_a_day_reckoned_without_the_zone_or_its_changes_is_caught(broken: Reckoning) -> None:
    with pytest.raises(AssertionError):
        for day in changing_days("Europe/Berlin", 2027):
            check_end(broken, "Europe/Berlin", day)
