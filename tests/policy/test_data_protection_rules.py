"""A04 to A13 holding, and not holding, with one fact changed between the two."""

from __future__ import annotations

import pytest

from apps.policy.decision import Effect
from apps.policy.engine import decide
from apps.policy.facts import (
    Action,
    Art9Condition,
    Art10Basis,
    LawfulBasis,
    Obligation,
    ObligationKind,
    Outcome,
    Presumption,
    RequestFacts,
)

from . import samples as a
from .samples import codes, finding, stage_names


def consent_gap(**changes: object) -> RequestFacts:
    facts = a.gap_request(assessments=(a.assessment(),))
    return a.with_purpose(a.with_asset(facts, original_basis=LawfulBasis.CONSENT), **changes)


def test_a04_holds_when_every_column_permits_the_purpose() -> None:
    assert finding(decide(a.personal_request()), "A04").is_matched


def test_a04_does_not_hold_when_one_column_does_not() -> None:
    facts = a.request(a.personal_column(), a.personal_column(name="phone", permitted_purposes=frozenset()))
    decision = decide(facts)
    assert decision.effect is Effect.BLOCK
    assert finding(decision, "A07").columns == ("wells/phone",)


def test_a05_compatible_assessment_opens_the_gap_and_its_conditions_bind() -> None:
    condition = Obligation(kind=ObligationKind.MASK, columns=frozenset({"wells/email"}))
    compatible = a.assessment(outcome=Outcome.COMPATIBLE_WITH_CONDITIONS, conditions=frozenset({condition}))
    decision = decide(a.gap_request(assessments=(compatible,)))
    assert decision.effect is Effect.REFER
    assert condition in decision.obligations


@pytest.mark.parametrize(
    "changes",
    [
        {"is_approved": False},
        {"is_approved": None},
        {"original_purpose": "Marketing"},
        {"new_purpose_uid": "purpose-2"},
        {"asset_uids": frozenset({"payroll"})},
    ],
)
def test_a05_does_not_hold_on_another_or_an_unapproved_assessment(changes: dict[str, object]) -> None:
    decision = decide(a.gap_request(assessments=(a.assessment(**changes),)))
    assert not finding(decision, "A05").is_matched
    assert "ASSESSMENT_MISSING" in codes(decision)


def test_a06_blocks_consented_data_even_with_a_compatible_assessment() -> None:
    assert "CONSENT_DOES_NOT_COVER" in codes(decide(consent_gap()))


@pytest.mark.parametrize(
    "changes",
    [
        {"lawful_basis": LawfulBasis.CONSENT},
        {"lawful_basis": LawfulBasis.LEGAL_OBLIGATION, "is_art23_law": True},
        {"presumption": Presumption.RESEARCH, "art89_safeguards": frozenset({"pseudonymisation"})},
    ],
)
def test_a06_passes_with_new_consent_a_law_or_the_research_presumption(changes: dict[str, object]) -> None:
    assert not finding(decide(consent_gap(**changes)), "A06").is_matched


def test_a06_does_not_take_any_law_for_one_of_the_art_23_kind() -> None:
    for unknown in (False, None):
        facts = consent_gap(lawful_basis=LawfulBasis.PUBLIC_TASK, is_art23_law=unknown)
        assert finding(decide(facts), "A06").is_matched


def test_a06_takes_an_unknown_basis_of_collection_for_consent() -> None:
    decision = decide(a.with_asset(consent_gap(), original_basis=None))
    assert finding(decision, "A06").unknown[0].counted_as == "consent"


def test_a07_blocks_a_gap_without_assessment() -> None:
    decision = decide(a.gap_request())
    assert (decision.effect, codes(decision) >= {"ASSESSMENT_MISSING"}) == (Effect.BLOCK, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"lawful_basis": LawfulBasis.CONSENT},
        {"lawful_basis": LawfulBasis.PUBLIC_TASK, "is_art23_law": True},
        {"presumption": Presumption.STATISTICS, "art89_safeguards": frozenset({"aggregation"})},
    ],
)
def test_a07_is_not_asked_where_consent_law_or_presumption_carry(changes: dict[str, object]) -> None:
    decision = decide(a.with_purpose(a.gap_request(), **changes))
    assert not finding(decision, "A07").is_matched
    assert decision.effect is Effect.REFER


def test_a08_blocks_a_presumption_without_safeguards() -> None:
    decision = decide(a.with_purpose(a.personal_request(), presumption=Presumption.RESEARCH))
    assert decision.effect is Effect.BLOCK
    assert "SAFEGUARDS_MISSING" in codes(decision)


def test_a08_passes_with_safeguards() -> None:
    facts = a.with_purpose(
        a.personal_request(),
        presumption=Presumption.RESEARCH,
        art89_safeguards=frozenset({"pseudonymisation"}),
    )
    assert not finding(decide(facts), "A08").is_matched


