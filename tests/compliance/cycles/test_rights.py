"""Requests of people: one month by the calendar, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from apps.compliance.lifecycle import rights
from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.declaration import unfilled_in
from apps.compliance.lifecycle.judging import judge
from tests.compliance.cycles.taken import AROUND, AT, codes, taken

# Rights requests


def asked(received: date = date(2026, 8, 31), calendar: str = "DE") -> rights.RightsContent:
    return rights.RightsContent(
        name="Access",
        type=rights.RightsType.ACCESS,
        received_at=datetime(received.year, received.month, received.day, 9, 0, tzinfo=UTC),
        person_ref="7",
        calendar=calendar,
    )


@pytest.mark.parametrize(
    ("received", "calendar", "first", "extended"),
    [
        (date(2026, 8, 31), "DE", date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 3, 5), "FR", date(2026, 4, 7), date(2026, 6, 5)),
        (date(2027, 1, 31), "DE", date(2027, 3, 1), date(2027, 4, 30)),
    ],
)
def test_an_answer_is_due_by_the_calendar(received: date, calendar: str, first: date, extended: date) -> None:
    content = asked(received, calendar)
    assert rights.due_of(Standing(content=content, log=(), at=AT)) == first
    log = (taken("extend"),)
    assert rights.due_of(Standing(content=content, log=log, at=AT)) == extended
    assert rights.due_of(Standing(content=content, log=(taken("decide"),), at=AT)) is None


def test_the_clock_stands_while_they_are_asked_who_they_are() -> None:
    question = replace(taken("ask-who"), at=datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    answer = replace(taken("begin"), at=datetime(2026, 9, 8, 9, 0, tzinfo=UTC))
    assert rights.due_of(Standing(content=asked(), log=(question,), at=AT)) is None
    later = rights.due_of(Standing(content=asked(), log=(question, answer), at=AT))
    assert later == date(2026, 10, 7)


def test_a_place_without_published_holidays_is_refused() -> None:
    found = judge(rights.RIGHTS, asked(calendar="XX"), AROUND)
    assert "RIGHTS_CALENDAR_UNKNOWN" in {reason.code for reason in found.faults}
    assert judge(rights.RIGHTS, asked(calendar="DE-BY"), AROUND).obstacles == ()


def test_an_extension_is_told_within_the_first_month() -> None:
    def told(on: date) -> set[str]:
        said = rights.Extension(reason=rights.ExtensionReason.NUMBER, told_on=on)
        return codes(rights.CYCLE, "extend", said, asked())

    assert told(date(2026, 9, 30)) == set()
    assert told(date(2026, 10, 1)) == {"RIGHTS_EXTENSION_LATE"}


def test_a_derogation_cites_the_law_that_it_rests_on() -> None:
    said = rights.RightsDecision(outcome=rights.RightsOutcome.REFUSED, was_told_remedies=True, why="Study.")

    def open_fields(ground: rights.RefusalGround, ref: str = "") -> set[str]:
        return {reason.field for reason in unfilled_in(replace(said, ground=ground, derogation_ref=ref))}

    for ground in rights.FROM_A_LAW:
        assert open_fields(ground) == {"derogation_ref"}
        assert open_fields(ground, "BDSG s. 27(2)") == set()
    assert open_fields(rights.RefusalGround.LEGAL_CLAIMS) == set()


def test_a_refusal_names_its_ground_and_the_remedies() -> None:
    said = rights.RightsDecision(
        outcome=rights.RightsOutcome.REFUSED,
        ground=rights.RefusalGround.RESEARCH,
        was_told_remedies=False,
        why="x",
    )
    assert codes(rights.CYCLE, "decide", said, asked()) == {"RIGHTS_REMEDIES_UNTOLD"}
    assert codes(rights.CYCLE, "decide", replace(said, was_told_remedies=True), asked()) == set()
