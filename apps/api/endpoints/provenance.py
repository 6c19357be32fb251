"""For which kinds of purposes the data of a version may be used, and where they come from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.fields import Day, Input, Output, Several, Shown, Text, Word
from apps.api.resource import Contract, Resource, performs
from apps.catalog.queries import versions_visible_to
from apps.compliance import commands, queries
from apps.compliance.commands import Origin
from apps.compliance.queries import LawfulBasis

MOST_COLUMNS = 5000


class PermittedShown(Shown):
    concept_code = serializers.CharField(source="concept.code")
    column = serializers.CharField(source="column_name", help_text="Empty: all columns.")
    permitted_by_id = serializers.UUIDField(source="permitted_by.uid", allow_null=True)


class PermittedPurposes(Resource):
    """For which kinds of purposes a version may be used: first those for all columns."""

    slug = "permitted-purposes"
    output = PermittedShown
    order = ("column_name", "pk")
    reads = False

    def rows(self) -> Any:
        version = versions_visible_to(self.actor).one(self.kwargs["version_id"])
        return queries.permitted_purposes(self.actor, version)


class PermittingInput(Input):
    concept_code = Text(max_length=80)
    columns = Several(
        child=Text(max_length=200, trim_whitespace=False),
        required=False,
        max_length=MOST_COLUMNS,
        help_text="All of them, where none is named.",
    )


class PermissionsShown(Output):
    permitted = PermittedShown(many=True, help_text="What was added.")


class OriginShown(Shown):
    original_basis = Word(LawfulBasis, allow_null=True)
    original_purpose_code = serializers.CharField(source="original_purpose.code", allow_null=True)
    research_area_code = serializers.CharField(source="research_area.code", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    retention_ends_on = serializers.DateField(allow_null=True, help_text="The first day too late.")
    agreement_ref = serializers.CharField()
    agreement_ends_on = serializers.DateField(allow_null=True, help_text="The first day too late.")
    stated_by_id = serializers.UUIDField(source="stated_by.uid", allow_null=True)


class OriginInput(Input):
    original_basis = Word(LawfulBasis, required=False, allow_null=True)
    original_purpose_code = Text(required=False, allow_null=True, max_length=80)
    research_area_code = Text(required=False, allow_null=True, max_length=80)
    source = Text(required=False, allow_blank=True, max_length=300)  # type: ignore[assignment]
    retention_ends_on = Day(required=False, allow_null=True)
    agreement_ref = Text(required=False, allow_blank=True, max_length=200)
    agreement_ends_on = Day(required=False, allow_null=True)


class Provenance(Resource):
    """Where the data of a version come from, and what for they may be used."""

    slug = "asset-versions"
    output = OriginShown
    lists = False
    reads = False

    def one(self, id: UUID) -> Any:
        return queries.origin_stated(self.actor, versions_visible_to(self.actor).one(id))

    def origin(self, request: Request, id: UUID) -> Response:
        """The origin as last stated."""
        return self.shown(self.one(id), Contract(status=200))

    @performs(OriginInput)
    def state_origin(self, given: dict[str, Any], id: UUID) -> Any:
        """State the origin anew; what was stated before stays as history."""
        return commands.state_origin(actor=self.actor, asset_version_id=id, origin=Origin(**given))

    @performs(PermittingInput, output=PermissionsShown)
    def permit_purpose(self, given: dict[str, Any], id: UUID) -> Any:
        """Permit a kind of purpose."""
        added = commands.permit_purpose(actor=self.actor, asset_version_id=id, **given)
        return {"permitted": queries.with_names(added)}

    @performs(PermittingInput, status=204)
    def forbid_purpose(self, given: dict[str, Any], id: UUID) -> None:
        """Take a permission back."""
        commands.forbid_purpose(actor=self.actor, asset_version_id=id, **given)


urlpatterns = [
    *addresses("asset-versions", Provenance),
    *addresses("asset-versions/<uuid:version_id>/permitted-purposes", PermittedPurposes),
    path(
        "asset-versions/<uuid:id>/origin",
        Provenance.as_view({"get": "origin"}),
        name="asset-versions-origin",
    ),
]
