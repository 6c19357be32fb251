"""Ties between people that hold at a moment, as those read them who decide who may decide.

`person_ids` and `project_ids` are inside numbers; with each goes the uid, by which facts name people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.accounts.models import (
    Account,
    AccountKind,
    ConflictDeclaration,
    Delegation,
    Person,
    PersonStatus,
    ProjectMember,
    RoleAssignment,
)
from apps.accounts.roles import DELEGABLE, Role

BY_NAME = {Role.OWNER: "own", Role.STEWARD: "steward"}
"""Roles that may also be held for single assets and domains, by an object permission of that name."""
MOST_COLLEAGUES = 200


@dataclass(frozen=True, kw_only=True)
class DelegationNow:
    """The delegate answers in the delegator's stead, for these roles in this scope."""

    uid: UUID
    delegator_id: int
    delegator: UUID
    delegate_id: int
    delegate: UUID
    roles: frozenset[str]
    organization_id: int
    domain_id: int | None

    def covers(self, *, organization_id: int, domain_id: int | None) -> bool:
        in_domain = self.domain_id is None or self.domain_id == domain_id
        return self.organization_id == organization_id and in_domain


@dataclass(frozen=True, kw_only=True)
class ConflictNow:
    """The person should not decide about the target, a thing of that kind."""

    person_id: int
    person: UUID
    kind: str
    target_uid: UUID


@dataclass(frozen=True, kw_only=True)
class MemberNow:
    project_id: int
    person_id: int
    person: UUID


def delegations_now(*, at: datetime, person_ids: Collection[int]) -> list[DelegationNow]:
    """Those in force to or from any of these people."""
    found = Delegation.objects.in_force(at).filter(Q(delegator__in=person_ids) | Q(delegate__in=person_ids))
    return [
        DelegationNow(
            uid=row.uid,
            delegator_id=row.delegator_id,
            delegator=row.delegator.uid,
            delegate_id=row.delegate_id,
            delegate=row.delegate.uid,
            roles=frozenset(row.roles),
            organization_id=row.organization_id,
            domain_id=row.domain_id,
        )
        for row in found.select_related("delegator", "delegate").order_by("pk")
    ]


def conflicts_now(*, at: datetime, person_ids: Collection[int]) -> list[ConflictNow]:
    """The conflicts of interest in force of these people."""
    found = ConflictDeclaration.objects.in_force(at).filter(person__in=person_ids)
    return [
        ConflictNow(person_id=row.person_id, person=row.person.uid, kind=row.kind, target_uid=row.target_uid)
        for row in found.select_related("person").order_by("pk")
    ]


def members_now(*, project_ids: Collection[int], at: datetime) -> dict[int, tuple[MemberNow, ...]]:
    """The members in force of each project; none of a project that has ended."""
    found: dict[int, list[MemberNow]] = defaultdict(list)
    rows = ProjectMember.objects.in_force(at).filter(project__in=project_ids, project__ends_at__gt=at)
    for row in rows.select_related("person").order_by("pk"):
        found[row.project_id].append(
            MemberNow(project_id=row.project_id, person_id=row.person_id, person=row.person.uid)
        )
    return {project_id: tuple(found[project_id]) for project_id in project_ids}


def decides_as(role: Role, person: Person, *, domain_id: int | None, at: datetime) -> bool:
    """Whether the person holds the role somewhere in that scope, now or from a day already set.

    An owner or a steward may be one by an object permission instead, on whatever floor the thing stands.
    """
    held = RoleAssignment.objects.filter(person=person, role=role).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    )
    if domain_id is not None:
        held = held.filter(Q(domain__isnull=True) | Q(domain=domain_id))
    return held.exists() or (role in BY_NAME and _holds_by_name(BY_NAME[role], person))


def roles_held(person: Person, *, at: datetime) -> frozenset[str]:
    """Words of the roles held now, wherever."""
    held = RoleAssignment.objects.held_at(at).filter(person=person)
    return frozenset(held.values_list("role", flat=True))


def colleagues_deciding_with(person: Person, *, at: datetime) -> list[Person]:
    """Who could stand in for the person: active colleagues who hold a role that the person holds too."""
    own = RoleAssignment.objects.held_at(at).filter(person=person, role__in=DELEGABLE).values("role")
    alike = RoleAssignment.objects.held_at(at).filter(role__in=own, organization=person.organization_id)
    found = Person.objects.filter(pk__in=alike.values("person"), status=PersonStatus.ACTIVE)
    return list(found.exclude(pk=person.pk).order_by("name")[:MOST_COLLEAGUES])


def _holds_by_name(word: str, person: Person) -> bool:
    accounts = Account.objects.filter(person=person, kind=AccountKind.PERSON, is_active=True)
    codename = f"{word}_"
    return any(
        table._default_manager.filter(permission__codename__startswith=codename)
        .filter(**{reach: accounts if reach == "user__in" else accounts.values("groups")})
        .exists()
        for table, reach in _permission_tables()
    )


def _permission_tables() -> list[tuple[Any, str]]:
    by_account = [
        (table, "user__in") for table in apps.get_models() if issubclass(table, UserObjectPermissionBase)
    ]
    by_team = [
        (table, "group__in") for table in apps.get_models() if issubclass(table, GroupObjectPermissionBase)
    ]
    return [*by_account, *by_team]
