"""How a person's standing ends: one place for every door through which somebody loses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from apps.accounts.errors import LAST_ADMINISTRATOR, OWN_STANDING, PERSON_DEPARTED, PERSON_NOT_ACTIVE
from apps.accounts.events import PersonDeparted
from apps.accounts.models import (
    Account,
    AccountKind,
    ApiToken,
    Delegation,
    Person,
    PersonStatus,
    ProjectMember,
    RoleAssignment,
    Team,
)
from apps.accounts.roles import Role
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state, rule_broken
from apps.kernel.models import uids

STANDING = "standing of people"
"""The queue of commands whose rules are about several people together: the last administrator, reporting
lines, delegations without chains. None of them begins while another is at work."""


def check_not_oneself(actor: Actor, person: Person) -> None:
    """Raises: RuleBroken."""
    if not actor.is_system and person.pk == actor.person_id:
        raise rule_broken(OWN_STANDING, field="person_id")


def check_here(person: Person, *, field: str) -> None:
    """Raises: RuleBroken where the person has left."""
    if person.status == PersonStatus.DEPARTED:
        raise rule_broken(PERSON_DEPARTED, field=field, name=person.name)


def check_active(person: Person, *, field: str) -> None:
    """Raises: RuleBroken where the person has left or is suspended."""
    check_here(person, field=field)
    if person.status != PersonStatus.ACTIVE:
        raise rule_broken(PERSON_NOT_ACTIVE, field=field, name=person.name)


def check_another_administrator(
    actor: Actor, person: Person, *, but: Account | None = None, at: datetime
) -> None:
    """Raises: InvalidState where nobody else could administer the organization.

    With `but`, the person loses that one account only. The machine is not held: who has left has left.
    """
    if actor.is_system or not _administrators(person.organization_id, at=at).filter(person=person).exists():
        return
    able = Account.objects.filter(kind=AccountKind.PERSON, is_active=True)
    able = able.exclude(pk=but.pk) if but else able.exclude(person=person)
    others = _administrators(person.organization_id, at=at).filter(person__in=able.values("person"))
    if not others.exists():
        raise invalid_state(LAST_ADMINISTRATOR, name=person.name)


def close_accounts(accounts: Collection[Account], *, at: datetime) -> tuple[UUID, ...]:
    """End their sessions and tokens for good; answers with the tokens. Who comes back signs in anew."""
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(sessions_ended_at=at)
    tokens = list(ApiToken.objects.filter(account__in=accounts, revoked_at__isnull=True).order_by("pk"))
    ApiToken.objects.filter(pk__in=[token.pk for token in tokens]).update(revoked_at=at)
    return uids(tokens)


def teams_left(accounts: Collection[Account]) -> tuple[UUID, ...]:
    """The accounts leave every team; answers with those."""
    belonging = Account.groups.through.objects.filter(account__in=accounts)
    teams = uids(Team.objects.filter(group__in=belonging.values("group")).order_by("pk"))
    belonging.delete()
    return teams


def permissions_ended(accounts: Collection[Account]) -> int:
    """Object permissions given by name, on whatever floor the things stand; answers with how many."""
    tables = [model for model in apps.get_models() if issubclass(model, UserObjectPermissionBase)]
    return sum(table._default_manager.filter(user__in=accounts).delete()[0] for table in tables)


def depart(person: Person, *, reason: str, actor: Actor, at: datetime) -> None:
    """The person has left: everything they hold ends, at once and for good. The row is locked already."""
    accounts = list(Account.objects.filter(person=person).order_by("pk"))
    services = [account for account in accounts if account.kind == AccountKind.SERVICE]
    event = PersonDeparted(
        person_id=person.uid,
        account_ids=uids(account for account in accounts if account.kind == AccountKind.PERSON),
        service_account_ids=uids(services),
        token_ids=close_accounts(accounts, at=at),
        role_assignment_ids=_ended(RoleAssignment.objects.filter(person=person), at=at),
        team_ids=teams_left(accounts),
        project_ids=_memberships_ended(person, at=at),
        delegation_ids=_delegations_ended(person, at=at),
        permissions_ended=permissions_ended(accounts),
        departure_reason=reason,
    )
    Account.objects.filter(person=person).update(
        is_active=False, unanswered_since=None, unanswered_told_at=None
    )
    person.status = PersonStatus.DEPARTED
    person.write("status")
    record(event, actor=actor, at=at)


def _administrators(organization_id: int, *, at: datetime) -> Any:
    return RoleAssignment.objects.held_at(at).filter(
        role=Role.ADMINISTRATOR,
        organization=organization_id,
        domain__isnull=True,
        person__status=PersonStatus.ACTIVE,
    )


def _ended(found: Any, *, at: datetime) -> tuple[UUID, ...]:
    """Dated rows that are not over end now; what has not begun never does."""
    rows = list(found.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).order_by("pk"))
    for row in rows:
        row.ends_at = max(at, row.starts_at)
        row.write("ends_at")
    return uids(rows)


def _memberships_ended(person: Person, *, at: datetime) -> tuple[UUID, ...]:
    memberships = ProjectMember.objects.filter(person=person).select_related("project").order_by("pk")
    projects = {row.pk: row.project.uid for row in memberships if row.ends_at is None or row.ends_at > at}
    _ended(ProjectMember.objects.filter(person=person), at=at)
    return tuple(dict.fromkeys(projects.values()))


def _delegations_ended(person: Person, *, at: datetime) -> tuple[UUID, ...]:
    found = Delegation.objects.filter(Q(delegator=person) | Q(delegate=person)).not_over(at)
    rows = list(found.order_by("pk"))
    for row in rows:
        row.ended_at = at
        row.write("ended_at")
    return uids(rows)
