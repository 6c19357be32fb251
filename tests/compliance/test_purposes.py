"""Writing, reviewing and approving purposes, and what keeps one from being approved."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts import commands as accounts
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance import commands, queries
from apps.compliance.facts import purpose_content as content_of
from apps.compliance.facts import purpose_facts, purpose_parents
from apps.compliance.lifecycle import Art89Safeguard, PurposeStanding, RecordStatus
from apps.compliance.lifecycle.purpose import objections
from apps.compliance.models import Purpose, PurposeConcept, PurposeVersion
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from apps.policy.facts import NO_LIMIT, PurposeState
from apps.policy.purposes import permits
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis, Presumption
from tests.factories import accounts as people
from tests.factories.compliance import (
    approved_purpose,
    approved_record,
    consent_content,
    drafted_purpose,
    drafted_record,
    purpose_content,
    with_interests_weighed,
)
from tests.factories.impacts import ENDING_PURPOSE, looked_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> people.World:
    return people.world()


@pytest.fixture
def writer(world: people.World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


@pytest.fixture
def approver(world: people.World) -> Actor:
    return people.player(world.organization, Role.COMPLIANCE_OFFICER).actor


def today() -> date:
    return database_now().date()


def newest(purpose: Purpose) -> PurposeVersion:
    found: PurposeVersion = purpose.versions.select_related("concept").order_by("-number")[0]
    return found


def test_a_purpose_goes_from_draft_to_approved_by_two_people(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    assert (purpose.ref, newest(purpose).record_status) == ("PU-0001", RecordStatus.DRAFT)
    assert purpose_facts(purpose, on=today()).state is PurposeState.DRAFT
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).state is PurposeState.IN_REVIEW
    assert [version.purpose for version in queries.purposes_to_review(approver)] == [purpose]
    assert not queries.purposes_to_review(writer).exists()
    version = commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert version.record_status == RecordStatus.APPROVED
    assert purpose_facts(purpose, on=today()).state is PurposeState.ACTIVE
    assert drafted_purpose(world.organization, writer).ref == "PU-0002"
    events = AuditEvent.objects.filter(subject_uid=purpose.uid).order_by("id").values_list("name", flat=True)
    assert list(events) == [f"compliance.purpose.{word}" for word in ("drafted", "submitted", "approved")]


def test_nobody_approves_what_they_wrote_or_submitted(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    content = purpose_content(name="Predict failures of pumps")
    commands.edit_purpose(actor=approver, purpose_id=purpose.uid, content=content)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    officer = world[Role.COMPLIANCE_OFFICER]
    second = accounts.add_account(actor=SYSTEM, person_id=officer.person.uid, username="officer-too")
    for one in (writer, approver, actor_of(second)):
        with pytest.raises(NotPermitted, match="RECORD_OWN"):
            commands.approve_purpose(actor=one, purpose_id=purpose.uid)
    with pytest.raises(NotPermitted, match="RECORD_PERSON_NEEDED"):
        commands.approve_purpose(actor=SYSTEM, purpose_id=purpose.uid)
    third = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    assert commands.approve_purpose(actor=third, purpose_id=purpose.uid)


def test_only_officers_write_and_approve(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    for role in (Role.STEWARD, Role.DPO, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            commands.approve_purpose(actor=world[role].actor, purpose_id=purpose.uid)
        with pytest.raises(NotPermitted):
            drafted_purpose(world.organization, world[role].actor)
    with pytest.raises(NotFound):
        commands.approve_purpose(actor=world[Role.SCIENTIST].actor, purpose_id=purpose.uid)
    assert commands.approve_purpose(actor=approver, purpose_id=purpose.uid)


def test_a_returned_version_says_why_and_is_a_draft_again(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    with pytest.raises(InvalidState):
        commands.return_purpose(actor=approver, purpose_id=purpose.uid, reason="Too wide.")
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(InvalidState, match="RECORD_IN_REVIEW"):
        commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=purpose_content())
    with pytest.raises(InvalidInput, match="RECORD_RETURN_REASON_MISSING"):
        commands.return_purpose(actor=approver, purpose_id=purpose.uid, reason=" ")
    version = commands.return_purpose(actor=approver, purpose_id=purpose.uid, reason="Too wide.")
    assert (version.record_status, version.returned_reason) == (RecordStatus.DRAFT, "Too wide.")
    commands.edit_purpose(
        actor=writer, purpose_id=purpose.uid, content=purpose_content(name="Pumps of type P")
    )
    assert commands.submit_purpose(actor=writer, purpose_id=purpose.uid).returned_reason == ""


def test_editing_an_approved_purpose_begins_a_version_and_the_old_one_holds_until_the_new_is_approved(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    content = purpose_content(name="Predict failures of valves")
    draft = commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=content)
    assert (draft.number, draft.record_status) == (2, RecordStatus.DRAFT)
    assert purpose_facts(purpose, on=today()).version == "1"
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).version == "2"
    states = purpose.versions.order_by("number").values_list("record_status", flat=True)
    assert list(states) == [RecordStatus.SUPERSEDED, RecordStatus.APPROVED]


def test_who_saw_an_older_draft_is_refused(world: people.World, writer: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    seen = newest(purpose).row_version
    content = purpose_content(name="Predict failures of valves")
    commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=content, seen_version=seen)
    with pytest.raises(StaleVersion):
        commands.submit_purpose(actor=writer, purpose_id=purpose.uid, seen_version=seen)


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


def test_a_purpose_is_suspended_resumed_withdrawn_and_then_gone(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    at = database_now()
    assert queries.purposes_in_force(world[Role.SCIENTIST].actor, at=at).count() == 1
    with pytest.raises(InvalidInput, match="PURPOSE_STANDING_REASON_MISSING"):
        commands.suspend_purpose(actor=writer, purpose_id=purpose.uid, reason="")
    with pytest.raises(NotPermitted):
        commands.suspend_purpose(actor=world[Role.STEWARD].actor, purpose_id=purpose.uid, reason="A breach.")
    seen = looked_at(ENDING_PURPOSE, purpose.uid)
    purpose = commands.suspend_purpose(
        actor=writer, purpose_id=purpose.uid, reason="A breach.", seen_impact=seen
    )
    assert purpose_facts(purpose, on=today()).state is PurposeState.SUSPENDED
    assert not queries.purposes_in_force(world[Role.SCIENTIST].actor, at=at).exists()
    purpose = commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).state is PurposeState.ACTIVE
    with pytest.raises(InvalidState, match="PURPOSE_STANDING"):
        commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    purpose = commands.withdraw_purpose(
        actor=writer, purpose_id=purpose.uid, reason="Given up.", seen_impact=seen
    )
    assert purpose_facts(purpose, on=today()).state is PurposeState.WITHDRAWN
    with pytest.raises(InvalidState):
        commands.resume_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(InvalidState, match="PURPOSE_WITHDRAWN_FOR_GOOD"):
        commands.edit_purpose(actor=writer, purpose_id=purpose.uid, content=purpose_content())


@pytest.mark.parametrize("stop", [commands.suspend_purpose, commands.withdraw_purpose])
def test_what_was_never_approved_is_not_stopped(
    world: people.World, writer: Actor, approver: Actor, stop: Callable[..., Purpose]
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    seen = looked_at(ENDING_PURPOSE, purpose.uid)
    stopped = functools.partial(
        stop, actor=writer, purpose_id=purpose.uid, reason="A breach.", seen_impact=seen
    )
    with pytest.raises(InvalidState, match="PURPOSE_NEVER_APPROVED"):
        stopped()
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(InvalidState, match="PURPOSE_NEVER_APPROVED"):
        stopped()
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert stopped().standing != PurposeStanding.STANDING


def test_a_retired_purpose_has_expired(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    with pytest.raises(InvalidState, match="RECORD_NOT_APPROVED"):
        commands.retire_purpose(actor=writer, purpose_id=purpose.uid)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    commands.retire_purpose(actor=writer, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).state is PurposeState.EXPIRED


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE compliance_purposeversion SET name = 'Another'",
        "UPDATE compliance_purposeversion SET lawful_basis = '6(1)(a)'",
        "UPDATE compliance_purposeversion SET approved_by_id = submitted_by_id",
        "UPDATE compliance_purposeversion SET record_status = 'draft'",
        "DELETE FROM compliance_purposeversion_editors",
        "DELETE FROM compliance_purposeversion",
        "UPDATE compliance_purposeconcept SET code = 'Other' WHERE code = 'Marketing'",
    ],
)
def test_the_database_lets_nobody_rewrite_what_is_signed(
    world: people.World, writer: Actor, approver: Actor, change: str
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert newest(purpose).name == "Predict pump failures"


def test_the_database_knows_that_nobody_approves_their_own(world: people.World, writer: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    statement = (
        "UPDATE compliance_purposeversion SET record_status = 'approved', approved_at = now(),"
        " approved_by_id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="did not write"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [writer.person_id])


def test_drafts_are_seen_by_those_who_work_on_them_and_signed_purposes_by_everybody(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    draft = drafted_purpose(world.organization, writer)
    signed = approved_purpose(world.organization, approver, writer)
    commands.edit_purpose(actor=writer, purpose_id=signed.uid, content=purpose_content())
    at_work = {Role.STEWARD, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR}
    for role, player in world.players.items():
        seen = set(Purpose.objects.visible_to(player.actor))
        assert seen == ({draft, signed} if role in at_work else {signed}), role
        count = PurposeVersion.objects.visible_to(player.actor).count()
        assert count == (3 if role in at_work else 1), role
    elsewhere = people.world()
    assert not Purpose.objects.visible_to(elsewhere[Role.COMPLIANCE_OFFICER].actor).exists()
    with pytest.raises(NotFound):
        commands.edit_purpose(
            actor=elsewhere[Role.COMPLIANCE_OFFICER].actor, purpose_id=draft.uid, content=purpose_content()
        )


def test_facts_of_a_purpose_say_whether_its_conditions_are_complete(
    world: people.World, approver: Actor
) -> None:
    facts = purpose_facts(
        approved_purpose(
            world.organization,
            approver,
            art9_conditions=frozenset({Art9Condition.HEALTH_CARE}),
            art9_law_ref="§ 22",
            has_professional_secrecy=True,
        ),
        on=today(),
    )
    assert facts.has_legal_ground and facts.art9_has_law_ref and facts.art9_has_safeguards
    assert (facts.valid_to, facts.presumption, facts.art10_basis) == (NO_LIMIT, Presumption.NONE, None)
    without = approved_purpose(world.organization, approver, lawful_basis=None, lia_ref="")
    plain = purpose_facts(without, on=today())
    assert (plain.lawful_basis, plain.has_legal_ground) == (None, False)


def test_the_hierarchy_is_whole_and_a_concept_is_permitted_only_by_all_its_parents() -> None:
    concepts = {each.code: each for each in PurposeConcept.objects.prefetch_related("parents")}
    assert len(concepts) == 122
    roots = [code for code, each in concepts.items() if not each.parents.all()]
    assert roots == ["Purpose"]
    parents = purpose_parents("CommercialResearch")
    assert parents["CommercialResearch"] == {"CommercialPurpose", "ResearchAndDevelopment"}
    assert parents["Purpose"] == frozenset()
    assert not permits({"ResearchAndDevelopment"}, "CommercialResearch", parents)
    assert permits({"ResearchAndDevelopment", "CommercialPurpose"}, "CommercialResearch", parents)
    for code in concepts:
        assert "Purpose" in purpose_parents(code), code
