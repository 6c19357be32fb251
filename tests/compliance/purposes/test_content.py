"""What a purpose says, and what keeps it from being submitted."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from apps.compliance import commands, queries
from apps.compliance.facts import purpose_content as content_of
from apps.compliance.facts import purpose_facts
from apps.compliance.facts.records import SINCE_THEN, content_sha256
from apps.compliance.lifecycle import Art89Safeguard
from apps.compliance.lifecycle.declaration import Evidence
from apps.compliance.lifecycle.purpose import objections
from apps.compliance.models import Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    InvalidInput,
    RuleBroken,
)
from apps.kernel.events import plain
from apps.policy import snapshot
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis, Presumption
from tests.compliance.purposes.reading import newest, today
from tests.factories import accounts as people
from tests.factories.compliance import (
    approved_record,
    consent_content,
    drafted_purpose,
    drafted_record,
    purpose_content,
    with_interests_weighed,
)

pytestmark = pytest.mark.django_db


A, B, C, D, E, F = LawfulBasis
NO_GROUND = {"lia_ref": ""}
FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("V-02", {"lawful_basis": B, **NO_GROUND}, "contract_ref", "PURPOSE_GROUND_MISSING"),
    ("V-02", {"lawful_basis": D, **NO_GROUND}, "vital_interest_note", "PURPOSE_GROUND_MISSING"),
    ("V-02", {"contract_ref": "C-1"}, "contract_ref", "PURPOSE_GROUND_OF_ANOTHER_BASIS"),
    ("V-02", {"lawful_basis": None}, "lia_ref", "PURPOSE_GROUND_OF_ANOTHER_BASIS"),
    ("V-07", NO_GROUND, "lia_ref", "PURPOSE_GROUND_MISSING"),
    ("V-09", {"lawful_basis": C, **NO_GROUND}, "legal_provision", "PURPOSE_GROUND_MISSING"),
    ("V-09", {"lawful_basis": E, **NO_GROUND}, "legal_provision", "PURPOSE_GROUND_MISSING"),
    ("V-10", {"lawful_basis": A, **NO_GROUND}, "consent_ref", "PURPOSE_GROUND_MISSING"),
    (
        "V-10",
        {"art9_conditions": frozenset({Art9Condition.EXPLICIT_CONSENT}), "consent_ref": "CB-0001"},
        "is_consent_explicit",
        "PURPOSE_CONSENT_NOT_EXPLICIT",
    ),
    (
        "V-05",
        {"lawful_basis": None, **NO_GROUND, "art9_conditions": frozenset({Art9Condition.MADE_PUBLIC})},
        "lawful_basis",
        "PURPOSE_ART9_ALONE",
    ),
    (
        "V-04",
        {"art9_conditions": frozenset({Art9Condition.PUBLIC_HEALTH})},
        "art9_law_ref",
        "PURPOSE_ART9_LAW_MISSING",
    ),
    (
        "V-04",
        {"art9_conditions": frozenset({Art9Condition.HEALTH_CARE}), "art9_law_ref": "§ 1"},
        "has_professional_secrecy",
        "PURPOSE_SECRECY_MISSING",
    ),
    (
        "V-04",
        {
            "art9_conditions": frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
            "art9_law_ref": "§ 1",
        },
        "art89_safeguards",
        "PURPOSE_SAFEGUARDS_NEEDED",
    ),
    ("V-04", {"presumption": Presumption.RESEARCH}, "art89_safeguards", "PURPOSE_SAFEGUARDS_NEEDED"),
    ("V-06", {"art10_basis": Art10Basis.LAW}, "art10_law_ref", "PURPOSE_ART10_LAW_MISSING"),
    ("V-24", {"description": " "}, "description", "PURPOSE_DESCRIPTION_MISSING"),
]


@pytest.mark.parametrize(("rule", "change", "field", "code"), FAULTS)
def test_a_purpose_that_lacks_something_is_not_submitted(
    world: people.World,
    writer: Actor,
    approver: Actor,
    rule: str,
    change: dict[str, Any],
    field: str,
    code: str,
) -> None:
    with_interests_weighed(world.organization)
    approved_record(world.organization, "consent-bases", consent_content(), approver)
    purpose = drafted_purpose(world.organization, writer, **change)
    with pytest.raises(RuleBroken) as refusal:
        commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    found = [(reason.rule, reason.field, reason.code) for reason in refusal.value.reasons]
    assert found == [(rule, field, code)]
    assert all(reason.articles for reason in refusal.value.reasons)
    commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=purpose_content())
    assert commands.submit_purpose(actor=writer, purpose_id=purpose.uid)


@pytest.mark.parametrize(
    "change",
    [
        {"lawful_basis": None, "lia_ref": ""},
        {"lawful_basis": A, "lia_ref": "", "consent_ref": "CB-0001"},
        {"lawful_basis": C, "lia_ref": "", "legal_provision": "Art. 1"},
        {
            "art9_conditions": frozenset({Art9Condition.EXPLICIT_CONSENT}),
            "consent_ref": "CB-0001",
            "is_consent_explicit": True,
        },
        {
            "art9_conditions": frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
            "art9_law_ref": "§ 27",
            "art89_safeguards": frozenset({Art89Safeguard.PSEUDONYMISATION}),
        },
        {"art10_basis": Art10Basis.OFFICIAL_AUTHORITY},
    ],
)
def test_complete_purposes_have_nothing_against_them_and_survive_the_database(
    world: people.World, change: dict[str, Any]
) -> None:
    content = purpose_content(valid_from=date(2026, 1, 1), **change)
    assert objections(content) == ()
    purpose = drafted_purpose(world.organization, **{**change, "valid_from": date(2026, 1, 1)})
    assert content_of(newest(purpose)) == content


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": " "}, "name", "EMPTY_NAME"),
        ({"concept_code": "Whim"}, "concept_code", "PURPOSE_CONCEPT_UNKNOWN"),
        (
            {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 2, 1)},
            "valid_to",
            "PURPOSE_VALIDITY_REVERSED",
        ),
    ],
)
def test_a_draft_is_refused_only_where_it_cannot_be_read(
    world: people.World, writer: Actor, change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        drafted_purpose(world.organization, writer, **change)
    assert (refusal.value.reasons[0].field, refusal.value.code) == (field, code)
    assert not Purpose.objects.filter(organization=world.organization).exists()
    assert drafted_purpose(world.organization, writer).ref == "PU-0001"


def test_a_purpose_on_consent_needs_the_record_of_what_people_were_asked(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    """V-10: one that is there, approved, and explicit for special categories; and at every use again."""
    given = {"lawful_basis": A, **NO_GROUND, "consent_ref": "CB-0001"}
    purpose = drafted_purpose(world.organization, writer, **given)

    def lacking() -> list[str]:
        with pytest.raises(RuleBroken) as refusal:
            commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
        assert {reason.rule for reason in refusal.value.reasons} == {"V-10"}
        return [reason.code for reason in refusal.value.reasons]

    assert lacking() == ["PURPOSE_CONSENT_NOT_FOUND"]
    asked = drafted_record(world.organization, "consent-bases", consent_content(is_explicit=False))
    assert lacking() == ["PURPOSE_CONSENT_NOT_IN_FORCE"]
    commands.submit_record(actor=SYSTEM, legal_record_id=asked.uid)
    commands.approve_record(actor=approver, legal_record_id=asked.uid)
    special = {"art9_conditions": frozenset({Art9Condition.EXPLICIT_CONSENT}), "is_consent_explicit": True}
    content = purpose_content(**given, **special)
    commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=content)
    assert lacking() == ["PURPOSE_CONSENT_RECORD_NOT_EXPLICIT"]
    commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=purpose_content(**given))
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).has_legal_ground is True
    commands.retire_record(actor=approver, legal_record_id=asked.uid)
    assert purpose_facts(purpose, on=today()).has_legal_ground is False


@pytest.mark.parametrize(
    ("name", "is_vague"),
    [("Research", True), ("AI and analytics", True), ("Machine learning", True), ("Predict floods", False)],
)
def test_a_vague_name_is_a_warning_and_no_more(world: people.World, name: str, is_vague: bool) -> None:
    version = newest(drafted_purpose(world.organization, name=name))
    codes = [reason.code for reason in queries.purpose_warnings(version)]
    assert ("PURPOSE_VAGUE" in codes) == is_vague
    assert commands.submit_purpose(actor=SYSTEM, purpose_id=version.purpose.uid)


def test_a_purpose_names_what_shows_it_and_a_hash_that_is_none_is_told() -> None:
    shown = Evidence(what="Minutes", where="DMS 7", sha256="a" * 64)

    def told(*evidence: Evidence) -> set[tuple[str, str]]:
        found = objections(purpose_content(evidence=evidence))
        return {(reason.code, reason.field) for reason in found if reason.field.startswith("evidence")}

    assert told(shown) == set()
    assert told(shown, replace(shown, sha256="A" * 64)) == {("EVIDENCE_HASH_MALFORMED", "evidence.1.sha256")}
    assert told(Evidence(what="Minutes")) == {("RECORD_FIELD_MISSING", "evidence.0.where")}


def test_what_was_signed_before_purposes_named_what_shows_them_keeps_its_hash() -> None:
    content = purpose_content()
    before = {name: value for name, value in asdict(content).items() if name not in SINCE_THEN}
    assert content_sha256(content) == snapshot.sha256_of(plain(before))
    shown = replace(content, evidence=(Evidence(what="Minutes", where="DMS 7"),))
    assert content_sha256(shown) != content_sha256(content)
