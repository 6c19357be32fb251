"""Who sees requests and grants: one rule for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from apps.accounts.authorization import standing_of
from apps.accounts.models import Project, ProjectMember
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


def projects_linked_to(actor: Actor) -> QuerySet[Project]:
    """Those whose requests the actor does not decide: led by them, or theirs now or soon."""
    member = ProjectMember.objects.filter(person=actor.person_key).not_over()
    return Project.objects.filter(Q(lead=actor.person_key) | Q(pk__in=member.values("project")))


def seen_by(
    rows: Q_,
    actor: Actor,
    *,
    people: tuple[str, ...],
    service_account: str,
    project: str,
    whole: Callable[[Q], Q],
    shown: Q,
) -> Q_:
    """Those it belongs to see a row; and, once it is `shown`, who watches over or owns all of its assets.

    Of a project's rows its lead and its members see all, as long as they are that.

    `people`, `service_account` and `project` are paths; `whole` turns a condition on one asset into one on
    all assets of the row, so that nobody learns of an asset by owning another that was asked for beside it.
    """
    if actor.is_system:
        return rows
    standing = standing_of(actor)
    if not standing.is_active:
        return rows.none()
    if actor.kind is ActorKind.SERVICE:
        return rows.filter(**{service_account: actor.account_id})
    sight = whole(Q(asset__in=Asset.objects.where_may(actor, ObjectPermission.OWN).values("pk")))
    watched = [held for held in standing.roles if held.role in WATCHING]
    if watched:
        everywhere = [held.organization_id for held in watched if held.domain_id is None]
        domains = [held.domain_id for held in watched if held.domain_id is not None]
        sight |= whole(Q(asset__organization__in=everywhere) | Q(asset__domain__in=domains))
    sight &= shown
    for path in people:
        sight |= Q(**{path: actor.person_id})
    sight |= Q(**{f"{project}__in": projects_of(actor)}) | Q(**{f"{project}__lead": actor.person_id})
    return rows.filter(sight)
