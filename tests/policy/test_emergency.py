"""A40: what breaks the glass, and what holds it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.policy import emergency
from apps.policy.decision import Effect
from apps.policy.emergency import Emergency, why_not_lifted
from apps.policy.engine import decide
from apps.policy.facts import Art9Condition, LawfulBasis, PurposeState, RequestFacts
from tests.policy import records, samples

CALM = Emergency(
    hours=2,
    reason="The pipeline writes wrong salaries.",
    incident_ref="INC-1",
    is_life_at_stake=False,
    cannot_consent=False,
    allowed_ranks=frozenset({0, 1, 2, 3}),
)


def held(facts: RequestFacts, **given: object) -> set[str]:
    stated = replace(CALM, **given)  # type: ignore[arg-type]
    return {reason.code for reason in why_not_lifted(facts, decide(facts), stated)}


def about_people(**purpose: object) -> RequestFacts:
    return samples.with_purpose(samples.personal_request(), **purpose)


def test_a40_lifts_a_referral_and_a_block_and_never_a_denial() -> None:
    referred = about_people()
    assert decide(referred).effect is Effect.REFER
    assert held(referred) == set()
    blocked = about_people(has_legal_ground=None)
    assert decide(blocked).effect is Effect.BLOCK
    assert held(blocked) == {emergency.GLASS_BASIS_MISSING}
    denied = about_people(state=PurposeState.SUSPENDED)
    assert decide(denied).effect is Effect.DENY
    assert held(denied) >= {reason.code for reason in decide(denied).deciding_reasons}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, emergency.GLASS_REASON_MISSING),
        ({"incident_ref": ""}, emergency.GLASS_INCIDENT_MISSING),
        ({"hours": 0}, emergency.GLASS_TOO_LONG),
        ({"hours": 5}, emergency.GLASS_TOO_LONG),
        ({"allowed_ranks": frozenset()}, emergency.GLASS_CLASS_NOT_ALLOWED),
    ],
)
def test_what_is_not_stated_holds_the_glass(given: dict[str, object], code: str) -> None:
    assert held(about_people(), **given) == {code}


def test_where_life_is_at_stake_the_incident_may_follow() -> None:
    assert held(about_people(), incident_ref="", is_life_at_stake=True) == set()


@pytest.mark.parametrize("basis", sorted(set(LawfulBasis) - emergency.LAWFUL_IN_AN_EMERGENCY))
def test_data_about_people_need_a_basis_that_holds_in_an_emergency(basis: LawfulBasis) -> None:
    facts = about_people(lawful_basis=basis)
    decision = decide(facts)
    reasons = {reason.code for reason in why_not_lifted(facts, decision, CALM)}
    assert emergency.GLASS_BASIS_MISSING in reasons or decision.effect is Effect.DENY


def test_a40_does_not_lift_a_transfer_that_chapter_v_does_not_carry() -> None:
    untested = records.with_vendor(records.personal(), records.transfer(tia=None), country="IN")
    decision = records.judge(untested)
    assert decision.effect is Effect.BLOCK
    assert {reason.code for reason in why_not_lifted(untested, decision, CALM)} == {
        emergency.GLASS_TRANSFER_OPEN
    }
    tested = records.with_vendor(records.personal(), records.transfer(), country="IN")
    assert why_not_lifted(tested, records.judge(tested), CALM) == ()


def test_a_class_nobody_knows_is_not_opened() -> None:
    facts = about_people()
    asset = facts.assets[0]
    unknown = replace(asset, columns=tuple(replace(column, class_rank=None) for column in asset.columns))
    assert emergency.GLASS_CLASS_NOT_ALLOWED in held(replace(facts, assets=(unknown,)))


def test_vital_interests_hold_only_where_nobody_can_consent() -> None:
    vital = frozenset({Art9Condition.VITAL_INTERESTS})
    facts = samples.with_purpose(samples.special_request(), art9_conditions=vital)
    assert emergency.GLASS_CONSENT_POSSIBLE in held(facts)
    assert emergency.GLASS_CONSENT_POSSIBLE not in held(facts, cannot_consent=True)
