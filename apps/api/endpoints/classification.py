"""Sensitivity classes, data categories, and what is said about the columns of versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import validate_slug
from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import (
    Codes,
    Filters,
    Flag,
    Input,
    Output,
    SeenImpact,
    Several,
    Shown,
    Text,
    Uid,
    Whole,
    Word,
)
from apps.api.resource import Resource, changes, creates, performs
from apps.catalog.queries import versions_visible_to
from apps.classification import commands, queries
from apps.classification.commands import DEMANDS, CategoryDraft, ColumnClassification, Handling
from apps.classification.queries import (
    ClassificationSource,
    ClassificationStatus,
    Identifiability,
    SpecialKind,
    StageRole,
)

MOST_COLUMNS = 5000
MOST_CATEGORIES = 200
HIGHEST_RANK = 2**15 - 1
LARGEST_NUMBER = 2**31 - 1


class SensitivityClassShown(Shown):
    rank = serializers.IntegerField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    max_grant_days = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    max_lease_minutes = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    stages = Several(child=Word(StageRole))
    needs_step_up = serializers.BooleanField()
    is_auto_ok_allowed = serializers.BooleanField()
    is_break_glass_allowed = serializers.BooleanField()


class HandlingInput(Input):
    max_grant_days = Whole(min_value=0, max_value=LARGEST_NUMBER, allow_null=True)
    max_lease_minutes = Whole(min_value=0, max_value=LARGEST_NUMBER, allow_null=True)
    stages = Several(child=Word(StageRole), max_length=20)
    needs_step_up = Flag()
    is_auto_ok_allowed = Flag()
    is_break_glass_allowed = Flag(required=False)


class SensitivityClassInput(HandlingInput):
    rank = Whole(min_value=0, max_value=HIGHEST_RANK)
    code = Text(max_length=40, validators=[validate_slug])
    label = Text(max_length=80)  # type: ignore[assignment]
    definition = Text(max_length=10_000)


class SensitivityClasses(Resource):
    """The ladder of classes of this installation, from the lowest, and what each demands."""

    slug = "sensitivity-classes"
    output = SensitivityClassShown
    order = ("rank",)

    def rows(self) -> Any:
        return queries.ladder(self.actor)

    @creates(SensitivityClassInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Put a class on the ladder, where nobody else has to agree; else it is proposed."""
        handling = handling_of({name: given.pop(name) for name in DEMANDS if name in given})
        return commands.add_class(actor=self.actor, handling=handling, **given)

    @changes(HandlingInput)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what the class demands from now on, where nobody else has to agree; else it is proposed."""
        held = self.one(id)
        handling = handling_of({name: getattr(held, name) for name in DEMANDS} | given)
        return commands.change_handling(
            actor=self.actor, sensitivity_class_id=id, handling=handling, seen_version=seen
        )


class DataCategoryShown(Shown):
    scheme = serializers.CharField()
    code = serializers.CharField()
    iri = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    parent_codes = Codes(source="parents")
    special_kind = Word(SpecialKind, allow_blank=True, help_text="GDPR Art. 9(1); empty: none.")
    is_criminal = serializers.BooleanField()
    is_personal = serializers.BooleanField()


class TermFilters(Filters):
    q = serializers.CharField(
        source="label__icontains", required=False, max_length=120, help_text="Part of the label."
    )


class TermInput(Input):
    code = Text(max_length=60, help_text="Such as WellOwner; it never changes.")
    label = Text(max_length=120)  # type: ignore[assignment]
    definition = Text(max_length=2_000)
    parent_codes = Several(child=Text(max_length=80), max_length=20)


class CategoryInput(TermInput):
    special_kind = Word(SpecialKind, required=False, allow_null=True, help_text="Else that of its parents.")
    is_criminal = Flag(required=False)


class DeprecationInput(Input):
    replaced_by_code = Text(required=False, allow_blank=True, max_length=80)


class DataCategories(Resource):
    """The kinds of data that columns can hold, as far as they are in use."""

    slug = "data-categories"
    output = DataCategoryShown
    filters = TermFilters
    order = ("code",)
    reads = False

    def rows(self) -> Any:
        return queries.categories_in_use(self.actor)

    @creates(CategoryInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Put a term of one's own below those there are."""
        return commands.add_category(actor=self.actor, draft=CategoryDraft(**given))

    @performs(DeprecationInput)
    def deprecate(self, given: dict[str, Any], id: UUID) -> Any:
        """Take a term out of use. What was said with it stays."""
        return commands.deprecate_category(actor=self.actor, data_category_id=id, **given)


class SayingShown(Output):
    id = serializers.UUIDField()
    sensitivity_class_code = serializers.CharField()
    rank = serializers.IntegerField()
    category_codes = Several(child=serializers.CharField())
    identifiability = Word(Identifiability)
    reason = serializers.CharField()
    classified_by_id = serializers.UUIDField(allow_null=True)


