"""Labels of versions of datasets, each set with what it is good for."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.endpoints.said_of_files import SaidOfFile, ShownOfFile
from apps.api.fields import Filters, Flag, Input, Text, Uid, Word
from apps.api.resource import Resource, creates, performs
from apps.kernel.errors import invalid
from apps.labeling import commands
from apps.labeling.checks.terms import Verdict
from apps.labeling.errors import NOT_BASE64
from apps.labeling.queries import label_sets_visible_to
from apps.labeling.rendering.report import figures_for_all, findings_for_all

MOST_CHARACTERS = 4_800_000


class FoundOfData(serializers.JSONField):
    """Checks, without what they found about people: readers of labels have that of `quality`."""

    def to_representation(self, value: Any) -> Any:
        return findings_for_all(value)


class FiguresOfData(serializers.JSONField):
    """Figures, without those of each annotator."""

    def to_representation(self, value: Any) -> Any:
        return figures_for_all(value)


class LabelSetShown(ShownOfFile):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    asset_version_id = serializers.UUIDField(
        source="asset_version.uid", allow_null=True, help_text="What the set is in the catalog."
    )
    number = serializers.IntegerField()
    policy_ref = serializers.CharField(source="policy.legal_record.ref")
    policy_version = serializers.IntegerField(source="policy.number")
    format = serializers.CharField()
    file_sha256 = serializers.CharField()
    annotations = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="Faulty annotations that were left out knowingly.")
    addresses_removed = serializers.IntegerField()
    verdict = Word(Verdict, help_text="When the labels were brought.")
    current_verdict = Word(Verdict, help_text="By the newest review, where there is one.")
    measured_at = serializers.DateTimeField(help_text="By the newest review, where there is one.")
    measured_by = serializers.IntegerField(help_text="The version of the policy by which it was measured.")
    in_force = serializers.IntegerField(
        allow_null=True, help_text="The version of the policy that is in force today."
    )
    findings = FoundOfData(
        help_text="Each check, its outcome, and the reason as data; what is about people has `quality`."
    )
    figures = FiguresOfData(
        help_text="Agreement with its bounds, by class too, and gold; by annotator in `quality`."
    )
    names_forgotten_at = serializers.DateTimeField(
        source="names_forgotten.created_at",
        default=None,
        allow_null=True,
        help_text="Since then it is not kept who gave which label, as the retention schedule says.",
    )
    brought_by_id = serializers.UUIDField(source="brought_by.uid", allow_null=True)


class LabelsAnewInput(SaidOfFile, Input):
    content = Text(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="The bytes, in base64: Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV.",
    )
    leave_out_faults = Flag(required=False)


class LabelsInput(LabelsAnewInput):
    policy = Text(max_length=20, help_text="The number of the labeling policy, as LP-0001.")


class VersionLabels(Resource):
    """Bringing labels of a version."""

    slug = "version-labels"
    output = LabelSetShown
    lists = False
    reads = False

    @creates(LabelsInput)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Bring a file. Its faults are told with their lines, and nothing is kept then unless they are left
        out knowingly."""
        given["content"] = decoded(given["content"])
        made = commands.bring_labels(actor=self.actor, asset_version_id=version_id, **given)
        return label_sets_visible_to(self.actor).one(made.uid)


class LabelSetFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)
    verdict = Word(Verdict, required=False)


class LabelSets(Resource):
    """Label sets of the datasets one may see."""

    slug = "label-sets"
    output = LabelSetShown
    filters = LabelSetFilters

    def rows(self) -> Any:
        return label_sets_visible_to(self.actor)

    @performs(LabelsAnewInput, is_creating=True, status=201)
    def import_(self, given: dict[str, Any], id: UUID) -> Any:
        """Bring labels that were given anew: the next set of the same version, under the same policy."""
        before = self.one(id)
        given["content"] = decoded(given["content"])
        made = commands.bring_labels(
            actor=self.actor,
            asset_version_id=before.version.uid,
            policy=before.policy.legal_record.ref,
            **given,
        )
        return self.one(made.uid)

    @performs()
    def review(self, given: dict[str, Any], id: UUID) -> Any:
        """Measure it anew, by the labels that it has now and by what records say now."""
        commands.review_label_set(actor=self.actor, label_set_id=id)
        return label_sets_visible_to(self.actor).one(id)


def decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("content", NOT_BASE64) from None


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/label-sets", VersionLabels),
    *addresses("label-sets", LabelSets),
]
