"""Who holds roles, or is accountable by name, from when until when; and who is away meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from apps.accounts.models import ConflictDeclaration, Delegation, RoleAssignment
from apps.accounts.queries.holders import people_acting
from apps.accounts.roles import ObjectPermission, Role
from apps.kernel.clock import start_of_utc_day


@dataclass(frozen=True, kw_only=True)
class Holder:
    """An active person with an account of theirs; who is under contract is here until it ends."""

    person_id: int
    name: str
    here_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoleSpan:
    """The role is held from `starts_at` on, in the whole organization where no domain is named."""

    holder: Holder
    role: str
    domain_id: int | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AwaySpan:
    """Somebody else answers for the person in these roles."""

    person_id: int
    roles: frozenset[str]
    domain_id: int | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConflictSpan:
    """The person does not decide about the target: an organization, a domain or an asset, by its uid."""

    person_id: int
    target_uid: UUID
    starts_at: datetime
    ends_at: datetime | None


def role_spans(
    roles: Collection[Role], *, organization_id: int, at: datetime, until: datetime
) -> list[RoleSpan]:
    """Every assignment in force at some moment of the time between. One statement."""
    found = RoleAssignment.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
        starts_at__lt=until,
        role__in=roles,
        organization=organization_id,
        person__in=people_acting().values("person"),
    ).select_related("person")
    return [
        RoleSpan(
            holder=_holder(row.person_id, row.person.name, row.person.contract_ends_on),
            role=row.role,
            domain_id=row.domain_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in found.order_by("pk")
    ]


def named_holders(
    permission: ObjectPermission, targets: Collection[QuerySet[Any]]
) -> dict[tuple[str, int], frozenset[Holder]]:
    """Who holds the permission on each of the things by name or in a team, by kind and key of the thing.
    One statement, however many kinds of things."""
    parts = [part for rows in targets for part in _named(permission, rows)]
    found: dict[tuple[str, int], frozenset[Holder]] = {}
    for kind, key, *who in parts[0].union(*parts[1:]):
        found[kind, key] = found.get((kind, key), frozenset()) | {_holder(*who)}
    return found


def away_spans(*, organization_id: int, at: datetime, until: datetime) -> list[AwaySpan]:
    """Delegations in force at some moment of the time between: whoever delegated is away. One statement."""
    found = Delegation.objects.not_over(at).filter(organization=organization_id, starts_at__lt=until)
    return [
        AwaySpan(
            person_id=row.delegator_id,
            roles=frozenset(row.roles),
            domain_id=row.domain_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in found.order_by("pk")
    ]


def conflict_spans(*, organization_id: int, at: datetime, until: datetime) -> list[ConflictSpan]:
    """Conflicts of interest declared by people of the organization. One statement."""
    found = ConflictDeclaration.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
        starts_at__lt=until,
        person__organization=organization_id,
    )
    return [
        ConflictSpan(
            person_id=row.person_id,
            target_uid=row.target_uid,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in found.order_by("pk")
    ]


def _named(permission: ObjectPermission, targets: QuerySet[Any]) -> list[QuerySet[Any, Any]]:
    model: Any = targets.model
    kind: str = model._meta.model_name
    by_account: Any = get_user_obj_perms_model(model)
    by_team: Any = get_group_obj_perms_model(model)
    ways = ((by_account, "user"), (by_team, "group__user"))
    acting = people_acting()
    return [
        table.objects.filter(
            permission__codename=f"{permission.word}_{kind}",
            content_object__in=targets.order_by().values("pk"),
            **{f"{account}__in": acting},
        )
        .annotate(thing=Value(kind))
        .values_list(
            "thing",
            "content_object",
            f"{account}__person",
            f"{account}__person__name",
            f"{account}__person__contract_ends_on",
        )
        for table, account in ways
    ]


def _holder(person_id: int, name: str, contract_ends_on: Any) -> Holder:
    here_until = start_of_utc_day(contract_ends_on) if contract_ends_on else None
    return Holder(person_id=person_id, name=name, here_until=here_until)
