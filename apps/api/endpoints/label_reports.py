"""Label sets held against each other, taken out as reports, and told to programs as Croissant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.reports import ReportShown
from apps.api.fields import Filters, Output, Text, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, performs
from apps.labeling import commands
from apps.labeling.checks.terms import Outcome, Verdict
from apps.labeling.queries import label_sets_visible_to
from apps.labeling.rendering.changes import changes_shown_to
from apps.labeling.rendering.croissant import croissant
from apps.labeling.rendering.report import report_on
from apps.labeling.rendering.sheets import sheet_of


class CountsShown(Output):
    same = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="In both sets, answered otherwise.")
    only_first = serializers.IntegerField()
    only_second = serializers.IntegerField()


class ChangeShown(Output):
    item = serializers.CharField()
    first = serializers.JSONField(help_text="How many people gave which label; null: not in the set.")
    second = serializers.JSONField()
    gold = serializers.JSONField(
        help_text="What is true, in the first set and the second, where that is another; otherwise null."
    )
    machine = serializers.JSONField(help_text="The same of what a machine said.")
    is_moved = serializers.BooleanField(help_text="Drawn elsewhere, with the same labels.")


class ChangesShown(Output):
    counts = CountsShown()
    results = ChangeShown(source="rows", many=True)
    next = serializers.CharField(help_text="The item to give as `after`; empty at the end.")
    are_listed = serializers.BooleanField(
        help_text="Whether you may read single items: for those who bring labels or report on them."
    )


class ChangesFilters(Filters):
    after = Text(required=False, max_length=1000, help_text="`next` of the answer before.")


class LabelChanges(Resource):
    """Items that are answered otherwise in another label set of the same dataset."""

    slug = "label-changes"
    output = ChangesShown
    filters = ChangesFilters
    lists = False

    @property
    def takes_filters(self) -> bool:
        return True

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        """A hundred at a time, in the order of their names."""
        return super().retrieve(request, id, **path)

    def one(self, id: UUID) -> Any:
        rows = label_sets_visible_to(self.actor)
        first = rows.one(self.kwargs["first_id"])
        second = rows.filter(version__asset=first.version.asset_id).one(id)
        return changes_shown_to(self.actor, first, second, after=self.query.get("after", ""))


class LabelReports(Resource):
    """Reports on label sets as documents. The trail keeps that one was made."""

    slug = "label-reports"
    output = ReportShown
    lists = False
    reads = False

    @performs()
    def export(self, given: dict[str, Any], id: UUID) -> Any:
        """As PDF."""
        return commands.export_label_report(actor=self.actor, label_set_id=id)


class CheckShown(Output):
    check = serializers.CharField(source="code", help_text="`L01` to `L15`.")
    title = serializers.CharField()
    outcome = Word(Outcome)
    reason = ReasonShown()


class QualityShown(Output):
    label_set_id = serializers.UUIDField(source="label_set.uid")
    verdict = Word(Verdict)
    sentence = serializers.CharField(help_text="What models may learn from the labels for.")
    checks = CheckShown(many=True, help_text="What was found, check by check.")
    figures = serializers.JSONField(
        help_text="Agreement and gold with their bounds, by class; by annotator for those who bring labels or"
        " report on them."
    )


class LabelQuality(Resource):
    """What the labels of a set are good for."""

    slug = "label-quality"
    output = QualityShown
    lists = False
    reads = False

    def ask(self, request: Request, id: UUID) -> Response:
        """By the newest review: the verdict, and each check with what mends it."""
        report = report_on(label_sets_visible_to(self.actor).one(id))
        return self.shown(report.shown_to(self.actor), Contract(status=200))


class CroissantShown(Output):
    """JSON-LD, as the specification of Croissant has it."""

    name = serializers.CharField()
    description = serializers.CharField()
    url = serializers.URLField()

    def to_representation(self, instance: Any) -> Any:
        return instance


class Croissants(Resource):
    """A version of a dataset as Croissant describes it."""

    slug = "version-croissant"
    output = CroissantShown
    lists = False

    def one(self, id: UUID) -> Any:
        return croissant(sheet_of(self.actor, id))

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        """Croissant 1.0 with its vocabulary for responsible AI. What records do not say is left out."""
        return super().retrieve(request, id, **path)


urlpatterns = [
    *addresses("label-sets/<uuid:first_id>/against", LabelChanges),
    *addresses("label-sets", LabelReports),
    path("label-sets/<uuid:id>/quality", LabelQuality.as_view({"get": "ask"}), name="label-quality"),
    path(
        "asset-versions/<uuid:id>/croissant",
        Croissants.as_view({"get": "retrieve"}),
        name="version-croissant-detail",
    ),
]
