"""Evidence of a decision, to be taken out of the house and verified there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.access import commands, queries
from apps.console.exports import download
from apps.console.page import Page

VERIFIER = "verify_pack.py"


class Evidence(Page):
    """What the pack would hold, and how it is verified. Sending the form makes it."""

    section = "requests"
    template = "console/evidence/pack.html"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        visible: Any = queries.requests_visible_to(self.actor)
        asked = visible.prefetch_related("revision__items__asset").one(request_id)
        assets = [item.asset for item in asked.revision.items.all()]
        queries.demand_exporter(self.actor, asked, assets)
        context = {
            "asked": asked,
            "assets": assets,
            "is_decided": queries.is_decided(asked),
            "keys": queries.evidence_keys(),
        }
        return self.show(context)

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        pack = commands.export_evidence(actor=self.actor, request_id=request_id)
        return download(pack.content, name=pack.name, media_type="application/zip")


class Verifier(Page):
    """The script that verifies a pack, as it ships with the portal."""

    def get(self, request: HttpRequest) -> HttpResponse:
        script = (settings.ROOT / "docs" / VERIFIER).read_bytes()
        return download(script, name=VERIFIER, media_type="text/x-python")
