"""Requests of people: one month by the calendar, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.compliance.lifecycle import rights
from apps.compliance.lifecycle.cycle import Standing, Taken
from apps.compliance.lifecycle.deadlines import Pause
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


def moved(step: str, on: int, said: object = None) -> Taken:
    return replace(taken(step, said), at=datetime(2026, 9, on, 9, 0, tzinfo=UTC))


def test_the_clock_stands_while_nobody_can_tell_whose_data_they_are_and_the_page_says_since_when() -> None:
    untold = (moved("begin", 2), moved("cannot-tell", 10))
    standing = Standing(content=asked(), log=untold, at=datetime(2026, 9, 15, tzinfo=UTC))
    assert rights.due_of(standing) is None
    found = rights.stopped(standing)
    assert found is not None
    assert (found.since, found.article) == (date(2026, 9, 10), "Art. 11(2) GDPR")
    assert found.would_end == date(2026, 10, 5)
    cured = replace(standing, log=(*untold, moved("can-tell", 15)))
    assert (rights.due_of(cured), rights.stopped(cured)) == (date(2026, 10, 5), None)


def test_a_day_that_was_missed_stays_missed_whatever_stops_the_clock_afterwards() -> None:
    """It was due on the thirtieth of September. A pause that begins that day still counts."""
    late = Taken(
        step="cannot-tell", before="", after="", said=None, at=datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    )
    standing = Standing(content=asked(), log=(moved("begin", 2), late), at=AT)
    missed = date(2026, 9, 30)
    assert (rights.due_of(standing), rights.stopped(standing)) == (missed, None)
    cured = replace(standing, log=(*standing.log, taken("can-tell")))
    assert (rights.due_of(cured), rights.stopped(cured)) == (missed, None)
    on_the_day = replace(standing, log=(moved("begin", 2), moved("cannot-tell", 30)))
    assert rights.due_of(on_the_day) is None and rights.stopped(on_the_day) is not None
    again = replace(standing, log=(moved("ask-who", 1), moved("begin", 8), late))
    assert rights.due_of(again) is None, "A week that counted moved the day to the seventh of October."


def test_nobody_was_told_before_they_asked() -> None:
    before = asked().received_at.date() - timedelta(days=1)  # type: ignore[union-attr]
    untold = rights.Unidentified(why="The rows bear no key.", told_on=before)
    assert codes(rights.CYCLE, "cannot-tell", untold, asked()) == {"RIGHTS_TOLD_BEFORE"}
    longer = rights.Extension(reason=rights.ExtensionReason.NUMBER, told_on=before)
    assert codes(rights.CYCLE, "extend", longer, asked()) == {"RIGHTS_TOLD_BEFORE"}
    for said, step in ((untold, "cannot-tell"), (longer, "extend")):
        on_the_day = replace(said, told_on=before + timedelta(days=1))
        assert codes(rights.CYCLE, step, on_the_day, asked()) == set()


def test_a_question_who_they_are_and_one_whose_data_they_are_stop_the_clock_once_each() -> None:
    log = (moved("ask-who", 1), moved("cannot-tell", 4), moved("can-tell", 8))
    assert rights.pauses(log) == (
        Pause(from_day=date(2026, 9, 1), to_day=date(2026, 9, 4)),
        Pause(from_day=date(2026, 9, 4), to_day=date(2026, 9, 8)),
    )
    asking = rights.stopped(Standing(content=asked(), log=log[:1], at=AT))
    assert asking is not None and asking.article == "Art. 12(6) GDPR"
    assert rights.stopped(Standing(content=asked(), log=(*log[:2], moved("decide", 9)), at=AT)) is None


def test_a_request_that_is_opened_again_has_the_same_day_as_before() -> None:
    log = (moved("begin", 2), moved("decide", 10), moved("close", 11))
    standing = Standing(content=asked(), log=log, at=AT)
    assert rights.due_of(standing) is None
    opened = replace(standing, log=(*log, moved("reopen", 20)))
    assert rights.due_of(opened) == date(2026, 9, 30)
    assert rights.due_of(replace(opened, log=(*opened.log, moved("decide", 22)))) is None


def test_only_what_articles_15_to_20_give_waits_for_something_that_tells() -> None:
    said = rights.Unidentified(why="The rows bear no key.", told_on=AT.date())
    held = {
        right
        for right in rights.RightsType
        if codes(rights.CYCLE, "cannot-tell", said, replace(asked(), type=right))
    }
    assert held == {
        rights.RightsType.OBJECTION,
        rights.RightsType.OBJECTION_MARKETING,
        rights.RightsType.OBJECTION_RESEARCH,
        rights.RightsType.DECISION_REVIEW,
        rights.RightsType.WITHDRAWAL,
    }
    tomorrow = replace(said, told_on=AT.date() + timedelta(days=1))
    assert codes(rights.CYCLE, "cannot-tell", tomorrow, asked()) == {"RIGHTS_TOLD_AHEAD"}
    assert {reason.field for reason in unfilled_in(replace(said, told_on=None))} == {"why_untold"}


def test_a_request_goes_on_where_it_stood_once_somebody_can_tell() -> None:
    step = next(each for each in rights.CYCLE.steps if each.slug == "can-tell")
    log = (Taken(step="cannot-tell", before="extended", after="unidentified", said=None, at=AT),)
    assert step.stage_after(rights.Identified(what="A number."), "unidentified", log) == "extended"


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
