"""A16 to A19 holding, and not holding, with one fact changed between the two; and how WP248 reads facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.policy.decision import Effect
from apps.policy.facts import NO_LIMIT, Action, DpiaConditionFacts, JointFacts, RequestFacts
from apps.policy.law_words import AiRiskClass, AutomatedDecision, DpiaState, ScreeningPoint
from apps.policy.screening import CRITERIA, screened

from . import records as r
from . import samples as a
from .records import judge, screening
from .samples import codes, finding


def unassessed(*yes: ScreeningPoint, **changes: Any) -> RequestFacts:
    return r.with_activity(r.personal(), **{"screening": screening(*yes), "dpia": r.no_dpia(), **changes})


TWO = (ScreeningPoint.LARGE_SCALE, ScreeningPoint.MATCHING)


def test_a16_blocks_where_two_criteria_ask_for_an_assessment_and_none_is_approved() -> None:
    decision = judge(unassessed(*TWO))
    assert decision.effect is Effect.BLOCK
    assert "DPIA_MISSING" in codes(decision)


def test_a16_passes_below_two_criteria_and_with_an_approved_assessment() -> None:
    assert not finding(judge(unassessed(ScreeningPoint.LARGE_SCALE)), "A16").is_matched
    assert not finding(judge(unassessed(*TWO, dpia=r.dpia())), "A16").is_matched


@pytest.mark.parametrize("state", [*sorted(set(DpiaState) - {"approved", "approved_with_conditions"}), None])
def test_a16_takes_no_other_state_for_approved(state: DpiaState | None) -> None:
    assert finding(judge(unassessed(*TWO, dpia=r.dpia(state=state))), "A16").effect is Effect.BLOCK


@pytest.mark.parametrize("point", ["35(3)(a)", "35(3)(b)", "35(3)(c)", "35(4)"])
def test_a16_blocks_on_one_case_of_art_35_and_no_override_lifts_it(point: str) -> None:
    facts = unassessed(screening=screening(ScreeningPoint(point), is_override_recorded=True))
    assert finding(judge(facts), "A16").effect is Effect.BLOCK


def test_a16_count_may_be_overridden_but_not_for_children_or_special_data() -> None:
    overridden = screening(*TWO, is_override_recorded=True)
    facts = unassessed(screening=overridden)
    assert not finding(judge(facts), "A16").is_matched
    assert finding(
        judge(unassessed(screening=replace(overridden, is_override_recorded=None))), "A16"
    ).is_matched
    with_children = a.with_asset(facts, people=r.people(has_children=True))
    assert finding(judge(with_children), "A16").is_matched
    special = r.with_activity(r.special(), screening=overridden, dpia=r.no_dpia())
    assert finding(judge(special), "A16").is_matched


def test_a16_counts_what_the_screening_did_not_answer_and_says_so() -> None:
    for facts in (
        unassessed(screening=None),
        unassessed(screening=replace(screening(), no=frozenset())),
    ):
        found = finding(judge(facts), "A16")
        assert found.effect is Effect.BLOCK
        assert len(found.unknown) >= len(CRITERIA)


def test_a16_is_lifted_by_a_law_that_assessed_it_and_by_a_white_list_unless_art_35_3_says_otherwise() -> None:
    assert not finding(judge(unassessed(*TWO, ScreeningPoint.ASSESSED_IN_LAW)), "A16").is_matched
    assert not finding(judge(unassessed(*TWO, ScreeningPoint.EXEMPT_LIST)), "A16").is_matched
    both = unassessed(ScreeningPoint.EXEMPT_LIST, ScreeningPoint.SYSTEMATIC_EVALUATION)
    assert finding(judge(both), "A16").is_matched


def test_a16_limits_to_the_review_and_its_grace() -> None:
    facts = unassessed(*TWO, dpia=r.dpia(review_on=date(2027, 2, 15)))
    decision = judge(facts)
    assert (decision.limiting_factor, decision.ends_at.date()) == ("dpia_review:DPIA-1", date(2027, 3, 17))
    overdue = unassessed(*TWO, dpia=r.dpia(review_on=date(2027, 1, 1)))
    assert judge(overdue).effect is Effect.DENY
    assert finding(judge(unassessed(*TWO, dpia=r.dpia(review_on=None))), "A16").effect is Effect.BLOCK
    assert judge(unassessed(*TWO, dpia=r.dpia(review_on=NO_LIMIT))).limiting_factor == "requested_end"


def points_of(facts: RequestFacts, *, union: bool = False) -> set[str]:
    asset = facts.assets[0]
    return set(screened(facts, asset, asset.activities[0], union=union).yes)


BARE = r.with_activity(r.personal(), screening=screening())
DEPLOYING = replace(BARE, actions=frozenset({Action.DEPLOY}))


@pytest.mark.parametrize(
    ("facts", "point"),
    [
        (a.with_purpose(BARE, automated_decision=AutomatedDecision.PROFILING), "evaluation"),
        (a.with_purpose(BARE, automated_decision=AutomatedDecision.SOLELY_SIGNIFICANT), "automated_decision"),
        (a.with_purpose(BARE, automated_decision=AutomatedDecision.SOLELY_SIGNIFICANT), "prevents_right"),
        (r.with_system(DEPLOYING, risk_class=AiRiskClass.HIGH_ANNEX_III), "automated_decision"),
        (a.with_asset(BARE, people=r.people(is_monitored=True)), "monitoring"),
        (r.with_column(BARE, categories=frozenset({"GPSCoordinate"})), "sensitive"),
        (r.with_column(BARE, special_kinds=frozenset({"health"})), "sensitive"),
        (r.with_column(BARE, is_criminal=True), "sensitive"),
        (a.with_asset(BARE, people=r.people(is_large_scale=True)), "large_scale"),
        (a.with_asset(BARE, people=r.people(subjects=frozenset({"Patient"}))), "vulnerable"),
        (a.with_asset(BARE, people=r.people(has_children=True)), "vulnerable"),
    ],
)
def test_the_facts_answer_a_criterion_whatever_the_screening_says(facts: RequestFacts, point: str) -> None:
    assert point not in points_of(BARE)
    assert point in points_of(facts)


def test_a_fact_nobody_stated_answers_a_criterion_with_yes_whatever_the_screening_says() -> None:
    asset = a.with_asset(BARE, people=None).assets[0]
    found = screened(BARE, asset, asset.activities[0], union=False)
    assert found.unknown == {ScreeningPoint.MONITORING, ScreeningPoint.LARGE_SCALE, ScreeningPoint.VULNERABLE}
    undecided = a.with_purpose(BARE, automated_decision=None)
    assert points_of(undecided) >= {"evaluation", "automated_decision", "prevents_right"}


def test_training_is_innovative_unless_the_screening_says_no() -> None:
    training = replace(BARE, actions=frozenset({Action.TRAIN}))
    assert "innovative" not in points_of(training)
    unanswered = screening()
    unanswered = replace(unanswered, no=unanswered.no - {ScreeningPoint.INNOVATIVE})
    assert "innovative" in points_of(r.with_activity(training, screening=unanswered))


def test_large_scale_sensitive_data_are_a_case_of_art_35() -> None:
    facts = a.with_asset(
        r.with_activity(r.special(), screening=screening()), people=r.people(is_large_scale=True)
    )
    assert "35(3)(b)" in points_of(facts)


def joining(**joint: Any) -> RequestFacts:
    """One criterion was screened; what is held may add another."""
    stated: dict[str, Any] = {
        "personal_assets": 1,
        "categories": frozenset(),
        "special_kinds": frozenset(),
        "screened": frozenset(),
        "inferred_kinds": frozenset(),
        **joint,
    }
    return replace(unassessed(ScreeningPoint.LARGE_SCALE), joint=JointFacts(**stated), linked_personal=True)


def test_a17_blocks_when_what_is_held_adds_the_second_criterion() -> None:
    found = finding(judge(joining(personal_assets=2)), "A17")
    assert found.effect is Effect.BLOCK
    assert found.reasons[0].facts["points"] == ("matching",)
    held = joining(screened=frozenset({ScreeningPoint.VULNERABLE}))
    assert finding(judge(held), "A17").effect is Effect.BLOCK
    children = a.with_asset(joining(), people=r.people(has_children=True))
    assert finding(judge(children), "A17").effect is Effect.BLOCK


def test_a17_passes_alone_and_once_the_screening_has_seen_it() -> None:
    assert not finding(judge(joining()), "A17").is_matched
    assert not finding(judge(replace(joining(personal_assets=2), linked_personal=False)), "A17").is_matched
    again = r.with_activity(joining(personal_assets=2), screening=screening(*TWO), dpia=r.dpia())
    assert not finding(judge(again), "A17").is_matched
    assert judge(again).effect is Effect.REFER


def test_a17_waits_where_nobody_knows_what_is_held() -> None:
    for facts in (joining(screened=None), replace(joining(), joint=None)):
        found = finding(judge(facts), "A17")
        assert found.effect is Effect.BLOCK
        assert "joint.screened" in {item.fact for item in found.unknown}


def test_a18_denies_what_the_authority_prohibits_and_waits_while_it_is_consulted() -> None:
    prohibited = r.with_activity(r.personal(), dpia=r.dpia(state=DpiaState.PROHIBITED))
    assert judge(prohibited).effect is Effect.DENY
    consulted = r.with_activity(r.personal(), dpia=r.dpia(state=DpiaState.PRIOR_CONSULTATION))
    assert finding(judge(consulted), "A18").effect is Effect.BLOCK


def test_a18_does_not_hold_when_the_period_of_the_authority_has_elapsed() -> None:
    silent = r.with_activity(r.personal(), dpia=r.dpia(state=DpiaState.PERIOD_ELAPSED))
    assert not finding(judge(silent), "A18").is_matched


def test_a18_waits_for_an_assessment_nobody_recorded() -> None:
    for dpia in (None, r.dpia(state=None)):
        found = finding(judge(r.with_activity(r.personal(), dpia=dpia)), "A18")
        assert (found.effect, bool(found.unknown)) == (Effect.BLOCK, True)


def conditioned(due_on: Any, is_met: bool | None) -> RequestFacts:
    condition = DpiaConditionFacts(code="encrypt", due_on=due_on, is_met=is_met)
    approved = r.dpia(state=DpiaState.APPROVED_WITH_CONDITIONS, conditions=(condition,))
    return r.with_activity(r.personal(), dpia=approved)


def test_a19_blocks_on_a_condition_that_is_due_and_open() -> None:
    today = a.NOW.date()
    for facts in (conditioned(today, False), conditioned(today, None), conditioned(None, False)):
        found = finding(judge(facts), "A19")
        assert (found.effect, found.reasons[0].facts["conditions"]) == (Effect.BLOCK, ("encrypt",))


def test_a19_passes_a_condition_met_or_not_yet_due() -> None:
    today = a.NOW.date()
    assert not finding(judge(conditioned(today, True)), "A19").is_matched
    assert not finding(judge(conditioned(today + timedelta(days=1), False)), "A19").is_matched


def test_a19_waits_for_conditions_nobody_recorded() -> None:
    facts = r.with_activity(r.personal(), dpia=r.dpia(conditions=None))
    assert finding(judge(facts), "A19").effect is Effect.BLOCK
