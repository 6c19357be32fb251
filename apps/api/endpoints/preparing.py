"""Prepared views: masked and filtered copies of versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Shown, Text, Uid, Whole, Word, many
from apps.api.resource import Resource, creates, performs
from apps.preparing import commands
from apps.preparing.commands import StepDraft
from apps.preparing.queries import Span, StepKind, ViewState, views_visible_to

MOST_STEPS = 1000


class ViewShown(Shown):
    source_version_id = serializers.UUIDField(source="source.uid")
    source_asset_id = serializers.UUIDField(source="source.asset.uid")
    name = serializers.CharField()
    state = Word(ViewState)
    recipe = serializers.JSONField(help_text="What becomes of each column, and which rows remain.")
    recipe_sha256 = serializers.CharField()
    bucket = serializers.CharField()
    prefix = serializers.CharField()
    asked_by_id = serializers.UUIDField(source="asked_by.uid")
    needs_second_person = serializers.BooleanField()
    confirmed_by_id = serializers.UUIDField(source="confirmed_by.uid", allow_null=True)
    rejection_reason = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.JSONField(allow_null=True, help_text="The reason why the last run failed.")
    rows_in = serializers.IntegerField(allow_null=True)
    rows_out = serializers.IntegerField(allow_null=True)
    version_id = serializers.UUIDField(
        source="derived.uid", allow_null=True, help_text="What was registered when it was ready."
    )


class ViewStepInput(Input):
    column = Text(max_length=200, trim_whitespace=False)
    step = Word(StepKind)
    width = Text(required=False, max_length=40, help_text="Of bins: a decimal number above 0.")
    span = Word(Span, required=False, help_text="Of days and moments.")
    letters = Whole(required=False, min_value=1, max_value=20)
    count = Whole(required=False, min_value=2, max_value=1000)


class ViewInput(Input):
    name = Text(max_length=200)
    columns = many(ViewStepInput, at_most=MOST_STEPS)
    rows = Text(required=False, allow_blank=True, max_length=2000, help_text="Empty: all of them.")


class VersionViews(Resource):
    """Asking for a view of a version."""

    slug = "version-views"
    output = ViewShown
    lists = False
    reads = False

    @creates(ViewInput)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Ask for a masked and filtered copy. A column of which nothing is said is dropped."""
        given["columns"] = [StepDraft(**each) for each in given.get("columns", ())]
        view = commands.prepare_view(actor=self.actor, asset_version_id=version_id, **given)
        return views_visible_to(self.actor).one(view.uid)


class ViewFilters(Filters):
    state = Word(ViewState, required=False)
    asset = Uid(source="source__asset__uid", required=False)
    version = Uid(source="source__uid", required=False)


class Rejection(Input):
    comment = Text(max_length=10_000)


class PreparedViews(Resource):
    """Prepared views of the datasets one may see."""

    slug = "prepared-views"
    output = ViewShown
    filters = ViewFilters

    def rows(self) -> Any:
        return views_visible_to(self.actor)

    @performs()
    def confirm(self, given: dict[str, Any], id: UUID) -> Any:
        """Agree to the recipe, as another person than the one who asked; it is prepared then."""
        return self._anew(commands.confirm_view(actor=self.actor, prepared_view_id=id))

    @performs(Rejection)
    def reject(self, given: dict[str, Any], id: UUID) -> Any:
        """Say what should be otherwise."""
        return self._anew(commands.reject_view(actor=self.actor, prepared_view_id=id, **given))

    @performs()
    def retry(self, given: dict[str, Any], id: UUID) -> Any:
        """Prepare it once more."""
        return self._anew(commands.retry_view(actor=self.actor, prepared_view_id=id))

    @performs()
    def withdraw(self, given: dict[str, Any], id: UUID) -> Any:
        """It is not wanted any more."""
        return self._anew(commands.withdraw_view(actor=self.actor, prepared_view_id=id))

    def _anew(self, view: Any) -> Any:
        return views_visible_to(self.actor).one(view.uid)


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/prepared-views", VersionViews),
    *addresses("prepared-views", PreparedViews),
]
