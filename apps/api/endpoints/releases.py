"""Releases of versions of models, and what stands against one: the gate for screens and pipelines alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.fields import Filters, Flag, Input, Nothing, Output, Shown, Text, Uid, Whole, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, creates, performs
from apps.labeling import commands
from apps.labeling.checks.demands import Demand
from apps.labeling.checks.terms import Verdict
from apps.labeling.queries import releases_visible_to
from apps.labeling.releases import release_sheet, version_of


class ModelReleaseShown(Shown):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    released_by_id = serializers.UUIDField(source="released_by.uid", allow_null=True)
    fell_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then one of its conditions is no longer met."
    )
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_by_id = serializers.UUIDField(source="withdrawn_by.uid", allow_null=True)
    why = serializers.CharField(help_text="Why it was withdrawn.")


class ReleaseWithdrawal(Input):
    why = Text(max_length=20_000)


class VersionReleases(Resource):
    """Releasing a version of a model."""

    slug = "version-releases"
    output = ModelReleaseShown
    lists = False
    reads = False

    @creates(Nothing)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Release the version: refused, with each condition that is not met."""
        made = commands.release_model(actor=self.actor, asset_version_id=version_id)
        return releases_visible_to(self.actor).one(made.uid)


class ReleaseFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)
    is_withdrawn = Flag(source="withdrawn_at__isnull", required=False)


class ModelReleases(Resource):
    """Releases of the models one may see."""

    slug = "model-releases"
    output = ModelReleaseShown
    filters = ReleaseFilters

    def rows(self) -> Any:
        return releases_visible_to(self.actor)

    @performs(ReleaseWithdrawal)
    def withdraw(self, given: dict[str, Any], id: UUID) -> Any:
        """Take the release back."""
        commands.withdraw_release(actor=self.actor, model_release_id=id, **given)
        return releases_visible_to(self.actor).one(id)


class ReleaseConditionShown(Output):
    demand = Word(Demand)
    is_met = serializers.BooleanField()
    obstacles = ReasonShown(many=True, help_text="What stands against it.")


class LearnedSetShown(Output):
    label_set_id = serializers.UUIDField(source="uid")
    version_id = serializers.UUIDField(source="asset_version.uid")
    policy_ref = serializers.CharField(source="policy.legal_record.ref")
    verdict = Word(Verdict, source="current_verdict")


class GateShown(Output):
    version_id = serializers.UUIDField(source="version.uid")
    number = serializers.IntegerField(source="version.number")
    is_releasable = serializers.BooleanField()
    release_id = serializers.UUIDField(
        source="release.uid", allow_null=True, help_text="The one that stands, if the version is released."
    )
    conditions = ReleaseConditionShown(many=True)
    label_sets = LearnedSetShown(many=True, help_text="Those it learned from, as far as one may see them.")


class VersionGate(Resource):
    """Whether a version of a model may be released."""

    slug = "version-gate"
    output = GateShown
    lists = False
    reads = False

    def ask(self, request: Request, id: UUID) -> Response:
        """Each condition, whether it is met, and what stands against it. Writes nothing."""
        return self.shown(release_sheet(self.actor, id), Contract(status=200))


class GateFilters(Filters):
    version = Whole(required=False, min_value=1, help_text="Its number; without it the newest.")


class ModelGate(Resource):
    """Whether a model may be released, as pipelines know it: by the model, and the number of its version."""

    slug = "model-gate"
    output = GateShown
    filters = GateFilters
    lists = False
    reads = False

    @property
    def takes_filters(self) -> bool:
        return True

    def ask(self, request: Request, id: UUID) -> Response:
        """The same conditions, of the newest version or of the one that is named."""
        number = self.query.get("version")
        version = version_of(self.actor, id, number)
        return self.shown(release_sheet(self.actor, version.uid), Contract(status=200))


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/releases", VersionReleases),
    *addresses("model-releases", ModelReleases),
    path("asset-versions/<uuid:id>/gate", VersionGate.as_view({"get": "ask"}), name="version-gate"),
    path("assets/<uuid:id>/gate", ModelGate.as_view({"get": "ask"}), name="model-gate"),
]
