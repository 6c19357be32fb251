"""The rules in force, those before them, and what they say to a wish."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import queries
from apps.api.addresses import addresses
from apps.api.endpoints.previews import PreviewShown
from apps.api.fields import Day, Filters, Shown, Uid, Words
from apps.api.resource import Contract, Resource
from apps.kernel.errors import InvalidInput
from apps.policy.facts import Action

PARAMETER_OF = {"purpose_id": "purpose", "actions": "action", "items": ""}
"""Fields of a draft, as this address calls them."""


class RulebookShown(Shown):
    name = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()
    published_at = serializers.DateTimeField()
    is_in_force = serializers.BooleanField()


class RulebookDetailShown(RulebookShown):
    document = serializers.DictField(help_text="The rules with their parameters; `sha256` is of this.")


class Rulebooks(Resource):
    """Published rulebooks, the newest first. They never change."""

    slug = "rulebooks"
    output = RulebookShown
    order = ("-published_at", "-pk")

    def rows(self) -> Any:
        return queries.rulebooks_visible_to(self.actor)

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=RulebookDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))


class PreviewFilters(Filters):
    purpose = Uid(source="purpose_id")
    action = Words(Action, source="actions", max_length=200, help_text="One, or several with commas between.")
    ends_on = Day(required=False, help_text="The last day; 30 days from now otherwise.")


class AssetPreview(Resource):
    """What one would need to use an asset."""

    slug = "asset-preview"
    output = PreviewShown
    filters = PreviewFilters

    @property
    def takes_filters(self) -> bool:
        return True

    def ask(self, request: Request, id: UUID) -> Response:
        """What would happen if access were asked for now. Writes nothing."""
        try:
            found = queries.asset_preview(self.actor, id, **self.query)
        except InvalidInput as refusal:
            named = (
                replace(each, field=PARAMETER_OF.get(each.field, each.field)) for each in refusal.reasons
            )
            raise InvalidInput(*named) from refusal
        return self.shown(found, Contract(status=200))


urlpatterns = [
    *addresses("rulebooks", Rulebooks),
    path("assets/<uuid:id>/preview", AssetPreview.as_view({"get": "ask"}), name="asset-preview"),
]
