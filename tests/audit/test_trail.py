"""No trail, no change; and the trail is never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts import commands
from apps.accounts.authorization import Resource, authorize
from apps.accounts.events import DomainCreated
from apps.accounts.models import Domain
from apps.accounts.operations import Operation
from apps.accounts.queries import acted_by, trail_visible_to, with_actors
from apps.accounts.roles import ObjectPermission, Role
from apps.audit.acting import acting_as
from apps.audit.command import COMMANDS
from apps.audit.models import AuditEvent, AuditPersonal, Outcome
from apps.audit.queries import reasons_of
from apps.audit.record import commitment, record
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted, RuleBroken
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def newest() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def test_a_change_leaves_one_row_that_says_who_what_and_when() -> None:
    world = people.world()
    before = AuditEvent.objects.count()
    domain = commands.create_domain(
        actor=world[Role.ADMINISTRATOR].actor,
        organization_id=world.organization.uid,
        name="Wells",
        audience="organization",
    )
    assert AuditEvent.objects.count() == before + 1
    row = newest()
    assert (row.name, row.outcome, row.subject_uid) == ("accounts.domain.created", Outcome.DONE, domain.uid)
    assert row.actor_account_id == world[Role.ADMINISTRATOR].account.pk
    assert row.data["domain_name"] == "Wells"
    assert row.xid


def test_a_refusal_changes_nothing_and_leaves_one_row_that_says_why() -> None:
    world = people.world()
    before = Domain.objects.count()
    with pytest.raises(NotPermitted) as refusal:
        commands.create_domain(
            actor=world[Role.SCIENTIST].actor,
            organization_id=world.organization.uid,
            name="Wells",
            audience="organization",
        )
    assert refusal.value.code == "NOT_PERMITTED"
    assert Domain.objects.count() == before
    row = newest()
    assert (row.name, row.outcome) == ("accounts.create_domain", Outcome.REFUSED)
    assert row.subject_uid == world.organization.uid
    reason = row.data["reasons"][0]
    assert reason["code"] == "NOT_PERMITTED"
    assert reason["facts"]["operation"] == Operation.MANAGE_DOMAIN.value


def test_what_may_be_personal_lies_apart_under_a_salt_and_can_be_dropped() -> None:
    person = people.person(people.organization(), name="Somebody", username="somebody")
    row = AuditEvent.objects.get(name="accounts.person.registered", subject_uid=person.uid)
    assert "Somebody" not in str(row.data)
    kept = {entry.field: entry for entry in AuditPersonal.objects.filter(event=row)}
    assert kept["person_name"].value == "Somebody"
    assert row.commitments["person_name"] == commitment(kept["person_name"].salt, "Somebody")
    assert kept["person_name"].salt != kept["username"].salt


def test_what_the_machine_does_within_a_command_stands_in_the_trail_of_whom_it_is_about() -> None:
    world = people.world()
    event, at = DomainCreated(domain_id=world.domain.uid, domain_name="Wells", audience="all"), database_now()
    with acting_as(world[Role.ADMINISTRATOR].actor):
        with acting_as(SYSTEM.renewed()):
            assert record(event, actor=SYSTEM, at=at).organization_id == world.organization.pk
        assert record(event, actor=SYSTEM, at=at).organization_id == world.organization.pk
    assert record(event, actor=SYSTEM, at=at).organization_id is None


def test_what_the_machine_does_by_itself_stands_where_the_command_was_about() -> None:
    world = people.world()
    other = people.organization()
    machine = SYSTEM.renewed()
    event, at = DomainCreated(domain_id=world.domain.uid, domain_name="Wells", audience="all"), database_now()
    with acting_as(machine):
        for organization in (other, world.organization):
            resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
            authorize(actor=machine, operation=Operation.MANAGE_DOMAIN, resource=resource)
            assert record(event, actor=SYSTEM, at=at).organization_id == organization.pk


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditevent SET name = 'x'", "DELETE FROM audit_auditevent"]
)
def test_the_application_cannot_change_the_trail(statement: str) -> None:
    people.organization()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.exists()


def test_nobody_gives_a_role_to_themselves() -> None:
    world = people.world()
    admin = world[Role.ADMINISTRATOR]
    with pytest.raises(RuleBroken) as refusal:
        commands.assign_role(
            actor=admin.actor,
            person_id=admin.person.uid,
            role=Role.COMPLIANCE_OFFICER,
            organization_id=world.organization.uid,
        )
    assert refusal.value.code == "ROLE_TO_ONESELF"


def test_a_second_account_of_the_same_person_does_not_help() -> None:
    world = people.world()
    admin = world[Role.ADMINISTRATOR]
    second = commands.add_account(actor=SYSTEM, person_id=admin.person.uid, username="second-face")
    domain = world.domain
    with pytest.raises(RuleBroken) as refusal:
        commands.give_domain_permission(
            actor=admin.actor, domain_id=domain.uid, permission=ObjectPermission.OWN, holder_id=second.uid
        )
    assert refusal.value.code == "ROLE_TO_ONESELF"


def test_the_clock_is_read_after_the_lock() -> None:
    """A command that had to wait is not told the time at which it began to wait."""
    world = people.world()
    earlier = database_now()
    domain = commands.change_domain(actor=SYSTEM, domain_id=world.domain.uid, description="changed")
    assert newest().at >= earlier
    assert newest().at - earlier < timedelta(minutes=1)
    assert domain.row_version == 2


def test_every_command_is_known_by_app_and_name() -> None:
    assert {"accounts.assign_role", "accounts.create_domain"} <= COMMANDS.keys()


def test_the_reasons_of_a_refusal_are_read_back_as_they_were_given() -> None:
    world = people.world()
    with pytest.raises(NotPermitted) as refusal:
        commands.create_domain(
            actor=world[Role.SCIENTIST].actor,
            organization_id=world.organization.uid,
            name="Wells",
            audience="organization",
        )
    row = newest()
    assert reasons_of(row) == refusal.value.reasons
    row.data["reasons"][0]["code"] = "A_CODE_OF_AN_OLD_RELEASE"
    assert reasons_of(row) == ()
    row.outcome = Outcome.DONE
    assert reasons_of(row) == ()


def test_the_trail_is_searched_by_who_acted() -> None:
    world = people.world()
    admin = world[Role.ADMINISTRATOR]
    commands.create_domain(
        actor=admin.actor, organization_id=world.organization.uid, name="Wells", audience="organization"
    )
    events = trail_visible_to(world[Role.AUDITOR].actor)
    (row,) = acted_by(with_actors(events), admin.person.name).filter(name="accounts.domain.created")[:1]
    assert (row.actor_name, row.actor_username) == (admin.person.name, admin.account.username)  # type: ignore[attr-defined]
    assert acted_by(events, admin.account.username).filter(pk=row.pk).exists()
    assert not acted_by(events, "nobody-like-this").exists()
    assert acted_by(events, "").count() == events.count()
