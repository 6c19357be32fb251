"""The register of Art. 30, as a file."""

from __future__ import annotations

import base64
from typing import Any

from django.http import FileResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from apps.api.fields import Day, Filters, Output, Uid, Word
from apps.api.resource import Contract, Resource
from apps.compliance import commands, queries
from apps.compliance.queries import Format


class RegisterFilters(Filters):
    format = Word(
        Format,
        required=False,
        help_text="`csv` if left out. `json` holds everything, also what it rests on; `completeness` tells "
        "what is missing.",
    )
    as_of = Day(required=False, help_text="The records that held on that day; today, if left out.")
    organization_id = Uid(required=False, help_text="One's own, if left out.")


class RegisterShown(Output):
    """Bytes, not JSON."""

    content = serializers.CharField()


class Register(Resource):
    """The record of processing activities: of a controller (Art. 30(1)) or a processor (Art. 30(2))."""

    slug = "register"
    output = RegisterShown
    filters = RegisterFilters
    takes_filters = True

    def contract_of(self, action: str) -> Contract:
        return Contract(status=200, is_file=True)

    def export(self, request: Request, articles: str) -> FileResponse:
        """Every export is recorded in the trail, with the hash of the file."""
        exported = commands.export_register(
            actor=self.actor,
            organization_id=self.query.get("organization_id") or queries.own_organization(self.actor),
            articles=queries.articles_named(articles),
            format=Format(self.query.get("format", Format.CSV)),
            as_of=self.query.get("as_of"),
        )
        return sent(exported)


def sent(exported: commands.Exported) -> FileResponse:
    """Part by part, with its hash (RFC 9530)."""
    response = FileResponse(
        exported.file, as_attachment=True, filename=exported.name, content_type=exported.media_type
    )
    digest = base64.b64encode(bytes.fromhex(exported.sha256)).decode()
    headers: dict[str, Any] = {
        "Content-Length": exported.size,
        "Repr-Digest": f"sha-256=:{digest}:",
        "X-Content-Type-Options": "nosniff",
    }
    for name, value in headers.items():
        response.headers[name] = str(value)
    return response


urlpatterns = [path("register/<slug:articles>", Register.as_view({"get": "export"}), name="register")]
