"""Who is told: found by what the floors below know, and active today."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from apps.access.models import Request
from apps.access.queries import inbox_of
from apps.accounts.models import Account, AccountKind, PersonStatus, RoleAssignment
from apps.accounts.queries import actor_of, role_holders
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.catalog.queries import people_holding
from apps.reviews.models import Campaign, ReviewItem
from apps.reviews.queries import waiting_for

ASKING_ONLY = frozenset({Role.SCIENTIST})


def accounts_of(person_ids: Iterable[int | None]) -> list[Account]:
    """One account for each active person: that by which they first signed in."""
    found = Account.objects.select_related("person__organization", "organization").filter(
        person__in=[each for each in person_ids if each],
        person__status=PersonStatus.ACTIVE,
        kind=AccountKind.PERSON,
        is_active=True,
    )
    return list(found.order_by("person", "pk").distinct("person"))


def holders_of(roles: Collection[Role], organization_id: int, *, at: datetime) -> list[Account]:
    held = role_holders(roles, organization_ids=[organization_id], at=at)
    return accounts_of(held.values_list("person", flat=True))


def owners_of(assets: Iterable[Asset]) -> list[Account]:
    """Who owns any one of the assets."""
    return accounts_of(set().union(*(people_holding(ObjectPermission.OWN, asset) for asset in assets)))


def deciders_of(request: Request, assets: Collection[Asset], *, at: datetime) -> list[Account]:
    """In whose inbox the request waits: whoever may not see it, or may not decide it, is not among them."""
    candidates = people_with_a_role({asset.organization_id for asset in assets}, at=at)
    for asset in assets:
        candidates |= people_holding(ObjectPermission.APPROVE, asset)
    return [
        account
        for account in accounts_of(candidates)
        if inbox_of(actor_of(account)).filter(pk=request.pk).exists()
    ]


def reviewers_in(campaign: Campaign, *, at: datetime) -> list[Account]:
    """For whom reviews of the campaign wait now."""
    candidates = people_with_a_role({campaign.organization_id}, at=at)
    of = ReviewItem.objects.filter(campaign=campaign).values("grant__asset")
    for asset in Asset.objects.filter(pk__in=of):
        candidates |= people_holding(ObjectPermission.OWN, asset)
        candidates |= people_holding(ObjectPermission.STEWARD, asset)
    return [
        account
        for account in accounts_of(candidates)
        if waiting_for(actor_of(account), at=at).filter(campaign=campaign).exists()
    ]


def people_with_a_role(organization_ids: Collection[int], *, at: datetime) -> set[int]:
    """Who holds any role but that of asking."""
    held = RoleAssignment.objects.held_at(at).filter(organization__in=organization_ids)
    return set(held.exclude(role__in=ASKING_ONLY).values_list("person", flat=True))
