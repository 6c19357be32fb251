"""Conflicts of interest: declared by the person, or recorded by a compliance officer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import check_length
from apps.accounts.commands.standing import check_here
from apps.accounts.errors import (
    CONFLICT_ENDED_ALREADY,
    CONFLICT_KNOWN_ALREADY,
    CONFLICT_RECORDED_ABOUT_ONESELF,
    CONFLICT_WITH_ONESELF,
    ENDS_BEFORE_START,
)
from apps.accounts.events import ConflictDeclared, ConflictEnded
from apps.accounts.models import (
    ConflictDeclaration,
    ConflictKind,
    Person,
)
from apps.accounts.models.delegation import LONGEST_NOTE
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken


@command(lock=Person)
def declare_conflict(
    *,
    actor: Actor,
    person_id: UUID,
    kind: ConflictKind,
    target_id: UUID,
    note: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime,
) -> ConflictDeclaration:
    """The person should not decide about the target, from now on or in that time.

    Whether there is such a thing is not looked at, so that nobody can ask that way what is hidden from them:
    a declaration about nothing concerns nothing.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, Conflict.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    own = frozenset({person.pk})
    authorize(actor=actor, operation=Operation.DECLARE_CONFLICT, resource=_of(person, own))
    check_here(person, field="person_id")
    check_length(note, LONGEST_NOTE, field="note")
    if target_id == person.uid:
        raise rule_broken(CONFLICT_WITH_ONESELF, field="target_id")
    begins = max(starts_at or at, at)
    if ends_at is not None and ends_at <= begins:
        raise invalid("ends_at", ENDS_BEFORE_START, starts_at=begins.isoformat(), ends_at=ends_at.isoformat())
    known = ConflictDeclaration.objects.filter(person=person, kind=kind, target_uid=target_id)
    if known.in_force(begins).exists():
        raise conflict(CONFLICT_KNOWN_ALREADY)
    declared = ConflictDeclaration.objects.create(
        person=person,
        kind=kind,
        target_uid=target_id,
        note=note,
        recorded_by_id=actor.person_id,
        starts_at=begins,
        ends_at=ends_at,
        created_at=at,
    )
    event = ConflictDeclared(
        conflict_id=declared.uid,
        person_id=person.uid,
        kind=kind,
        target_id=target_id,
        starts_at=begins,
        ends_at=ends_at,
        note=note,
    )
    record(event, actor=actor, at=at)
    return declared


@command(lock=ConflictDeclaration)
def end_conflict(*, actor: Actor, conflict_declaration_id: UUID, at: datetime) -> ConflictDeclaration:
    """End a declaration now. What somebody else recorded about a person, the person does not end.

    Raises: NotFound, NotPermitted, RuleBroken, InvalidState.
    """
    declared = ConflictDeclaration.objects.visible_to(actor).for_update(conflict_declaration_id)
    is_own = declared.recorded_by_id == declared.person_id
    own = frozenset({declared.person_id}) if is_own else frozenset()
    if declared.person_id == actor.person_id and not is_own:
        raise rule_broken(CONFLICT_RECORDED_ABOUT_ONESELF, field="conflict_declaration_id")
    authorize(actor=actor, operation=Operation.END_CONFLICT, resource=_of(declared.person, own))
    if declared.ends_at is not None and declared.ends_at <= at:
        raise invalid_state(CONFLICT_ENDED_ALREADY)
    declared.ends_at = max(at, declared.starts_at)
    declared.write("ends_at")
    record(ConflictEnded(conflict_id=declared.uid, person_id=declared.person.uid), actor=actor, at=at)
    return declared


def _of(person: Person, own: frozenset[int]) -> Resource:
    return Resource(kind="conflict of interest", organization_id=person.organization_id, persons=own)
