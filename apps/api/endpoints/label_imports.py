"""Files of labels on their way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from apps.api.addresses import addresses
from apps.api.endpoints.said_of_files import SaidOfFile, ShownOfFile
from apps.api.fields import Filters, Flag, Text, Uid, Word
from apps.api.resource import Resource, performs, takes_file
from apps.kernel.clock import database_now
from apps.labeling import commands
from apps.labeling.commands.bringing import ground_for
from apps.labeling.imports.source import LARGEST
from apps.labeling.lifecycle import ImportState
from apps.labeling.queries import label_imports_visible_to


class LabelImportShown(ShownOfFile):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    policy_ref = serializers.CharField(source="policy.legal_record.ref")
    policy_version = serializers.IntegerField(source="policy.number")
    file_sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    read = serializers.IntegerField(help_text="How many of them were gone through.")
    leave_out_faults = serializers.BooleanField()
    state = Word(ImportState)
    reasons = serializers.JSONField(
        help_text="Why it was refused, or what was left out; `field` is `content`, the line, and the place."
    )
    kept_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then it may be read again without its faults."
    )
    finished_at = serializers.DateTimeField(allow_null=True)
    label_set_id = serializers.UUIDField(source="label_set.uid", allow_null=True)


class FileOfLabels(SaidOfFile, Filters):
    policy = Text(max_length=20, help_text="The number of the labeling policy, as LP-0001.")
    leave_out_faults = Flag(required=False)


class VersionLabelImports(Resource):
    """Bringing large files of labels of a version."""

    slug = "version-label-imports"
    output = LabelImportShown
    filters = FileOfLabels
    lists = False
    reads = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever may not bring them is told before the file is read."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            ground_for(self.actor, kwargs["version_id"], self.query["policy"], database_now())

    @takes_file(LARGEST)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Bring a file of up to 400 MB: the bytes of Label Studio JSON, COCO JSON, CVAT XML 1.1, or CSV. A
        worker reads it; the answer tells where to see how far it is."""
        made = commands.bring_labels_file(actor=self.actor, asset_version_id=version_id, **given)
        return label_imports_visible_to(self.actor).one(made.uid)

    def _location(self, row: Any) -> str:
        return reverse("api:label-imports-detail", args=[row.uid])


class LabelImportFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)
    label_set = Uid(source="label_set__uid", required=False)
    state = Word(ImportState, required=False)


class LabelImports(Resource):
    """Files of labels of the datasets one may see, and how far they are."""

    slug = "label-imports"
    output = LabelImportShown
    filters = LabelImportFilters

    def rows(self) -> Any:
        return label_imports_visible_to(self.actor)

    @performs()
    def leave_out(self, given: dict[str, Any], id: UUID) -> Any:
        """Have a file that was refused read once more, and what is faulty in it left out."""
        commands.bring_without_faults(actor=self.actor, label_import_id=id)
        return label_imports_visible_to(self.actor).one(id)


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/label-imports", VersionLabelImports),
    *addresses("label-imports", LabelImports),
]
