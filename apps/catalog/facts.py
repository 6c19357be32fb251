"""Rows as the lower floors ask for them."""

from __future__ import annotations

from apps.accounts.authorization import Resource
from apps.catalog.models import Asset


def asset_resource(asset: Asset) -> Resource:
    return Resource(
        kind=asset.kind,
        uid=asset.uid,
        organization_id=asset.organization_id,
        domain_id=asset.domain_id,
        asset_ids=frozenset({asset.pk}),
    )
