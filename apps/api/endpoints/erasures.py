"""What was erased of versions, how well names were taken out of them, and what label sets measured since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.endpoints.labels import FiguresOfData, FoundOfData
from apps.api.fields import Filters, Flag, Input, Moment, Several, Shown, Text, Uid, Whole, Word
from apps.api.resource import Resource, creates
from apps.labeling import commands
from apps.labeling.checks.terms import Verdict
from apps.labeling.queries import (
    item_erasures_visible_to,
    redaction_checks_visible_to,
    reviews_visible_to,
)

MOST_NAMES = 10_000
MOST = 100_000_000


class OfVersion(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)


class ItemErasureShown(Shown):
    """Neither the names of what was erased nor why: it may tell of single people."""

    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    duty_id = serializers.UUIDField(source="duty.uid", allow_null=True, default=None)
    demanded_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    items = serializers.IntegerField(help_text="As many left the lists of items.")
    labels = serializers.IntegerField(help_text="As many left label sets.")
    none_here = serializers.BooleanField(help_text="Whoever looked says that none of their items were here.")
    erased_by_id = serializers.UUIDField(source="erased_by.uid", allow_null=True, default=None)


class ErasureInput(Input):
    items = Several(
        child=Text(max_length=1000),
        required=False,
        max_length=MOST_NAMES,
        help_text="By the names that labels have.",
    )
    subjects = Several(
        child=Text(max_length=1000),
        required=False,
        max_length=MOST_NAMES,
        help_text="By the pseudonyms in the list.",
    )
    why = Text(max_length=10_000, help_text="Without the names of people.")
    duty_id = Uid(required=False)
    demanded_at = Moment(required=False, help_text="Empty: when the duty arose, or now.")
    none_here = Flag(
        required=False,
        help_text="None of their items are here: it answers the duty though nothing was met.",
    )


class VersionErasures(Resource):
    """Erasing items of a version."""

    slug = "version-erasures"
    output = ItemErasureShown
    lists = False
    reads = False

    @creates(ErasureInput)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Erase items from labels, gold and lists of the version, of the other versions of its dataset and of
        what was made from them. They cannot be brought again."""
        made = commands.erase_items(actor=self.actor, asset_version_id=version_id, **given)
        return item_erasures_visible_to(self.actor).one(made.uid)


class ItemErasures(Resource):
    """Erasures of items of the datasets one may see."""

    slug = "item-erasures"
    output = ItemErasureShown
    filters = OfVersion

    def rows(self) -> Any:
        return item_erasures_visible_to(self.actor)


class RedactionCheckShown(Shown):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    seeds = serializers.IntegerField()
    seeds_found = serializers.IntegerField()
    audited = serializers.IntegerField()
    direct_identifiers = serializers.IntegerField()
    checked_by_id = serializers.UUIDField(source="checked_by.uid", allow_null=True, default=None)


class RedactionInput(Input):
    seeds = Whole(min_value=0, max_value=MOST, help_text="Names that were planted.")
    seeds_found = Whole(min_value=0, max_value=MOST, help_text="Of them those that were taken out.")
    audited = Whole(min_value=0, max_value=MOST, help_text="Items that people looked through.")
    direct_identifiers = Whole(min_value=0, max_value=MOST, help_text="That they met in them.")


class VersionRedactionChecks(Resource):
    """Noting how well what names people was taken out of a version."""

    slug = "version-redaction-checks"
    output = RedactionCheckShown
    lists = False
    reads = False

    @creates(RedactionInput)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Note a check. The newest of a version counts for its label sets, which are measured anew."""
        made = commands.note_redaction(actor=self.actor, asset_version_id=version_id, **given)
        return redaction_checks_visible_to(self.actor).one(made.uid)


class RedactionChecks(Resource):
    """Redaction checks of the datasets one may see."""

    slug = "redaction-checks"
    output = RedactionCheckShown
    filters = OfVersion

    def rows(self) -> Any:
        return redaction_checks_visible_to(self.actor)


class LabelSetReviewShown(Shown):
    label_set_id = serializers.UUIDField(source="label_set.uid")
    verdict = Word(Verdict)
    findings = FoundOfData(help_text="As of label sets.")
    figures = FiguresOfData(
        allow_null=True, help_text="As of label sets; `null` while it waits to be measured."
    )
    policy_version = serializers.SerializerMethodField(
        help_text="The version of the labeling policy that it was measured by."
    )

    def get_policy_version(self, review: Any) -> int:
        return int((review.policy or review.label_set.policy).number)


class ReviewFilters(Filters):
    label_set = Uid(source="label_set__uid", required=False)


class LabelSetReviews(Resource):
    """Label sets that were measured anew; the newest review of a set counts."""

    slug = "label-set-reviews"
    output = LabelSetReviewShown
    filters = ReviewFilters

    def rows(self) -> Any:
        return reviews_visible_to(self.actor)


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/item-erasures", VersionErasures),
    *addresses("item-erasures", ItemErasures),
    *addresses("asset-versions/<uuid:version_id>/redaction-checks", VersionRedactionChecks),
    *addresses("redaction-checks", RedactionChecks),
    *addresses("label-set-reviews", LabelSetReviews),
]
