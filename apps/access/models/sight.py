"""Who sees requests and grants: one rule for both."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q

from apps.accounts.authorization import standing_of
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.models import HouseQuerySet

WATCHING = frozenset({Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})
Q_ = TypeVar("Q_", bound=HouseQuerySet)  # type: ignore[type-arg]


def seen_by(rows: Q_, actor: Actor, *, asset: str, people: tuple[str, ...], service_account: str) -> Q_:
    """The paths lead to the asset, to the people the row belongs to, and to the service account.

    Officers, the DPO and auditors see what lies in the scope of their role; owners what is asked of theirs.
    """
    if actor.is_system:
        return rows
    standing = standing_of(actor)
    if not standing.is_active:
        return rows.none()
    if actor.kind is ActorKind.SERVICE:
        return rows.filter(**{service_account: actor.account_id})
    sight = Q(pk__in=[])
    for path in people:
        sight |= Q(**{path: actor.person_id})
    for held in standing.roles:
        if held.role in WATCHING and held.domain_id is None:
            sight |= Q(organization=held.organization_id)
        elif held.role in WATCHING:
            sight |= Q(**{f"{asset}__domain": held.domain_id})
    owned = Asset.objects.where_may(actor, ObjectPermission.OWN)
    sight |= Q(**{f"{asset}__in": owned.values("pk")})
    return rows.filter(pk__in=rows.model._default_manager.filter(sight).values("pk"))
