"""Who sees requests and grants: one rule for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from apps.accounts.authorization import HeldRole, standing_of
from apps.accounts.models import ProjectMember
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.models import HouseQuerySet

WATCHING = frozenset({Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})
Q_ = TypeVar("Q_", bound=HouseQuerySet)  # type: ignore[type-arg]


def projects_of(actor: Actor) -> QuerySet[ProjectMember, int]:
    """The projects the actor is a member of now."""
    member = ProjectMember.objects.filter(person=actor.person_key, project__ends_at__gt=Now())
    return member.not_over().filter(starts_at__lte=Now()).values_list("project", flat=True)


def seen_by(
    rows: Q_,
    actor: Actor,
    *,
    people: tuple[str, ...],
    service_account: str,
    project: str,
    whole: Callable[[Q], Q],
    shown: Q,
    keeping: tuple[ObjectPermission, ...] = (ObjectPermission.OWN,),
    asked: Mapping[Role, Callable[[], Q]] | None = None,
) -> Q_:
    """Those it belongs to see a row; and, once it is `shown`, who watches over all of its assets, or holds
    one of the object permissions `keeping` on them.

    Of a project's rows its lead and its members see all, as long as they are that.

    `people`, `service_account` and `project` are paths; `whole` turns a condition on one asset into one on
    all assets of the row, so that nobody learns of an asset by owning another that was asked for beside it.
    `asked` makes the rows that a role sees besides, where it covers all of the assets.
    """
    if actor.is_system:
        return rows
    standing = standing_of(actor)
    if not standing.is_active:
        return rows.none()
    if actor.kind is ActorKind.SERVICE:
        return rows.filter(**{service_account: actor.account_id})
    sight = Q()
    for permission in keeping:
        sight |= whole(Q(asset__in=Asset.objects.where_may(actor, permission).values("pk")))
    watched = [held for held in standing.roles if held.role in WATCHING]
    if watched:
        sight |= whole(covered_by(watched))
    for role, rows_asked in (asked or {}).items():
        held_so = [held for held in standing.roles if held.role is role]
        if held_so:
            sight |= rows_asked() & whole(covered_by(held_so))
    sight &= shown
    for path in people:
        sight |= Q(**{path: actor.person_id})
    sight |= Q(**{f"{project}__in": projects_of(actor)}) | Q(**{f"{project}__lead": actor.person_id})
    return rows.filter(sight)


def is_own(actor: Actor, person: int, service_account: int | None) -> bool:
    """Whether `seen_by` shows them a row of this person and service account for that alone."""
    if actor.is_system or not standing_of(actor).is_active:
        return False
    if actor.kind is ActorKind.SERVICE:
        return service_account == actor.account_id
    return person == actor.person_id


def covered_by(held_roles: Iterable[HeldRole]) -> Q:
    """Rows whose asset the roles reach."""
    roles = list(held_roles)
    everywhere = [held.organization_id for held in roles if held.domain_id is None]
    domains = [held.domain_id for held in roles if held.domain_id is not None]
    return Q(asset__organization__in=everywhere) | Q(asset__domain__in=domains)