def test_a09_denies_an_incompatible_purpose() -> None:
    decision = decide(a.gap_request(assessments=(a.assessment(outcome=Outcome.INCOMPATIBLE),)))
    assert decision.effect is Effect.DENY
    assert not decision.may_be_submitted


def test_a09_does_not_hold_on_a_rejected_assessment() -> None:
    rejected = a.assessment(outcome=Outcome.INCOMPATIBLE, is_approved=False)
    assert not finding(decide(a.gap_request(assessments=(rejected,))), "A09").is_matched


def test_a09_waits_for_an_incomplete_record() -> None:
    decision = decide(a.personal_request(assessments=(a.assessment(outcome=None),)))
    assert (decision.effect, finding(decision, "A09").reasons[0].code) == (Effect.BLOCK, "ASSESSMENT_UNCLEAR")


def test_a10_denies_special_columns_without_condition_and_names_what_to_drop() -> None:
    decision = decide(a.request(a.special_column(), a.personal_column()))
    assert decision.effect is Effect.DENY
    assert decision.droppable_columns == ("wells/diagnosis",)
    assert decide(a.request(a.personal_column())).effect is Effect.REFER


def test_a10_passes_with_a_condition() -> None:
    assert not finding(decide(a.special_request()), "A10").is_matched


def test_a10_is_not_lifted_by_a_compatible_assessment() -> None:
    facts = a.request(a.special_column(permitted_purposes=frozenset()), assessments=(a.assessment(),))
    assert decide(facts).effect is Effect.DENY


@pytest.mark.parametrize("name", ["art9_has_law_ref", "art9_has_safeguards"])
@pytest.mark.parametrize("value", [False, None])
def test_v04_blocks_a_condition_without_law_or_safeguards(name: str, value: bool | None) -> None:
    decision = decide(a.with_purpose(a.special_request(), **{name: value}))
    assert decision.effect is Effect.BLOCK
    assert "ART9_CONDITION_INCOMPLETE" in codes(decision)


def test_v04_asks_no_law_of_explicit_consent() -> None:
    facts = a.with_purpose(
        a.special_request(),
        art9_conditions=frozenset({Art9Condition.EXPLICIT_CONSENT}),
        art9_has_law_ref=None,
        art9_has_safeguards=None,
    )
    assert not finding(decide(facts), "V-04").is_matched


def test_a12_denies_criminal_data_without_authority_and_waits_for_an_unknown_one() -> None:
    facts = a.request(a.personal_column(is_criminal=True))
    assert decide(facts).effect is Effect.DENY
    assert decide(a.with_purpose(facts, art10_basis=None)).effect is Effect.BLOCK


def test_a12_passes_with_authority() -> None:
    facts = a.with_purpose(a.request(a.personal_column(is_criminal=True)), art10_basis=Art10Basis.LAW)
    decision = decide(facts)
    assert decision.effect is Effect.REFER
    assert finding(decision, "A13").is_matched


def test_a13_refers_special_data_to_owner_and_officer_with_obligations() -> None:
    decision = decide(a.special_request())
    assert decision.effect is Effect.REFER
    assert stage_names(decision) == ("owner", "privacy")
    kinds = {item.kind for item in decision.obligations}
    assert kinds == {ObligationKind.NO_DOWNLOAD, ObligationKind.LOG_ROWS}
    assert decision.notify == {"dpo"}
    assert decision.needs_step_up
    assert decision.max_lease_minutes == 60


def test_a13_does_not_hold_on_ordinary_personal_data() -> None:
    decision = decide(a.personal_request())
    assert not finding(decision, "A13").is_matched
    assert decision.obligations == frozenset()
    assert decision.max_lease_minutes == 720


def test_a13_export_adds_a_stage_of_owner_and_officer() -> None:
    decision = decide(a.special_request(actions=frozenset({Action.READ, Action.EXPORT})))
    assert stage_names(decision) == ("owner", "privacy", "export")
    assert decision.stages[-1].roles == ("compliance_officer", "data_owner")


def test_a13_export_is_not_asked_of_reading_nor_of_ordinary_data() -> None:
    assert "export" not in stage_names(decide(a.special_request()))
    assert "export" not in stage_names(decide(a.personal_request(actions=frozenset({Action.EXPORT}))))


def test_a06_does_not_take_an_unproven_basis_for_new_consent() -> None:
    facts = consent_gap(lawful_basis=LawfulBasis.CONSENT, has_legal_ground=None)
    assert finding(decide(facts), "A06").is_matched


def test_a09_waits_when_the_original_purpose_is_unknown() -> None:
    facts = a.personal_request(assessments=(a.assessment(outcome=Outcome.INCOMPATIBLE),))
    assert decide(facts).effect is Effect.DENY
    assert decide(a.with_asset(facts, original_purpose=None)).effect is Effect.BLOCK
