"""Finding an asset, and seeing what it takes to use it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access.queries import asset_preview, hits_of, own_grants, own_open_requests
from apps.accounts.queries import domains_visible_to
from apps.accounts.roles import ObjectPermission
from apps.catalog.queries import (
    AssetKind,
    AssetState,
    accounts_holding,
    assets_visible_to,
    versions_visible_to,
)
from apps.classification.queries import current_classifications
from apps.compliance.queries import purposes_in_force
from apps.console.forms.access import NeedsForm
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.policy.facts import Action

MOST_COLUMNS = 200
MOST_VERSIONS = 20
LONGEST_SEARCH = 200


class Catalog(Page):
    section = "catalog"
    template = "console/catalog.html"
    parts = frozenset({"found"})

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, self._found(request), "name")
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
            assets = assets.filter(pk__in=own_grants(self.actor).values("asset"))
        return assets


class Asset(Page):
    section = "catalog"
    template = "console/asset.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        registered = versions_visible_to(self.actor).filter(asset=asset.pk)
        versions = list(registered.order_by("-number")[:MOST_VERSIONS])
        latest = versions[0] if versions else None
        purposes = purposes_in_force(self.actor, at=timezone.now())
        needs = NeedsForm(request.GET if "purpose" in request.GET else None, purposes=purposes)
        columns = list(latest.columns.order_by("position")[: MOST_COLUMNS + 1]) if latest else []
        said = {row.column_name: row for row in current_classifications(self.actor, latest)} if latest else {}
        context = {
            "asset": asset,
            "asset_names": {str(asset.uid): asset.name},
            "versions": versions,
            "latest": latest,
            "highest": max((row.sensitivity_class for row in said.values()), key=_rank, default=None),
            "columns": columns[:MOST_COLUMNS],
            "has_more_columns": len(columns) > MOST_COLUMNS,
            "said": said,
            "whole": said.get("*"),
            "owners": accounts_holding(ObjectPermission.OWN, asset),
            "grant": own_grants(self.actor).filter(asset=asset.pk).order_by("-not_after").first(),
            "asked": own_open_requests(self.actor)
            .filter(revision__items__asset=asset.pk)
            .order_by("-pk")
            .first(),
            "needs": needs,
            "preview": self._preview(asset_id, needs),
        }
        return self.show(context)

    def _preview(self, asset_id: UUID, needs: NeedsForm) -> Any:
        if not needs.is_bound or not needs.is_valid():
            return None
        purpose_id = needs.cleaned_data["purpose"]
        return asset_preview(self.actor, asset_id, purpose_id=purpose_id, actions=[Action.READ.value])


def _rank(sensitivity_class: Any) -> int:
    rank: int = sensitivity_class.rank
    return rank
