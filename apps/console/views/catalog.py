"""Finding an asset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access.lifecycle import LIVE_GRANT, OPEN_REQUEST
from apps.access.queries import grants_visible_to, requests_visible_to
from apps.accounts.queries import domains_visible_to
from apps.catalog.queries import (
    AssetKind,
    AssetState,
    assets_visible_to,
    versions_visible_to,
)
from apps.classification.queries import effective_classes
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.kernel.actor import Actor

LONGEST_SEARCH = 200


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An asset with its class and with what the reader has of it: a grant, an open request, or neither."""

    asset: Any
    version: Any
    effective: Any
    grant: Any
    asked: Any


class Catalog(Page):
    section = "catalog"
    template = "console/catalog.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, self._found(request), order="name")
        domains = domains_visible_to(self.actor).prefetch_related(None).order_by("name")
        context = {
            "page": page,
            "hits": hits_of(self.actor, page.rows),
            "domains": [(str(domain.uid), domain.name) for domain in domains],
            "kinds": [kind.value for kind in AssetKind],
            "states": [state.value for state in AssetState],
            "given": request.GET,
            "is_filtered": any(request.GET.get(name) for name in ("q", "kind", "state", "domain", "mine")),
        }
        return self.show(context)

    def _found(self, request: HttpRequest) -> Any:
        assets = assets_visible_to(self.actor)
        given = request.GET
        if words := given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]:
            assets = assets.filter(name__icontains=words)
        if given.get("kind") in AssetKind.values:
            assets = assets.filter(kind=given["kind"])
        if given.get("state") in {state.value for state in AssetState}:
            assets = assets.filter(state=given["state"])
        if domain := given.get("domain"):
            uid = uid_of(domain)
            assets = assets.filter(domain__uid=uid) if uid else assets.none()
        if given.get("mine"):
            assets = assets.filter(pk__in=_own_grants(self.actor).values("asset"))
        return assets


def hits_of(actor: Actor, assets: Sequence[Any]) -> list[Hit]:
    """Five queries, however many assets."""
    keys = [asset.pk for asset in assets]
    newest = versions_visible_to(actor).prefetch_related(None).filter(asset__in=keys)
    versions = {
        version.asset_id: version for version in newest.order_by("asset", "-number").distinct("asset")
    }
    effective = effective_classes(versions.values())
    # Ordered so that of several the one that lasts longest, and the newest request, remain.
    grants = {row.asset_id: row for row in _own_grants(actor).filter(asset__in=keys).order_by("not_after")}
    asked = {asset: state for state, asset in _asked_assets(actor, keys)}
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


def _asked_assets(actor: Actor, keys: list[int]) -> list[tuple[str, int]]:
    """State and asset of the actor's open requests."""
    rows = _own_requests(actor).filter(revision__items__asset__in=keys).order_by("pk")
    return list(rows.values_list("state", "revision__items__asset"))


def _own_grants(actor: Actor) -> Any:
    return grants_visible_to(actor).filter(
        person=actor.person_key, service_account=None, state__in=LIVE_GRANT, not_after__gt=timezone.now()
    )


def _own_requests(actor: Actor) -> Any:
    return requests_visible_to(actor).filter(requester=actor.person_key, state__in=OPEN_REQUEST)