class ClassificationShown(Shown):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    column = serializers.CharField(source="column_name", help_text="«*»: the version has no columns.")
    sensitivity_class_code = serializers.CharField(source="sensitivity_class.code")
    rank = serializers.IntegerField(source="sensitivity_class.rank")
    category_codes = Several(child=serializers.CharField())
    identifiability = Word(Identifiability)
    source = Word(ClassificationSource)  # type: ignore[assignment]
    reason = serializers.CharField()
    assessment_ref = serializers.CharField()
    classified_by_id = serializers.UUIDField(source="classified_by.uid", allow_null=True)
    is_confirmed = serializers.BooleanField(help_text="A person vouches for it.")
    status = Word(ClassificationStatus)
    decided_by_id = serializers.UUIDField(source="decided_by.uid", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    rejection_reason = serializers.CharField()


class CurrentShown(ClassificationShown):
    proposal = SayingShown(source="beside", allow_null=True, help_text="Waits for a second person.")


class ProposalShown(ClassificationShown):
    current = SayingShown(source="beside", allow_null=True, help_text="What holds meanwhile.")


class VersionClassification(Resource):
    """What holds for the columns of a version, and what is proposed instead."""

    slug = "version-classification"
    output = CurrentShown
    order = ("column_name",)
    reads = False

    def rows(self) -> Any:
        version = versions_visible_to(self.actor).one(self.kwargs["version_id"])
        return queries.current_classifications(self.actor, version)


class ColumnSayingInput(Input):
    """What somebody says about a column; it is left out where the version has none."""

    column = Text(required=False, allow_null=True, max_length=200, trim_whitespace=False)
    sensitivity_class_code = Text(max_length=40)
    category_codes = Several(child=Text(max_length=80), required=False, max_length=MOST_CATEGORIES)
    identifiability = Word(Identifiability)
    reason = Text(required=False, allow_blank=True, max_length=10_000)
    assessment_ref = Text(required=False, allow_blank=True, max_length=200)


class ClassifyInput(Input):
    items = Several(child=ColumnSayingInput(), max_length=MOST_COLUMNS)
    seen_impact = SeenImpact(
        help_text="The digest of the asset's impact that was looked at; 428 without it if there is one."
    )


class ClassifiedShown(Output):
    current = ClassificationShown(many=True, help_text="Took effect.")
    proposed = ClassificationShown(many=True, help_text="Waits for a second person.")


class ProposalsInput(Input):
    proposal_ids = Several(child=Uid(), max_length=MOST_COLUMNS)


class LoweringInput(ProposalsInput):
    seen_impact = SeenImpact()


class RejectionInput(ProposalsInput):
    reason = Text(allow_blank=True, max_length=10_000)


class DecidedShown(Output):
    decided = ClassificationShown(many=True)


class Classifying(Resource):
    """Saying how sensitive the columns are: the stricter holds at once, the laxer is proposed."""

    slug = "asset-versions"
    lists = False
    reads = False

    @performs(ClassifyInput, output=ClassifiedShown)
    def classify(self, given: dict[str, Any], id: UUID) -> Any:
        """Classify columns. What was said before and is repeated changes nothing."""
        items = [
            ColumnClassification(**{**item, "category_codes": tuple(item.get("category_codes", ()))})
            for item in given["items"]
        ]
        seen = given.get("seen_impact")
        found = commands.classify(actor=self.actor, asset_version_id=id, items=items, seen_impact=seen)
        return {
            "current": queries.with_names(found.current),
            "proposed": queries.with_names(found.proposed),
        }

    @performs(LoweringInput, output=DecidedShown)
    def confirm_lowering(self, given: dict[str, Any], id: UUID) -> Any:
        """Let proposals take effect, as another person than the one who made them."""
        decided = commands.confirm_lowering(actor=self.actor, asset_version_id=id, **given)
        return {"decided": queries.with_names(decided)}

    @performs(RejectionInput, output=DecidedShown)
    def reject_lowering(self, given: dict[str, Any], id: UUID) -> Any:
        """Let the stricter classification stay."""
        decided = commands.reject_lowering(actor=self.actor, asset_version_id=id, **given)
        return {"decided": queries.with_names(decided)}


class ProposalFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)


class Proposals(Resource):
    """Proposals to lower a classification that wait for a second person, the oldest first."""

    slug = "classification-proposals"
    output = ProposalShown
    filters = ProposalFilters
    order = ("pk",)
    reads = False

    def rows(self) -> Any:
        return queries.open_proposals(self.actor)


def handling_of(given: dict[str, Any]) -> Handling:
    return Handling(**{**given, "stages": tuple(str(stage) for stage in given["stages"])})


urlpatterns = [
    *addresses("sensitivity-classes", SensitivityClasses),
    *addresses("data-categories", DataCategories),
    *addresses("asset-versions", Classifying),
    *addresses("asset-versions/<uuid:version_id>/classification", VersionClassification),
    *addresses("classification/proposals", Proposals),
]
