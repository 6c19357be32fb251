"""Campaigns, how far each is, and what one would ask before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from apps.access.models import Grant
from apps.accounts.models import Person
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor
from apps.reviews.lifecycle import ItemState, Pool
from apps.reviews.models import Campaign, ReviewItem
from apps.reviews.queries.reviewers import RELATED, reviewers_of
from apps.reviews.queries.scope import Scope, grants_in


@dataclass(frozen=True, kw_only=True)
class ClassCount:
    """How many grants have this class; None: not classified."""

    sensitivity_class: SensitivityClass | None
    grants: int


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a campaign would ask now: the most sensitive first; `reviewers` are the people who may answer."""

    grants: int
    by_class: tuple[ClassCount, ...]
    reviewers: int
    without_reviewer: int


def campaigns_visible_to(actor: Actor) -> QuerySet[Campaign]:
    """Each with how many reviews it has in each state, under `<state>_count`, how many
    are no longer open under `answered`, and of all under `items_count`."""
    counts = {
        f"{state.value}_count": Count("items", filter=Q(items__state=state.value)) for state in ItemState
    }
    found = Campaign.objects.visible_to(actor).select_related("organization", "drafted_by", "opened_by")
    no_longer_open = Count("items", filter=~Q(items__state=ItemState.OPEN.value))
    return found.annotate(items_count=Count("items"), answered=no_longer_open, **counts)


def scope_of(campaign: Campaign) -> Scope:
    return Scope(
        organization_id=campaign.organization_id,
        sensitivity_class_codes=tuple(campaign.sensitivity_class_codes),
        owner_ids=tuple(campaign.owner_ids),
        domain_ids=tuple(campaign.domain_ids),
        granted_before=campaign.granted_before,
    )


def asked_by(scope: Scope, *, at: datetime) -> list[Grant]:
    """The grants with their people and their class, in the order in which they were made."""
    return list(grants_in(scope, at=at).select_related(*RELATED).order_by("pk"))


def outlook_of(scope: Scope, *, at: datetime) -> Outlook:
    """A flat number of queries, however many grants."""
    grants = asked_by(scope, at=at)
    asked = reviewers_of(grants, at=at)
    classes = {row.pk: row for row in SensitivityClass.objects.all()}
    counted: dict[int | None, int] = {}
    for grant in grants:
        counted[class_key(grant)] = counted.get(class_key(grant), 0) + 1
    ordered = sorted(counted, key=lambda key: -(classes[key].rank if key else -1))
    return Outlook(
        grants=len(grants),
        by_class=tuple(
            ClassCount(sensitivity_class=classes.get(key or 0), grants=counted[key]) for key in ordered
        ),
        reviewers=len(frozenset[int]().union(*(each.people for each in asked.values()))),
        without_reviewer=sum(each.pool is Pool.NOBODY for each in asked.values()),
    )


def class_key(grant: Grant) -> int | None:
    """The key of the class that `grants_in` found; None: not classified."""
    key: int | None = grant.class_key  # type: ignore[attr-defined]
    return key


def counts_of(campaign: Campaign) -> Mapping[ItemState, int]:
    rows = ReviewItem.objects.filter(campaign=campaign).values("state").annotate(number=Count("pk"))
    found = {ItemState(row["state"]): row["number"] for row in rows.order_by()}
    return {state: found.get(state, 0) for state in ItemState}


def people_asked(campaign: Campaign, *, at: datetime) -> QuerySet[Person]:
    """Those for whom an open review of the campaign waits now."""
    open_items = ReviewItem.objects.filter(campaign=campaign).open().order_by().values(key=F("grant"))
    grants = Grant.objects.filter(pk__in=open_items).select_related(*RELATED)
    asked = reviewers_of(list(grants), at=at)
    everybody = frozenset[int]().union(*(each.people for each in asked.values()))
    return Person.objects.filter(pk__in=everybody).order_by("pk")
