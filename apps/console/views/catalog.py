"""Finding an asset."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from apps.access.queries import hits_of, own_grants
from apps.accounts.queries import domains_visible_to
from apps.catalog.queries import AssetKind, AssetState, assets_visible_to
from apps.classification.queries import ladder, of_class
from apps.console.page import Page, uid_of
from apps.console.paging import page_of

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
            "classes": list(ladder(self.actor).values_list("code", "label")),
            "kinds": [kind.value for kind in AssetKind],
            "states": [state.value for state in AssetState],
            "given": request.GET,
            "is_filtered": any(
                request.GET.get(name) for name in ("q", "kind", "class", "state", "domain", "mine")
            ),
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
        if step := given.get("class", "").replace("\0", ""):
            assets = of_class(assets, step[:LONGEST_SEARCH])
        if given.get("mine"):
            assets = assets.filter(pk__in=own_grants(self.actor).values("asset"))
        return assets
