"""Working days of a calendar, over weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.calendar import end_of_working_day, halfway, is_working_day, working_days_between

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
EASTER_2026 = frozenset({date(2026, 4, 3), date(2026, 4, 6)})


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("begin", "days", "end"),
    [
        ("2026-04-01T09:00", 1, "2026-04-03T00:00"),
        ("2026-04-02T09:00", 1, "2026-04-08T00:00"),
        ("2026-04-02T09:00", 3, "2026-04-10T00:00"),
        ("2026-03-27T23:59", 1, "2026-03-31T00:00"),
    ],
)
def test_holidays_and_weekends_do_not_count(begin: str, days: int, end: str) -> None:
    found = end_of_working_day(berlin(begin), days=days, zone=BERLIN, holidays=EASTER_2026)
    assert found == berlin(end)


def test_the_day_ends_by_the_clock_on_the_wall_also_when_it_is_changed() -> None:
    """Clocks in Berlin go forward on Sunday 29 March and back on Sunday 25 October 2026."""
    spring = end_of_working_day(berlin("2026-03-27T12:00"), days=1, zone=BERLIN)
    autumn = end_of_working_day(berlin("2026-10-23T12:00"), days=1, zone=BERLIN)
    assert spring.astimezone(UTC) == datetime(2026, 3, 30, 22, tzinfo=UTC)
    assert autumn.astimezone(UTC) == datetime(2026, 10, 26, 23, tzinfo=UTC)


def test_one_moment_is_another_day_elsewhere() -> None:
    begin = datetime(2026, 5, 7, 2, tzinfo=UTC)
    assert end_of_working_day(begin, days=1, zone=BERLIN) == berlin("2026-05-09T00:00")
    assert end_of_working_day(begin, days=1, zone=NEW_YORK).astimezone(UTC) == datetime(
        2026, 5, 8, 4, tzinfo=UTC
    )


def test_half_of_the_time_is_half_of_the_working_time() -> None:
    friday, due = berlin("2026-04-24T12:00"), berlin("2026-04-28T00:00")
    assert halfway(friday, due, zone=BERLIN) == berlin("2026-04-27T06:00")


def test_without_any_working_time_half_is_the_middle() -> None:
    saturday, sunday = berlin("2026-04-25T00:00"), berlin("2026-04-26T00:00")
    assert halfway(saturday, sunday, zone=BERLIN) == berlin("2026-04-25T12:00")


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
HOLIDAYS = st.frozensets(st.dates(date(2025, 1, 1), date(2028, 1, 31)), max_size=20)


@given(MOMENTS, st.integers(1, 15), HOLIDAYS, st.sampled_from([BERLIN, NEW_YORK]))
def test_a_deadline_ends_a_working_day_and_leaves_exactly_so_many(
    begin: datetime, days: int, holidays: frozenset[date], zone: ZoneInfo
) -> None:
    end = end_of_working_day(begin, days=days, zone=zone, holidays=holidays)
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    assert is_working_day(last, holidays)
    assert working_days_between(begin, end, zone=zone, holidays=holidays) == days
    assert begin < halfway(begin, end, zone=zone, holidays=holidays) < end


@given(MOMENTS, st.integers(1, 15), HOLIDAYS)
def test_a_holiday_more_never_brings_a_deadline_forward(
    begin: datetime, days: int, holidays: frozenset[date]
) -> None:
    without = end_of_working_day(begin, days=days, zone=BERLIN)
    assert end_of_working_day(begin, days=days, zone=BERLIN, holidays=holidays) >= without
