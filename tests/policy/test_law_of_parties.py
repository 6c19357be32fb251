"""A21, A27, A28, A31, A32, A37, A39 and national law holding, and not holding, one fact changed between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from apps.policy.decision import Effect
from apps.policy.engine import decide
from apps.policy.facts import (
    NO_LIMIT,
    Art9Condition,
    HoldFacts,
    Identifiability,
    JointFacts,
    Relation,
    RequestFacts,
)
from apps.policy.law_words import (
    Art22Basis,
    AutomatedDecision,
    BreachRisk,
    NationalEffect,
    PartyPart,
    PartyRole,
)
from apps.policy.rulebook import DEFAULT_RULEBOOK

from . import records as r
from . import samples as a
from .records import judge
from .samples import codes, finding, stage_names

PAST = date(2027, 1, 1)


def held(*, for_claims: bool | None, is_held: bool | None = True, review_on: Any = NO_LIMIT) -> RequestFacts:
    facts = a.with_purpose(r.personal(), is_for_legal_claims=for_claims)
    hold = HoldFacts(is_held=is_held, review_on=review_on)
    return a.with_asset(facts, retention_ends_on=PAST, hold=hold)


def test_a21_denies_a_version_on_hold_past_its_retention() -> None:
    for unclaimed in (False, None):
        decision = judge(held(for_claims=unclaimed))
        assert (decision.effect, finding(decision, "A21").effect) == (Effect.DENY, Effect.DENY)


def test_a21_opens_it_for_legal_claims_until_the_hold_is_reviewed() -> None:
    decision = judge(held(for_claims=True, review_on=date(2027, 3, 11)))
    assert decision.effect is Effect.REFER
    assert decision.limiting_factor == "legal_hold_review:wells"
    assert finding(judge(held(for_claims=True, review_on=None)), "A21").effect is Effect.BLOCK


def test_a21_without_a_hold_leaves_the_retention_to_a20() -> None:
    decision = judge(held(for_claims=True, is_held=False))
    assert not finding(decision, "A21").is_matched
    assert finding(decision, "A20").effect is Effect.DENY
    unknown = judge(held(for_claims=True, is_held=None))
    assert finding(unknown, "A21").effect is Effect.BLOCK


def test_a21_is_not_asked_before_the_retention_ends() -> None:
    on_hold = a.with_asset(r.personal(), hold=HoldFacts(is_held=True, review_on=NO_LIMIT))
    assert not finding(judge(on_hold), "A21").is_matched


def test_a27_denies_a_processor_without_contract() -> None:
    assert judge(r.with_vendor(r.personal(), has_contract=False)).effect is Effect.DENY


def test_a27_passes_a_processor_with_its_contract_and_ends_with_it() -> None:
    assert judge(r.with_vendor(r.personal())).effect is Effect.REFER
    ending = judge(r.with_vendor(r.personal(), contract_ends_on=date(2027, 3, 11)))
    assert ending.limiting_factor == "processor_contract_end:vendor"


@pytest.mark.parametrize("changes", [{"has_contract": None}, {"contract_ends_on": None}, {"role": None}])
def test_a27_waits_for_what_is_not_recorded(changes: dict[str, Any]) -> None:
    found = finding(judge(r.with_vendor(r.personal(), **changes)), "A27")
    assert found.effect is Effect.BLOCK
    assert found.unknown


def test_a27_asks_a_further_processor_for_its_authorization() -> None:
    for is_authorized, effect in ((True, None), (False, Effect.DENY), (None, Effect.BLOCK)):
        facts = r.with_vendor(r.personal(), role=PartyRole.SUB_PROCESSOR, is_authorized=is_authorized)
        assert finding(judge(facts), "A27").effect is effect


def test_a27_waits_for_the_employer_of_somebody_from_outside() -> None:
    facts = r.personal()
    outside = replace(facts, subject=replace(facts.subject, relation=Relation.VENDOR))
    assert "EMPLOYER_UNKNOWN" in codes(judge(outside))
    employed = replace(outside, parties=(r.vendor(),))
    assert not finding(judge(employed), "A27").is_matched
    assert finding(judge(replace(facts, parties=None)), "A27").effect is Effect.BLOCK


def recipient(**changes: Any) -> RequestFacts:
    stated = {
        "part": PartyPart.RECIPIENT,
        "role": PartyRole.INDEPENDENT_CONTROLLER,
        "has_agreement": True,
        "has_own_basis": True,
    }
    return r.with_vendor(r.personal(), **{**stated, **changes})


@pytest.mark.parametrize("name", ["has_agreement", "has_own_basis"])
def test_a28_blocks_a_controller_without_agreement_or_own_basis(name: str) -> None:
    for value in (False, None):
        assert finding(judge(recipient(**{name: value})), "A28").effect is Effect.BLOCK


def test_a28_passes_with_both_and_asks_a_joint_controller_for_the_arrangement() -> None:
    assert not finding(judge(recipient()), "A28").is_matched
    joint = recipient(role=PartyRole.JOINT_CONTROLLER, has_arrangement=True)
    assert not finding(judge(joint), "A28").is_matched
    without = recipient(role=PartyRole.JOINT_CONTROLLER, has_arrangement=None)
    assert finding(judge(without), "A28").effect is Effect.BLOCK


def test_a28_keeps_the_agreement_for_data_not_about_people_and_nothing_else() -> None:
    facts = replace(r.harmless(), parties=recipient(has_own_basis=None).parties)
    assert judge(facts).effect is Effect.PERMIT
    bare = replace(r.harmless(), parties=recipient(has_agreement=False).parties)
    assert judge(bare).effect is Effect.BLOCK


def of_children(has_children: bool | None, is_marketing: bool | None) -> RequestFacts:
    facts = a.with_purpose(r.personal(), is_marketing_profile=is_marketing)
    return a.with_asset(facts, people=r.people(has_children=has_children))


def test_a31_denies_a_marketing_profile_of_children() -> None:
    assert finding(judge(of_children(True, True)), "A31").effect is Effect.DENY


def test_a31_asks_the_dpo_for_an_opinion_on_any_other_use() -> None:
    decision = judge(of_children(True, False))
    assert finding(decision, "A31").effect is Effect.REFER
    opinion = next(stage for stage in decision.stages if stage.name == "dpo_opinion")
    assert opinion.is_opinion


def test_a31_does_not_hold_without_children() -> None:
    assert not finding(judge(of_children(False, True)), "A31").is_matched


def test_a31_waits_where_it_could_be_a_profile_of_children() -> None:
    for has_children, is_marketing in ((True, None), (None, True), (None, None)):
        assert finding(judge(of_children(has_children, is_marketing)), "A31").effect is Effect.BLOCK
    assert finding(judge(of_children(None, False)), "A31").effect is Effect.REFER
    assert finding(judge(a.with_asset(r.personal(), people=None)), "A31").unknown


def by_machine(facts: RequestFacts | None = None, **changes: Any) -> RequestFacts:
    stated = {
        "automated_decision": AutomatedDecision.SOLELY_SIGNIFICANT,
        "art22_basis": Art22Basis.CONTRACT,
        "has_art22_safeguards": True,
        **changes,
    }
    return a.with_purpose(facts or r.personal(), **stated)


@pytest.mark.parametrize(
    ("changes", "effect"),
    [
        ({}, None),
        ({"art22_basis": Art22Basis.NONE}, Effect.DENY),
        ({"has_art22_safeguards": False}, Effect.DENY),
        ({"art22_basis": None}, Effect.BLOCK),
        ({"has_art22_safeguards": None}, Effect.BLOCK),
        ({"automated_decision": None}, Effect.BLOCK),
        (
            {"automated_decision": AutomatedDecision.SOLELY_NOT_SIGNIFICANT, "art22_basis": Art22Basis.NONE},
            None,
        ),
        ({"automated_decision": AutomatedDecision.PROFILING, "art22_basis": Art22Basis.NONE}, None),
    ],
)
def test_a32_lets_a_machine_alone_decide_only_on_a_basis(
    changes: dict[str, Any], effect: Effect | None
) -> None:
    assert finding(judge(by_machine(**changes)), "A32").effect is effect


def test_a32_asks_more_of_special_data() -> None:
    assert finding(judge(by_machine(r.special())), "A32").effect is Effect.DENY
    public = frozenset({Art9Condition.SUBSTANTIAL_PUBLIC_INTEREST})
    assert not finding(judge(by_machine(r.special(), art9_conditions=public)), "A32").is_matched


def inferring(kinds: frozenset[str] | None, **changes: Any) -> RequestFacts:
    joint = JointFacts(
        personal_assets=2,
        categories=frozenset(),
        special_kinds=frozenset(),
        screened=frozenset(),
        inferred_kinds=kinds,
    )
    return r.personal(**{"joint": joint, "linked_personal": True, **changes})


def test_a10_inferred_denies_what_together_reveals_special_categories() -> None:
    assert finding(judge(inferring(frozenset({"health"}))), "A10-INFERRED").effect is Effect.DENY
    assert finding(judge(inferring(None)), "A10-INFERRED").effect is Effect.BLOCK
    assert finding(judge(inferring(frozenset({"health"}), linked_personal=None)), "A10-INFERRED").effect


def test_a10_inferred_passes_what_reveals_nothing_or_does_not_link_or_has_a_condition() -> None:
    assert not finding(judge(inferring(frozenset())), "A10-INFERRED").is_matched
    assert not finding(judge(inferring(None, linked_personal=False)), "A10-INFERRED").is_matched
    condition = frozenset({Art9Condition.EXPLICIT_CONSENT})
    facts = a.with_purpose(inferring(frozenset({"health"})), art9_conditions=condition)
    assert not finding(judge(facts), "A10-INFERRED").is_matched


def under(effect: NationalEffect, **changes: Any) -> RequestFacts:
    facts = r.with_column(r.special(), special_kinds=frozenset({"genetic"}))
    return replace(facts, national_conditions=(r.national(effect=effect, **changes),))


@pytest.mark.parametrize("effect", list(NationalEffect))
def test_national_law_does_what_its_condition_says(effect: NationalEffect) -> None:
    assert finding(judge(under(effect)), "NATIONAL").effect == effect.value


@pytest.mark.parametrize("changes", [{"country": "FR"}, {"special_kinds": frozenset({"biometric"})}])
def test_national_law_does_not_hold_elsewhere_or_on_other_data(changes: dict[str, Any]) -> None:
    assert not finding(judge(under(NationalEffect.DENY, **changes)), "NATIONAL").is_matched


def test_national_law_follows_the_data_and_the_people() -> None:
    french = under(NationalEffect.DENY, country="FR")
    origin = a.with_asset(french, people=r.people(origin_countries=frozenset({"FR"})))
    assert finding(judge(origin), "NATIONAL").effect is Effect.DENY
    workers = under(NationalEffect.REFER, special_kinds=frozenset(), subjects=frozenset({"Employee"}))
    assert not finding(judge(workers), "NATIONAL").is_matched
    employed = a.with_asset(workers, people=r.people(subjects=frozenset({"Employee"})))
    assert "privacy" in stage_names(judge(employed))
    criminal = under(NationalEffect.DENY, special_kinds=frozenset(), covers_criminal=True)
    assert not finding(judge(criminal), "NATIONAL").is_matched
    assert finding(judge(r.with_column(criminal, is_criminal=True)), "NATIONAL").effect is Effect.DENY


def test_national_law_waits_where_it_may_hold() -> None:
    unknown_origin = a.with_asset(under(NationalEffect.DENY, country="FR"), people=None)
    assert finding(judge(unknown_origin), "NATIONAL").effect is Effect.BLOCK
    assert finding(judge(r.special(national_conditions=None)), "NATIONAL").effect is Effect.BLOCK
    assert finding(judge(r.personal(national_conditions=None)), "NATIONAL").unknown


@pytest.mark.parametrize("party", ["requester", "subject"])
@pytest.mark.parametrize("fact", ["undertaking_on", "trained_on"])
@pytest.mark.parametrize("day", [date(2026, 2, 1), None])
def test_a37_blocks_without_a_fresh_undertaking_and_training(party: str, fact: str, day: date | None) -> None:
    facts = r.personal()
    changed = replace(getattr(facts, party), **{fact: day})
    found = finding(judge(replace(facts, **{party: changed})), "A37")
    assert found.effect is Effect.BLOCK
    assert found.reasons[0].facts["missing"] == (fact,)


def test_a37_passes_when_both_are_fresh() -> None:
    assert not finding(judge(r.personal()), "A37").is_matched


def test_a37_is_not_asked_of_data_never_about_people_but_of_anonymised_ones() -> None:
    harmless = a.request()
    untrained = replace(r.harmless(), subject=harmless.subject, requester=harmless.requester)
    assert judge(untrained).effect is Effect.PERMIT
    anonymised = r.complete(a.request(a.column(identifiability=Identifiability.ANONYMISED)))
    anonymised = a.with_asset(anonymised, has_anonymity_assessment=True)
    assert judge(anonymised).effect is Effect.PERMIT
    assert judge(replace(anonymised, subject=harmless.subject)).effect is Effect.BLOCK


@pytest.mark.parametrize("risk", [BreachRisk.HIGH, None])
def test_a39_blocks_while_a_breach_of_high_risk_is_open(risk: BreachRisk | None) -> None:
    for facts in (r.personal(), r.harmless()):
        assert finding(judge(a.with_asset(facts, open_breach=risk)), "A39").effect is Effect.BLOCK


@pytest.mark.parametrize("risk", [BreachRisk.NONE, BreachRisk.UNLIKELY, BreachRisk.RISK])
def test_a39_passes_without_one(risk: BreachRisk) -> None:
    assert not finding(judge(a.with_asset(r.personal(), open_breach=risk)), "A39").is_matched


def test_the_first_rulebook_does_not_look_at_the_records_of_the_law() -> None:
    bare, whole = decide(a.personal_request()), decide(r.personal(), DEFAULT_RULEBOOK)
    assert [item.as_json() for item in bare.findings] == [item.as_json() for item in whole.findings]
