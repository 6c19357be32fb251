"""Impact assessments: screening, opinion, decision, the authority and its weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle import dpia
from apps.compliance.lifecycle.cycle import Standing, Taken, Taker
from apps.compliance.lifecycle.dpia import DpiaStage, consultation
from tests.compliance.cycles.taken import AT, codes, received, taken

Opinion, Decision, Level = dpia.Opinion, dpia.OwnerDecision, dpia.Level


def assessment(*yes: str, **given: Any) -> dpia.DpiaContent:
    points = {name: name in yes for name in (*dpia.POINTS, *dpia.DECISIVE)}
    made: dict[str, Any] = {"name": "Shifts", "activities": (UUID(int=1),), **points}
    return dpia.DpiaContent(**{**made, **given})


def written_out(**given: Any) -> dpia.DpiaContent:
    risk = dpia.Risk(
        harm=dpia.Harm.REIDENTIFICATION,
        impact="Known to all",
        severity=Level.LIMITED,
        likelihood=Level.LIMITED,
    )
    made: dict[str, Any] = {
        **dict.fromkeys(("description", "necessity", "proportionality", "views"), "In words."),
        "risks": (risk,),
        "initial_risk": Level.IMPORTANT,
        "residual_risk": Level.LIMITED,
    }
    return assessment(**{**made, **given})


@pytest.mark.parametrize(
    ("content", "is_required", "by_law"),
    [
        (assessment(), False, False),
        (assessment("is_vulnerable"), False, False),
        (assessment("is_vulnerable", "is_innovative"), True, False),
        (assessment("is_public_monitoring"), True, True),
        (assessment("is_public_monitoring", is_on_exempt_list=True), True, True),
        (assessment("is_vulnerable", "is_innovative", is_on_exempt_list=True), False, False),
        (assessment("is_public_monitoring", is_assessed_in_law=True), False, False),
    ],
)
def test_the_screening_counts_criteria_and_hears_the_law(
    content: dpia.DpiaContent, is_required: bool, by_law: bool
) -> None:
    screened = dpia.screening_of(content)
    assert (screened.is_required, screened.is_required_by_law) == (is_required, by_law)


def test_guidance_is_overridden_with_reasons_and_the_view_of_the_dpo_and_the_law_is_not() -> None:
    two = assessment("is_vulnerable", "is_innovative")
    said = dpia.NotNeeded(view_of_dpo="Agreed.")
    assert codes(dpia.CYCLE, "not-needed", said, two) == {"DPIA_OVERRIDE_UNSAID"}
    explained = replace(two, reasons_for_not_doing="Ten people, all asked.")
    assert codes(dpia.CYCLE, "not-needed", said, explained) == set()
    assert codes(dpia.CYCLE, "not-needed", dpia.NotNeeded(), explained) == {"DPIA_OVERRIDE_UNSAID"}
    required = assessment("is_large_scale_sensitive", reasons_for_not_doing="Never mind.")
    assert codes(dpia.CYCLE, "not-needed", said, required) == {"DPIA_REQUIRED"}


def test_the_dpo_is_asked_about_a_complete_assessment() -> None:
    assert codes(dpia.CYCLE, "consult", None, written_out()) == set()
    assert codes(dpia.CYCLE, "consult", None, written_out(risks=())) == {"DPIA_CONTENT_MISSING"}
    assert codes(dpia.CYCLE, "consult", None, written_out(views="", views_not_sought="Too many.")) == set()


def decided(decision: Any, content: dpia.DpiaContent, *log: Taken, why: str = "") -> set[str]:
    said = dpia.Decided(decision=decision, conditions="None", deviation_reason=why)
    return codes(dpia.CYCLE, "decide", said, content, *log)


def opinion(word: Any) -> Taken:
    return taken("advise", dpia.Advice(opinion=word, text="As written."))


def test_v26_holds_after_the_dpo_was_heard() -> None:
    assert decided(Decision.APPROVE, written_out(), opinion(Opinion.FAVOURABLE)) == set()
    assert decided(Decision.REJECT, written_out(), opinion(Opinion.UNFAVOURABLE)) == set()


def test_v26_does_not_hold_without_an_opinion_or_in_silent_departure_from_it() -> None:
    content = written_out()
    assert decided(Decision.APPROVE, content) == {"DPIA_OPINION_MISSING"}
    for word in (Opinion.UNFAVOURABLE, Opinion.CONDITIONS):
        assert decided(Decision.APPROVE, content, opinion(word)) == {"DPIA_DEPARTURE_UNEXPLAINED"}
        assert decided(Decision.APPROVE, content, opinion(word), why="Outweighed.") == set()
    assert decided(Decision.APPROVE_WITH_CONDITIONS, content, opinion(Opinion.CONDITIONS)) == set()


def test_a_high_risk_that_remains_is_put_before_the_authority() -> None:
    content, heard = written_out(residual_risk=Level.IMPORTANT), opinion(Opinion.FAVOURABLE)
    assert decided(Decision.APPROVE, content, heard) == {"DPIA_CONSULTATION_NEEDED"}
    assert decided(Decision.CONSULT, content, heard) == set()
    assert decided(Decision.APPROVE, content, heard, taken("advice")) == set()
    assert decided(Decision.APPROVE, content, heard, taken("period-elapsed")) == set()


def asked_the_authority(*further: Taken) -> tuple[Taken, ...]:
    """Half a year ago: what counts is when the authority received it."""
    consulting = DpiaStage.PRIOR_CONSULTATION
    begun = Taken(
        step="decide", before="owner_decision", after=consulting, said=None, at=AT - timedelta(days=182)
    )
    return (begun, *(replace(each, before=consulting, after=consulting) for each in further))


def prolonged(weeks: int) -> Taken:
    return taken("authority-prolongs", consultation.Prolonged(told_on=AT.date() - timedelta(weeks=weeks)))


@pytest.mark.parametrize(
    ("weeks", "days", "is_extended", "is_over"),
    [(8, 1, False, True), (8, 0, False, False), (8, 1, True, False), (14, 1, True, True)],
)
def test_the_authority_has_eight_weeks_from_receipt_and_six_more(
    weeks: int, days: int, is_extended: bool, is_over: bool
) -> None:
    log = [received(weeks, days), *([prolonged(weeks)] if is_extended else ())]
    found = codes(dpia.CYCLE, "period-elapsed", None, None, *asked_the_authority(*log))
    assert found == (set() if is_over else {"DPIA_PERIOD_RUNNING"})


def test_without_its_receipt_no_period_of_the_authority_runs_or_ends() -> None:
    log = asked_the_authority()
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *log) == {"DPIA_RECEIPT_UNKNOWN"}
    said = consultation.InformationAsked(asked_on=AT.date())
    assert codes(dpia.CYCLE, "authority-asks", said, None, *log) == {"DPIA_RECEIPT_UNKNOWN"}
    standing = Standing(content=None, log=log, at=AT)
    assert dpia.CYCLE.due(standing) is None
    running = consultation.consultation_in(log)
    assert running is not None and running.receipt_due_on == date(2026, 6, 4)


def test_the_period_stands_while_the_authority_waits_for_information() -> None:
    asks = consultation.InformationAsked(asked_on=AT.date() - timedelta(weeks=7))
    waiting = asked_the_authority(received(9), taken("authority-asks", asks))
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *waiting) == {"DPIA_PERIOD_STANDS"}
    given = consultation.InformationGiven(given_on=AT.date() - timedelta(weeks=5))
    went_on = (*waiting, replace(waiting[-1], step="information-given", said=given))
    due = dpia.CYCLE.due(Standing(content=None, log=went_on, at=AT))
    assert due == AT.date() + timedelta(weeks=1)  # eight weeks, and the two that it waited


def test_a_longer_period_is_told_within_a_month_of_receipt_or_not_at_all() -> None:
    log = asked_the_authority(received(8))
    late = consultation.Prolonged(told_on=AT.date() - timedelta(weeks=3))
    assert codes(dpia.CYCLE, "authority-prolongs", late, None, *log) == {"DPIA_PROLONGED_LATE"}
    in_time = consultation.Prolonged(told_on=AT.date() - timedelta(weeks=4))
    assert codes(dpia.CYCLE, "authority-prolongs", in_time, None, *log) == set()


def test_a_second_consultation_begins_anew() -> None:
    again = (*asked_the_authority(received(20)), *asked_the_authority())
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *again) == {"DPIA_RECEIPT_UNKNOWN"}


def test_the_dpo_advises_and_the_owner_decides() -> None:
    takers = {step.slug: step.taker for step in dpia.CYCLE.steps}
    assert [slug for slug, taker in takers.items() if taker is Taker.DPO] == ["advise"]
    assert [slug for slug, taker in takers.items() if taker is Taker.OWNER] == ["decide"]
