"""Deadlines by the arithmetic of the law: the tables of the specification, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.compliance.lifecycle.deadlines import (
    CalendarUnknown,
    Incident,
    Pause,
    answer_due,
    breach_due,
    consultation_due,
    holidays_of,
    incident_due,
    may_extend,
    months_after,
    next_working_day,
    paused_days,
)
from apps.policy.calendar import is_working_day
from apps.policy.packs import EU_GDPR

from .test_laws import QUICK


@pytest.mark.parametrize(
    ("received", "calendar", "first", "extended"),
    [
        (date(2026, 8, 31), "DE", date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 3, 5), "FR", date(2026, 4, 7), date(2026, 6, 5)),
        (date(2026, 3, 5), "IE", date(2026, 4, 7), date(2026, 6, 5)),
        (date(2027, 1, 31), "DE", date(2027, 3, 1), date(2027, 4, 30)),
    ],
)
def test_an_answer_is_due_after_one_month_and_after_three_counted_from_receipt(
    received: date, calendar: str, first: date, extended: date
) -> None:
    free = holidays_of(calendar, 2026, 2027)
    assert answer_due(received, free=free) == first
    assert answer_due(received, free=free, is_extended=True) == extended


def test_the_holidays_of_the_jurisdiction_decide() -> None:
    """The twenty-sixth of December is a holiday in Germany and none in France outside Alsace."""
    assert answer_due(date(2028, 11, 26), free=holidays_of("DE", 2028)) == date(2028, 12, 27)
    assert answer_due(date(2028, 11, 26), free=holidays_of("FR", 2028)) == date(2028, 12, 26)


def test_control_thirty_days_are_not_a_month() -> None:
    assert answer_due(date(2026, 8, 31)) != next_working_day(date(2026, 8, 31) + timedelta(days=31))
    assert answer_due(date(2027, 1, 31)) != next_working_day(date(2027, 1, 31) + timedelta(days=30))


def test_a_calendar_nobody_publishes_is_refused_and_not_taken_for_one_without_holidays() -> None:
    with pytest.raises(CalendarUnknown):
        holidays_of("XX", 2026)
    assert date(2026, 1, 6) in holidays_of("DE-BY", 2026)
    assert date(2026, 1, 6) not in holidays_of("DE-HH", 2026)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_a_month_ends_on_the_corresponding_date_or_on_the_last(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_the_clock_stands_while_an_identity_is_asked_for() -> None:
    received = date(2026, 9, 1)
    asked = Pause(from_day=date(2026, 9, 2), to_day=date(2026, 9, 9))
    assert answer_due(received) == date(2026, 10, 1)
    assert answer_due(received, pauses=(asked,)) == date(2026, 10, 8)
    assert answer_due(received, pauses=(replace(asked, to_day=None),)) is None
    assert answer_due(received, pauses=(asked,), is_extended=True) == date(2026, 12, 8)


def test_a_pause_that_begins_after_the_last_day_gives_no_days_back() -> None:
    received, due = date(2026, 9, 1), date(2026, 10, 1)
    in_time = Pause(from_day=due, to_day=date(2026, 10, 8))
    assert answer_due(received, pauses=(in_time,)) == date(2026, 10, 8)
    late = Pause(from_day=due + timedelta(days=1), to_day=None)
    for pause in (late, replace(late, to_day=date(2026, 10, 30))):
        assert answer_due(received, pauses=(pause,)) == due
    assert answer_due(received, pauses=(late, in_time)) is None
    assert answer_due(received, pauses=(late,), is_extended=True) is None


def test_days_asked_twice_count_once() -> None:
    one = Pause(from_day=date(2026, 9, 2), to_day=date(2026, 9, 9))
    two = Pause(from_day=date(2026, 9, 7), to_day=date(2026, 9, 12))
    assert paused_days((one, two)) == 10
    assert paused_days(()) == 0


def test_an_extension_is_told_within_the_first_month_or_not_at_all() -> None:
    received = date(2026, 8, 31)
    assert may_extend(received, date(2026, 9, 30))
    assert not may_extend(received, date(2026, 10, 1))


@QUICK
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.booleans())
def test_a_deadline_is_a_working_day_and_later_receipt_never_brings_it_forward(
    received: date, is_extended: bool
) -> None:
    due = answer_due(received, is_extended=is_extended)
    after = answer_due(received + timedelta(days=1), is_extended=is_extended)
    assert due is not None and after is not None
    assert is_working_day(due)
    assert due <= after


@pytest.mark.parametrize(
    ("aware_at", "due_at"),
    [
        (datetime(2026, 3, 27, 18, tzinfo=ZoneInfo("Europe/Berlin")), datetime(2026, 3, 30, 17, tzinfo=UTC)),
        (datetime(2026, 10, 24, 1, tzinfo=ZoneInfo("Europe/Berlin")), datetime(2026, 10, 26, 23, tzinfo=UTC)),
        (datetime(2026, 12, 25, 9, tzinfo=UTC), datetime(2026, 12, 28, 9, tzinfo=UTC)),
    ],
)
def test_seventy_two_hours_are_hours_also_where_the_clocks_change_and_on_holidays(
    aware_at: datetime, due_at: datetime
) -> None:
    assert breach_due(aware_at) == due_at
    assert breach_due(aware_at) - aware_at == timedelta(hours=72)


def test_control_three_days_on_the_wall_are_not_seventy_two_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    aware_at = datetime(2026, 3, 27, 18, tzinfo=berlin)
    on_the_wall = datetime(2026, 3, 30, 18, tzinfo=berlin)
    assert breach_due(aware_at) != on_the_wall


def test_a_moment_without_a_zone_names_no_deadline() -> None:
    with pytest.raises(ValueError, match="time zone"):
        breach_due(datetime(2026, 3, 27, 18))


def test_the_hours_come_from_the_pack() -> None:
    longer = replace(EU_GDPR, numbers={**EU_GDPR.numbers, "breach_hours": 96})
    aware_at = datetime(2026, 12, 25, 9, tzinfo=UTC)
    assert breach_due(aware_at, pack=longer) - aware_at == timedelta(hours=96)


def test_the_authority_has_eight_weeks_and_six_more_if_it_said_so_within_a_month() -> None:
    received = date(2026, 9, 1)
    assert consultation_due(received) == date(2026, 10, 27)
    assert consultation_due(received, extension_told_on=date(2026, 10, 1)) == date(2026, 12, 8)
    assert consultation_due(received, extension_told_on=date(2026, 10, 2)) == date(2026, 10, 27)


def test_the_period_of_the_authority_stands_while_it_waits_for_information() -> None:
    received = date(2026, 9, 1)
    waits = Pause(from_day=date(2026, 9, 14), to_day=date(2026, 9, 28))
    assert consultation_due(received, pauses=(waits,)) == date(2026, 11, 10)
    assert consultation_due(received, pauses=(replace(waits, to_day=None),)) is None


@pytest.mark.parametrize(
    ("incident", "due"),
    [
        (Incident.SERIOUS, date(2026, 9, 16)),
        (Incident.DEATH, date(2026, 9, 11)),
        (Incident.WIDESPREAD, date(2026, 9, 3)),
    ],
)
def test_a_serious_incident_is_reported_sooner_the_graver_it_is(incident: Incident, due: date) -> None:
    assert incident_due(date(2026, 9, 1), incident) == due
