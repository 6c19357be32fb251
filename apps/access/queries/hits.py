"""Assets as somebody who looks for data sees them: how sensitive, and what the reader has of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Now

from apps.access.lifecycle import GIVING_GRANT, OPEN_REQUEST
from apps.access.models import Grant, Request
from apps.access.queries.grants import grants_held_by
from apps.access.queries.requests import requests_visible_to
from apps.catalog.models import Asset, AssetVersion
from apps.catalog.queries import versions_visible_to
from apps.classification.queries import EffectiveClass, effective_classes
from apps.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An asset and its newest version; of the reader: `grant`, and `asked`, the state of an open request."""

    asset: Asset
    version: AssetVersion | None
    effective: EffectiveClass | None
    grant: Grant | None
    asked: str | None


def hits_of(actor: Actor, assets: Sequence[Asset]) -> list[Hit]:
    """A flat number of queries, however many assets."""
    keys = [asset.pk for asset in assets]
    newest = versions_visible_to(actor).prefetch_related(None).filter(asset__in=keys)
    versions = {
        version.asset_id: version for version in newest.order_by("asset", "-number").distinct("asset")
    }
    effective = effective_classes(versions.values())
    # Ordered so that of several the one that lasts longest, and the newest request, remain.
    grants = {row.asset_id: row for row in own_grants(actor).filter(asset__in=keys).order_by("not_after")}
    open_items = own_requests(actor).filter(revision__items__asset__in=keys).order_by("pk")
    asked = dict(open_items.values_list("revision__items__asset", "state"))
    return [
        Hit(
            asset=asset,
            version=(version := versions.get(asset.pk)),
            effective=effective[version.pk] if version else None,
            grant=grants.get(asset.pk),
            asked=asked.get(asset.pk),
        )
        for asset in assets
    ]


def own_grants(actor: Actor) -> QuerySet[Grant]:
    """The live grants of the actor as a person, and as a member of projects; those of service accounts they
    answer for stand apart."""
    return grants_held_by(actor).filter(service_account=None, state__in=GIVING_GRANT, not_after__gt=Now())


def own_requests(actor: Actor) -> QuerySet[Request]:
    return requests_visible_to(actor).filter(requester=actor.person_id, state__in=OPEN_REQUEST)
