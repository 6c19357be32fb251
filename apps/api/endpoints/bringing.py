"""Registers brought from elsewhere: a file, the mapping of its columns, a dry run, drafts."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.fields import Input, Output, Shown, Text, Uid
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, creates, performs
from apps.compliance import commands, queries
from apps.compliance.errors import FILE_NOT_BASE64
from apps.kernel.errors import invalid

MOST_CHARACTERS = 4_500_000


class ImportShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    sha256 = serializers.CharField()
    head = serializers.ListField(child=serializers.CharField(), help_text="The names of the columns.")
    columns = serializers.DictField(child=serializers.CharField(), help_text="Which column fills what.")
    line_count = serializers.IntegerField()
    ended_at = serializers.DateTimeField(allow_null=True)
    draft_count = serializers.IntegerField(
        allow_null=True, help_text="Drafts made; null while there are none."
    )


class MappingShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField())


class LineShown(Output):
    number = serializers.IntegerField(help_text="Of the line in the file.")
    name = serializers.CharField()
    faults = ReasonShown(many=True, help_text="One in any line keeps the whole file from being imported.")
    gaps = serializers.ListField(child=serializers.CharField(), help_text="What the draft would lack.")


class TrialShown(Output):
    id = serializers.UUIDField(source="uid")
    faults = serializers.IntegerField()
    schedules = serializers.IntegerField(help_text="Time limits that would become drafts of schedules.")
    lines = LineShown(many=True)


class BringInput(Input):
    organization_id = Uid()
    name = Text(max_length=300)
    content = Text(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="The bytes, in base64 (RFC 4648, 4). Taken are workbooks (.xlsx) and CSV, of 3 MB at most.",
    )


class MapInput(Input):
    columns = serializers.DictField(
        child=Text(max_length=20_000), help_text="Names of columns, by what they fill."
    )
    keep_as = Text(required=False, allow_blank=True, max_length=100)


class RegisterImports(Resource):
    """Files of registers; rows become drafts, all of them or none."""

    slug = "register-imports"
    output = ImportShown

    def rows(self) -> Any:
        return queries.register_imports(self.actor)

    @creates(BringInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Bring a file. Columns are mapped as far as their names tell."""
        given["content"] = _decoded(given["content"])
        return commands.bring_register(actor=self.actor, **given)

    @performs(MapInput)
    def map_columns(self, given: dict[str, Any], id: UUID) -> Any:
        """Say which column fills what; with `keep_as`, for the next file as well."""
        return commands.map_columns(actor=self.actor, register_import_id=id, **given)

    @performs()
    def carry_out(self, given: dict[str, Any], id: UUID) -> Any:
        """Make every row a draft. 422 tells every fault of every line, and nothing is made."""
        return commands.import_register(actor=self.actor, register_import_id=id)

    @performs()
    def discard(self, given: dict[str, Any], id: UUID) -> Any:
        """Throw the lines of the file away."""
        return commands.discard_import(actor=self.actor, register_import_id=id)


class Trials(Resource):
    """What would become of the lines of a file."""

    slug = "register-import-trial"
    output = TrialShown

    def ask(self, request: Request, id: UUID) -> Response:
        """A dry run: each line with its faults and its gaps. Writes nothing."""
        return self.shown(queries.trial(self.actor, id), Contract(status=200))


class ColumnMappings(Resource):
    """Mappings that were kept."""

    slug = "column-mappings"
    output = MappingShown
    reads = False

    def rows(self) -> Any:
        return queries.column_mappings(self.actor)


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("content", FILE_NOT_BASE64) from None


urlpatterns = [
    *addresses("register-imports", RegisterImports),
    path("register-imports/<uuid:id>/trial", Trials.as_view({"get": "ask"}), name="register-import-trial"),
    *addresses("column-mappings", ColumnMappings),
]
