"""The register of Art. 30 as a file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from apps.compliance import commands, queries
from apps.console.forms.register import ExportForm
from apps.console.page import Page


class Export(Page):
    """Sent by a form, for every file that is taken stands in the trail."""

    section = "register"
    template = "console/records/export.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        queries.demand_exporter(self.actor)
        return self.show({"form": ExportForm()})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        queries.demand_exporter(self.actor)
        form, made = ExportForm(request.POST), None

        def export(_given: dict[str, Any]) -> None:
            nonlocal made
            place = queries.own_organization(self.actor)
            made = commands.export_register(actor=self.actor, organization_id=place, **form.wanted())

        if not form.carries(export) or made is None:
            return self.show({"form": form}, status=form.status)
        return sent(made)


def sent(exported: commands.Exported) -> FileResponse:
    """To be saved, never shown: whatever stands in it runs nowhere."""
    response = FileResponse(
        exported.file, as_attachment=True, filename=exported.name, content_type=exported.media_type
    )
    response.headers["Content-Length"] = str(exported.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
