"""Pilots of labeling policies: what their labels measured when a guideline was tried out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.endpoints.labels import MOST_CHARACTERS, decoded
from apps.api.fields import Filters, Flag, Input, Shown, Text, Uid, many
from apps.api.resource import Resource, creates
from apps.labeling import commands
from apps.labeling.commands.attributing import LONGEST_NAME
from apps.labeling.commands.piloting import MOST_FILES, PilotFile
from apps.labeling.pilots import pilots_visible_to


class PilotShown(Shown):
    policy_id = serializers.UUIDField(source="policy.legal_record.uid")
    policy_ref = serializers.CharField(source="policy.legal_record.ref")
    policy_version = serializers.IntegerField(source="policy.number")
    format = serializers.CharField()
    files = serializers.IntegerField()
    file_sha256 = serializers.CharField(help_text="Of several files: of their hashes, in their order.")
    annotations = serializers.IntegerField()
    items = serializers.IntegerField(help_text="Those that as many people answered as the policy asks for.")
    lower = serializers.FloatField(
        allow_null=True, help_text="The lower bound of the agreement; empty where that is undefined."
    )
    findings = serializers.JSONField(help_text="Each check, its outcome, and the reason as data.")
    figures = serializers.JSONField(help_text="Agreement with its bounds, by class and by annotator too.")
    measured_by_id = serializers.UUIDField(source="measured_by.uid", allow_null=True)


class PilotFileInput(Input):
    content = Text(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="The bytes, in base64: Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV.",
    )
    labeled_by = Text(
        required=False,
        allow_blank=True,
        max_length=LONGEST_NAME,
        help_text="Who labeled what the file leaves unnamed.",
    )


class PilotInput(Input):
    files = many(PilotFileInput, at_most=MOST_FILES)
    all_items_seen = Flag(required=False, help_text="Items without a label are answers then.")


class PolicyPilots(Resource):
    """Measuring pilots of a labeling policy."""

    slug = "labeling-policy-pilots"
    output = PilotShown
    lists = False
    reads = False

    @creates(PilotInput)
    def create(self, given: dict[str, Any], policy_id: UUID) -> Any:
        """Measure labels of a few items by the approved version of the policy. The figures are kept, and the
        labels are not. The policy is tried out by the newest figures."""
        files = [
            PilotFile(content=decoded(each["content"]), labeled_by=each.get("labeled_by", ""))
            for each in given.pop("files", ())
        ]
        made = commands.measure_pilot(actor=self.actor, legal_record_id=policy_id, files=files, **given)
        return pilots_visible_to(self.actor).one(made.uid)


class PilotFilters(Filters):
    policy = Uid(source="policy__legal_record__uid", required=False)


class Pilots(Resource):
    """Pilots that were measured, of the policies that one keeps."""

    slug = "pilots"
    output = PilotShown
    filters = PilotFilters

    def rows(self) -> Any:
        return pilots_visible_to(self.actor)


urlpatterns = [
    *addresses("labeling-policies/<uuid:policy_id>/pilots", PolicyPilots),
    *addresses("pilots", Pilots),
]
