"""Files of labels on their way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Filters, Shown, Uid, Word
from apps.api.resource import Resource, performs
from apps.labeling import commands
from apps.labeling.lifecycle import ImportState
from apps.labeling.queries import label_imports_visible_to


class LabelImportShown(Shown):
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
        help_text="Why it was refused; `field` is `content`, the line, and the place."
    )
    kept_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then it may be read again without its faults."
    )
    finished_at = serializers.DateTimeField(allow_null=True)
    label_set_id = serializers.UUIDField(source="label_set.uid", allow_null=True)


class LabelImportFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)
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


urlpatterns = addresses("label-imports", LabelImports)
