"""What an act would reach, before it is done."""

from __future__ import annotations

from uuid import UUID

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.commands import impact_of_publishing, impact_of_revoking
from apps.accounts.commands import impact_of_leaving
from apps.api.endpoints.compliance import ImpactShown
from apps.api.resource import Contract, Resource
from apps.classification.commands import impact_of_classifying
from apps.lakes.commands import impact_of_halting


class AssetImpact(Resource):
    """What rests on an asset, and is judged anew when it is classified otherwise."""

    slug = "asset-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """The live grants, open requests and working keys that another class would reach. Writes nothing."""
        return self.shown(impact_of_classifying(actor=self.actor, asset_id=id), Contract(status=200))


class PersonImpact(Resource):
    """What would stop with a person who leaves."""

    slug = "person-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """The live grants, open requests and working keys that off-boarding would reach. Writes nothing."""
        return self.shown(impact_of_leaving(actor=self.actor, person_id=id), Contract(status=200))


class GrantImpact(Resource):
    """What would stop with a grant."""

    slug = "grant-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """The grant and the working keys that revoking it would reach. Writes nothing."""
        return self.shown(impact_of_revoking(actor=self.actor, grant_id=id), Contract(status=200))


class PolicyImpact(Resource):
    """What other rules would change for what is there today."""

    slug = "policy-set-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """The open requests, live grants and keys that publishing the draft would reach. Writes nothing."""
        return self.shown(impact_of_publishing(actor=self.actor, policy_set_id=id), Contract(status=200))


class LakeImpact(Resource):
    """What would stop with the keys of a lake."""

    slug = "lake-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """Every key of the lake that has not ended, which halting it would reach. Writes nothing."""
        return self.shown(impact_of_halting(actor=self.actor, lake_id=id), Contract(status=200))


urlpatterns = [
    path("lakes/<uuid:id>/impact", LakeImpact.as_view({"get": "ask"}), name="lake-impact"),
    path("policy-sets/<uuid:id>/impact", PolicyImpact.as_view({"get": "ask"}), name="policy-set-impact"),
    path("assets/<uuid:id>/impact", AssetImpact.as_view({"get": "ask"}), name="asset-impact"),
    path("people/<uuid:id>/impact", PersonImpact.as_view({"get": "ask"}), name="person-impact"),
    path("grants/<uuid:id>/impact", GrantImpact.as_view({"get": "ask"}), name="grant-impact"),
]
