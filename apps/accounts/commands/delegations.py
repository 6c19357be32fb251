"""Standing in for somebody who is away. It gives nobody a role, and makes neither chains nor circles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import check_length
from apps.accounts.commands.standing import STANDING, check_active
from apps.accounts.errors import (
    DELEGATE_WITHOUT_ROLE,
    DELEGATION_CHAIN,
    DELEGATION_CYCLE,
    DELEGATION_ENDED,
    DELEGATION_HELD_ALREADY,
    DELEGATION_TO_ONESELF,
    DELEGATOR_WITHOUT_ROLE,
    ENDS_BEFORE_START,
    ROLE_NOT_DELEGABLE,
    WHY_MISSING,
)
from apps.accounts.events import DelegationCreated, DelegationEnded
from apps.accounts.models import Delegation, Domain, Person
from apps.accounts.models.delegation import LONGEST_NOTE
from apps.accounts.operations import Operation
from apps.accounts.queries.ties import decides_as
from apps.accounts.roles import DELEGABLE, Role
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.characters import is_blank
from apps.kernel.errors import conflict, invalid, invalid_state, not_found, rule_broken

RULE = "A38"


@command(queue=STANDING)
def create_delegation(
    *,
    actor: Actor,
    delegator_id: UUID,
    delegate_id: UUID,
    roles: Collection[Role],
    ends_at: datetime,
    starts_at: datetime | None = None,
    domain_id: UUID | None = None,
    reason: str = "",
    at: datetime,
) -> Delegation:
    """Let somebody answer in the delegator's stead: by the delegator, or by an administrator who says why.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (to oneself, a chain, a circle, a role that one
    of the two does not hold), Conflict.
    """
    delegator = Person.objects.visible_to(actor).one(delegator_id)
    authorize(actor=actor, operation=Operation.DELEGATE, resource=_of(delegator))
    delegate = _colleague(delegator, delegate_id)
    if delegator.pk != actor.person_id and not actor.is_system and is_blank(reason):
        raise invalid("reason", WHY_MISSING)
    check_length(reason, LONGEST_NOTE, field="reason")
    begins = max(starts_at or at, at)
    if ends_at <= begins:
        raise invalid("ends_at", ENDS_BEFORE_START, starts_at=begins.isoformat(), ends_at=ends_at.isoformat())
    domain = _domain(actor, delegator, domain_id)
    delegation = Delegation(
        delegator=delegator,
        delegate=delegate,
        roles=sorted({role.value for role in roles}),
        organization=delegator.organization,
        domain=domain,
        starts_at=begins,
        ends_at=ends_at,
        reason=reason,
        created_at=at,
    )
    _check_roles(delegation, at=at)
    _check_neither_chain_nor_cycle(delegation, at=at)
    delegation.save()
    record(_told(delegation), actor=actor, at=at)
    return delegation


@command(lock=Delegation)
def end_delegation(*, actor: Actor, delegation_id: UUID, at: datetime) -> Delegation:
    """End it now: by either of the two, or by an administrator.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    delegation = Delegation.objects.visible_to(actor).for_update(delegation_id)
    resource = _of(delegation.delegator, delegation.delegate_id)
    authorize(actor=actor, operation=Operation.END_DELEGATION, resource=resource)
    if delegation.is_over(at):
        raise invalid_state(DELEGATION_ENDED)
    delegation.ended_at = at
    event = DelegationEnded(
        delegation_id=delegation.uid,
        delegator_id=delegation.delegator.uid,
        delegate_id=delegation.delegate.uid,
    )
    record(event, actor=actor, at=at)
    return delegation.write("ended_at")


def _of(delegator: Person, *others: int) -> Resource:
    return Resource(
        kind="delegation",
        organization_id=delegator.organization_id,
        persons=frozenset({delegator.pk, *others}),
    )


def _colleague(delegator: Person, delegate_id: UUID) -> Person:
    """Whoever is away need not be able to see everybody: a colleague is named by id.

    Raises: NotFound, RuleBroken.
    """
    delegate = Person.objects.filter(uid=delegate_id).first()
    if delegate is None:
        raise not_found("person")
    if delegate.pk == delegator.pk:
        raise rule_broken(DELEGATION_TO_ONESELF, rule=RULE, field="delegate_id")
    if delegate.organization_id != delegator.organization_id:
        raise not_found("person")
    check_active(delegator, field="delegator_id")
    check_active(delegate, field="delegate_id")
    return delegate


def _domain(actor: Actor, delegator: Person, domain_id: UUID | None) -> Domain | None:
    if domain_id is None:
        return None
    return Domain.objects.visible_to(actor).filter(organization=delegator.organization_id).one(domain_id)


def _check_roles(delegation: Delegation, *, at: datetime) -> None:
    """Raises: InvalidInput, RuleBroken."""
    if not delegation.roles:
        raise invalid("roles", ROLE_NOT_DELEGABLE, role="", known=_words(DELEGABLE))
    for role in (Role(word) for word in delegation.roles):
        if role not in DELEGABLE:
            raise invalid("roles", ROLE_NOT_DELEGABLE, role=role.value, known=_words(DELEGABLE))
        for person, field, code in (
            (delegation.delegator, "roles", DELEGATOR_WITHOUT_ROLE),
            (delegation.delegate, "delegate_id", DELEGATE_WITHOUT_ROLE),
        ):
            if not decides_as(role, person, domain_id=delegation.domain_id, at=at):
                raise rule_broken(code, rule=RULE, field=field, name=person.name, role=role.value)


def _check_neither_chain_nor_cycle(new: Delegation, *, at: datetime) -> None:
    """Conflicts are inherited from one person to the next and no further; so nobody is both in one time.

    Raises: RuleBroken, Conflict.
    """
    beside = (
        Delegation.objects.not_over(at)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=new.starts_at))
        .filter(starts_at__lt=new.ends_at, ends_at__gt=new.starts_at)
        .select_related("delegator", "delegate")
    )
    back = beside.filter(delegator=new.delegate, delegate=new.delegator).first()
    if back is not None:
        raise rule_broken(DELEGATION_CYCLE, rule=RULE, field="delegate_id", **_names(new))
    for person, found in (
        (new.delegate, beside.filter(delegator=new.delegate)),
        (new.delegator, beside.filter(delegate=new.delegator)),
    ):
        if (other := found.first()) is not None:
            names = {**_names(other), "name": person.name}
            raise rule_broken(DELEGATION_CHAIN, rule=RULE, field="delegate_id", **names)
    same = beside.filter(delegator=new.delegator, delegate=new.delegate, domain=new.domain)
    if same.filter(roles__overlap=new.roles).exists():
        raise conflict(DELEGATION_HELD_ALREADY, roles=", ".join(new.roles), **_names(new))


def _names(delegation: Delegation) -> dict[str, Any]:
    return {"delegator": delegation.delegator.name, "delegate": delegation.delegate.name}


def _words(roles: Collection[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles))


def _told(delegation: Delegation) -> DelegationCreated:
    return DelegationCreated(
        delegation_id=delegation.uid,
        delegator_id=delegation.delegator.uid,
        delegate_id=delegation.delegate.uid,
        roles=tuple(delegation.roles),
        domain_id=delegation.domain.uid if delegation.domain else None,
        starts_at=delegation.starts_at,
        ends_at=delegation.ends_at,
        delegation_reason=delegation.reason,
    )
