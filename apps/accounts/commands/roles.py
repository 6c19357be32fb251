"""Giving roles and ending them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.standing import STANDING, check_another_administrator, check_here
from apps.accounts.errors import (
    ENDS_BEFORE_START,
    ROLE_ENDED_ALREADY,
    ROLE_HELD_ALREADY,
    ROLE_OUTSIDE_ORGANIZATION,
    ROLE_TO_ONESELF,
)
from apps.accounts.events import RoleAssigned, RoleEnded
from apps.accounts.models import Domain, Organization, Person, RoleAssignment
from apps.accounts.operations import Operation
from apps.accounts.roles import Role
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken


@command(lock=Person)
def assign_role(
    *,
    actor: Actor,
    person_id: UUID,
    role: Role,
    organization_id: UUID,
    domain_id: UUID | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime,
) -> RoleAssignment:
    """Give a person a role in an organization, or in one domain of it. Never to oneself.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, Conflict.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    organization = Organization.objects.visible_to(actor).one(organization_id)
    domain = _domain(actor, organization, domain_id)
    resource = Resource(kind="person", uid=person.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.ASSIGN_ROLE, resource=resource)
    if person.pk == actor.person_id:
        raise rule_broken(ROLE_TO_ONESELF, field="person_id")
    check_here(person, field="person_id")
    if person.organization_id != organization.pk:
        raise rule_broken(ROLE_OUTSIDE_ORGANIZATION, field="person_id")
    begins = starts_at or at
    if ends_at is not None and ends_at <= begins:
        raise invalid("ends_at", ENDS_BEFORE_START, starts_at=begins.isoformat(), ends_at=ends_at.isoformat())
    held = RoleAssignment.objects.filter(person=person, role=role, organization=organization, domain=domain)
    if held.held_at(begins).exists():
        raise conflict(ROLE_HELD_ALREADY, role=role.value)
    assignment = RoleAssignment.objects.create(
        person=person,
        role=role,
        organization=organization,
        domain=domain,
        starts_at=begins,
        ends_at=ends_at,
        created_at=at,
    )
    event = RoleAssigned(
        role_assignment_id=assignment.uid,
        person_id=person.uid,
        role=role,
        domain_id=domain.uid if domain else None,
        starts_at=begins,
        ends_at=ends_at,
    )
    record(event, actor=actor, at=at)
    return assignment


@command(lock=RoleAssignment, queue=STANDING)
def end_role(*, actor: Actor, role_assignment_id: UUID, at: datetime) -> RoleAssignment:
    """End an assignment now.  Raises: NotFound, NotPermitted, InvalidState."""
    assignment = RoleAssignment.objects.visible_to(actor).for_update(role_assignment_id)
    resource = Resource(
        kind="role assignment", uid=assignment.uid, organization_id=assignment.organization_id
    )
    authorize(actor=actor, operation=Operation.ASSIGN_ROLE, resource=resource)
    if assignment.ends_at is not None and assignment.ends_at <= at:
        raise invalid_state(ROLE_ENDED_ALREADY)
    if assignment.role == Role.ADMINISTRATOR and assignment.domain_id is None:
        check_another_administrator(actor, assignment.person, at=at)
    assignment.ends_at = max(at, assignment.starts_at)
    assignment.write("ends_at")
    event = RoleEnded(
        role_assignment_id=assignment.uid, person_id=assignment.person.uid, role=assignment.role
    )
    record(event, actor=actor, at=at)
    return assignment


def _domain(actor: Actor, organization: Organization, domain_id: UUID | None) -> Domain | None:
    if domain_id is None:
        return None
    return Domain.objects.visible_to(actor).filter(organization=organization).one(domain_id)
