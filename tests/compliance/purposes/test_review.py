"""A purpose is written, reviewed and approved by two people, and what is signed stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts import commands as accounts
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance import commands, queries
from apps.compliance.facts import purpose_facts
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.models import Purpose, PurposeVersion
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from apps.policy.facts import PurposeState
from apps.policy.vocabulary import LawfulBasis
from tests.compliance.purposes.reading import newest, today
from tests.factories import accounts as people
from tests.factories.compliance import (
    approved_purpose,
    drafted_purpose,
    purpose_content,
)

pytestmark = pytest.mark.django_db


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


def test_a_rejected_version_stays_as_it_was_put_and_another_one_may_follow(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    with pytest.raises(InvalidState, match="RECORD_STATE"):
        commands.reject_purpose(actor=approver, purpose_id=purpose.uid, reason="Unlawful.")
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    with pytest.raises(NotPermitted, match="RECORD_OWN"):
        commands.reject_purpose(actor=writer, purpose_id=purpose.uid, reason="Unlawful.")
    with pytest.raises(InvalidInput, match="RECORD_REJECTION_REASON_MISSING"):
        commands.reject_purpose(actor=approver, purpose_id=purpose.uid, reason=" ")
    rejected = commands.reject_purpose(actor=approver, purpose_id=purpose.uid, reason="Unlawful.")
    assert (rejected.record_status, rejected.returned_reason) == (RecordStatus.REJECTED, "Unlawful.")
    assert (rejected.rejected_by_id, rejected.approved_by_id) == (approver.person_id, None)
    assert purpose_facts(purpose, on=today()).state is PurposeState.REJECTED
    told = AuditEvent.objects.filter(subject_uid=purpose.uid).latest("pk")
    assert told.name == "compliance.purpose.rejected"
    assert not queries.purposes_to_review(approver).exists()
    assert not Purpose.objects.visible_to(world[Role.SCIENTIST].actor).exists()
    with pytest.raises(InvalidState, match="RECORD_NOT_OPEN"):
        commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    again = commands.edit_purpose(
        actor=writer, purpose_id=purpose.uid, content=purpose_content(name="Valves")
    )
    assert (again.number, again.record_status, again.returned_reason) == (2, RecordStatus.DRAFT, "")
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    assert purpose_facts(purpose, on=today()).version == "2"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE compliance_purposeversion SET record_status = 'draft'", "does not become"),
        ("UPDATE compliance_purposeversion SET record_status = 'approved'", "does not become"),
        ("UPDATE compliance_purposeversion SET name = 'Another'", "not edited"),
        ("UPDATE compliance_purposeversion SET returned_reason = 'Milder.'", "stays as it is"),
        ("UPDATE compliance_purposeversion SET rejected_by_id = NULL", "stays as it is"),
    ],
)
def test_the_database_lets_nobody_rewrite_what_was_rejected(
    world: people.World, writer: Actor, approver: Actor, change: str, words: str
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.reject_purpose(actor=approver, purpose_id=purpose.uid, reason="Unlawful.")
    with (
        pytest.raises(IntegrityError, match=words),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_purposeversion SET record_status = 'approved', approved_at = now(),"
        " approved_by_id = %s",
        "UPDATE compliance_purposeversion SET record_status = 'rejected', ended_at = now(),"
        " returned_reason = 'No.', rejected_by_id = %s",
    ],
)
def test_the_database_knows_that_nobody_decides_on_their_own(
    world: people.World, writer: Actor, approver: Actor, statement: str
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    with (
        pytest.raises(IntegrityError, match="did not write"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [writer.person_id])
    with connection.cursor() as cursor:
        cursor.execute(statement, [approver.person_id])
    assert newest(purpose).record_status in statement


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
