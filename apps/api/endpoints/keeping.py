"""What nobody looks after, and what somebody alone does."""

from __future__ import annotations

from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.fields import Output
from apps.api.resource import Contract, Resource
from apps.catalog.queries import sole_holdings_of, unkept_to_mend


class UnkeptShown(Output):
    kind = serializers.CharField(help_text="asset or domain")
    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    permission = serializers.CharField(help_text="own or steward: what nobody holds on it")


class UnkeptList(Output):
    things = UnkeptShown(many=True)


class Unkept(Resource):
    """Domains and assets without an owner or a steward who is active."""

    slug = "unkept"
    output = UnkeptList

    def ask(self, request: Request) -> Response:
        """What has to be given somebody, at most 200 of each kind. For those who manage people."""
        return self.shown({"things": unkept_to_mend(self.actor)}, Contract(status=200))


class SoleHoldings(Resource):
    """What would be without an owner or a steward if the person left."""

    slug = "sole-holdings"
    output = UnkeptList

    def ask(self, request: Request, id: UUID) -> Response:
        """What has to be given somebody before, or right after. For those who may off-board the person."""
        return self.shown({"things": sole_holdings_of(self.actor, id)}, Contract(status=200))


urlpatterns = [
    path("unkept", Unkept.as_view({"get": "ask"}), name="unkept"),
    path("people/<uuid:id>/sole-holdings", SoleHoldings.as_view({"get": "ask"}), name="sole-holdings"),
]
