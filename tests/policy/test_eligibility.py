"""Four eyes in every disguise. Each refusal has a twin that differs in one fact and is eligible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.policy.eligibility import CandidateFacts, PartiesFacts, eligibility, interests
from apps.policy.route import stage_for

STAGE = stage_for("data_owner")
OWNER = CandidateFacts(person="olga", roles=frozenset({"data_owner"}), is_active=True)
PARTIES = PartiesFacts(
    requester_person="ada",
    subject_person="ada",
    owner_person=None,
    project_members=None,
    editor_persons=frozenset({"ada"}),
    delegator_persons=frozenset(),
    slot_fillers=frozenset(),
)


def codes(candidate: CandidateFacts = OWNER, parties: PartiesFacts = PARTIES, **stage: Any) -> set[str]:
    return {reason.code for reason in eligibility(candidate, replace(STAGE, **stage), parties)}


def test_a38_lets_another_person_with_the_role_decide() -> None:
    assert eligibility(OWNER, STAGE, PARTIES) == ()


def test_the_requester_is_not_eligible_from_whichever_account() -> None:
    assert codes(replace(OWNER, person="ada")) == {"OWN_REQUEST", "OWN_BENEFIT", "OWN_EDIT"}


def test_a38_denies_the_verdict_of_who_would_receive() -> None:
    assert codes(parties=replace(PARTIES, subject_person="olga")) == {"OWN_BENEFIT"}


def test_who_answers_for_the_service_account_is_not_eligible() -> None:
    own = replace(PARTIES, subject_person=None, owner_person="olga")
    assert codes(parties=own) == {"OWN_SERVICE_ACCOUNT"}
    assert codes(parties=replace(own, owner_person="otto")) == set()


def test_a_member_of_the_subject_project_is_not_eligible() -> None:
    project = replace(PARTIES, subject_person=None, project_members=frozenset({"ada", "olga"}))
    assert codes(parties=project) == {"OWN_PROJECT"}
    assert codes(parties=replace(project, project_members=frozenset({"ada"}))) == set()


def test_an_editor_of_the_revision_is_not_eligible() -> None:
    assert codes(parties=replace(PARTIES, editor_persons=frozenset({"olga"}))) == {"OWN_EDIT"}


def test_a_delegate_inherits_every_conflict_of_the_delegator() -> None:
    assert codes(replace(OWNER, acts_for=frozenset({"ada"}))) >= {"OWN_REQUEST", "DELEGATION_WITH_PARTY"}
    assert codes(replace(OWNER, acts_for=frozenset({"otto"}))) == set()


def test_who_delegated_to_a_party_is_not_eligible() -> None:
    assert codes(replace(OWNER, delegates=frozenset({"ada"}))) == {"DELEGATION_WITH_PARTY"}
    assert codes(parties=replace(PARTIES, delegator_persons=frozenset({"olga"}))) == {"DELEGATION_WITH_PARTY"}


@pytest.mark.parametrize(
    "changes", [{}, {"acts_for": frozenset({"olaf"})}, {"delegates": frozenset({"olaf"})}]
)
def test_who_fills_another_slot_in_any_capacity_is_not_eligible(changes: dict[str, Any]) -> None:
    filler = frozenset({"olaf" if changes else "olga"})
    taken = replace(PARTIES, slot_fillers=filler)
    assert codes(replace(OWNER, **changes), taken) == {"OTHER_SLOT_FILLED"}


def test_a_delegate_needs_the_role_in_their_own_right() -> None:
    assert codes(replace(OWNER, roles=frozenset(), acts_for=frozenset({"otto"}))) == {"ROLE_NOT_HELD"}
    assert codes(replace(OWNER, roles=frozenset({"dpo", "compliance_officer"}))) == {"ROLE_NOT_HELD"}


def test_a_line_manager_is_excluded_only_where_the_stage_is_independent() -> None:
    managed = replace(PARTIES, line_managers=frozenset({"olga"}))
    assert codes(parties=managed) == set()
    assert codes(parties=managed, is_independent=True) == {"LINE_MANAGER"}


def test_a_declared_conflict_excludes() -> None:
    assert codes(replace(OWNER, has_declared_conflict=True)) == {"CONFLICT_DECLARED"}


@pytest.mark.parametrize(
    ("candidate", "parties", "code"),
    [
        (replace(OWNER, has_declared_conflict=True), PARTIES, "CONFLICT_DECLARED"),
        (OWNER, replace(PARTIES, recused=frozenset({str(OWNER.person)})), "RECUSED"),
    ],
)
def test_who_has_a_conflict_or_stepped_back_steers_nothing_either(
    candidate: CandidateFacts, parties: PartiesFacts, code: str
) -> None:
    assert [reason.code for reason in interests(candidate, parties)] == [code]
    assert interests(OWNER, PARTIES) == ()


@pytest.mark.parametrize("changes", [{"person": None}, {"is_active": False}])
def test_only_an_active_person_decides(changes: dict[str, Any]) -> None:
    assert codes(replace(OWNER, **changes)) == {"CANDIDATE_INACTIVE"}


@pytest.mark.parametrize("changes", [{"requester_person": None}, {"subject_person": None}])
def test_nobody_is_eligible_while_a_party_is_unknown(changes: dict[str, Any]) -> None:
    assert codes(parties=replace(PARTIES, **changes)) == {"PARTIES_UNKNOWN"}


def test_an_empty_project_is_no_known_subject() -> None:
    empty = replace(PARTIES, subject_person=None, project_members=frozenset())
    assert codes(parties=empty) == {"PARTIES_UNKNOWN"}
