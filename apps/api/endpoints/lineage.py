"""What versions were made from, named afterwards, and what they are at least because of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.catalog import InputInput, VersionShown
from apps.api.fields import Input, Output, many
from apps.api.resource import Contract, Resource, performs
from apps.catalog import commands
from apps.catalog.commands import InputDraft
from apps.catalog.queries import versions_visible_to
from apps.compliance.queries import effective_nature


class NatureShown(Output):
    class_rank = serializers.IntegerField(allow_null=True, help_text="Null: not known.")
    categories = serializers.SerializerMethodField()
    special_kinds = serializers.SerializerMethodField()
    is_criminal = serializers.BooleanField(allow_null=True)
    is_personal = serializers.BooleanField(allow_null=True)
    purposes = serializers.SerializerMethodField(help_text="Null: nothing was ever stated.")

    def get_categories(self, nature: Any) -> list[str]:
        return sorted(nature.categories)

    def get_special_kinds(self, nature: Any) -> list[str]:
        return sorted(nature.special_kinds)

    def get_purposes(self, nature: Any) -> list[str] | None:
        return None if nature.purposes is None else sorted(nature.purposes)


class ContributionShown(Output):
    path = serializers.SerializerMethodField(
        help_text="Ids of versions, from the one asked about; null where one is hidden."
    )
    class_rank = serializers.IntegerField(source="nature.class_rank", allow_null=True)

    def get_path(self, contribution: Any) -> list[str | None]:
        return [str(step.uid) if step else None for step in contribution.path]


class EffectiveShown(Output):
    own = NatureShown()
    effective = NatureShown(help_text="The join over all that it was made from; never laxer than any of it.")
    inputs = ContributionShown(many=True)


class InputsInput(Input):
    inputs = many(InputInput, at_most=200)


class Lineage(Resource):
    """What a version was made from."""

    slug = "asset-versions"
    output = EffectiveShown
    lists = False
    reads = False

    def effective(self, request: Request, id: UUID) -> Response:
        """Class, categories and purposes, with the path by which each input counts."""
        version = versions_visible_to(self.actor).one(id)
        return self.shown(effective_nature(self.actor, version), Contract(status=200))

    @performs(InputsInput, output=VersionShown)
    def add_inputs(self, given: dict[str, Any], id: UUID) -> Any:
        """Name what it was made from and nobody had said. A circle is refused."""
        drafts = [InputDraft(**named) for named in given.get("inputs", ())]
        commands.add_inputs(actor=self.actor, asset_version_id=id, inputs=drafts)
        return versions_visible_to(self.actor).one(id)


urlpatterns = [
    path(
        "asset-versions/<uuid:id>/effective",
        Lineage.as_view({"get": "effective"}),
        name="asset-versions-effective",
    ),
    *addresses("asset-versions", Lineage),
]
