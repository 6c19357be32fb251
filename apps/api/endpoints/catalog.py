"""Assets, their versions and columns, and where the data lie."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Output, Shown, Text, Uid, Whole, Word, many
from apps.api.resource import Resource, changes, creates, performs
from apps.catalog import commands, queries
from apps.catalog.commands import ColumnDraft, InputDraft
from apps.catalog.queries import AssetKind, AssetState, InputRole

MOST_COLUMNS = 5000
MOST_INPUTS = 1000
LARGEST_NUMBER = 2**31 - 1


class AssetShown(Shown):
    kind = Word(AssetKind)
    organization_id = serializers.UUIDField(source="organization.uid")
    domain_id = serializers.UUIDField(source="domain.uid")
    name = serializers.CharField()
    description = serializers.CharField()
    state = Word(AssetState)
    published_at = serializers.DateTimeField(allow_null=True)
    task = serializers.CharField(source="model_details.task", allow_null=True, help_text="Models only.")
    framework = serializers.CharField(
        source="model_details.framework", allow_null=True, help_text="Models only."
    )


class AssetFilters(Filters):
    kind = Word(AssetKind, required=False)
    state = Word(AssetState, required=False)
    domain = Uid(source="domain__uid", required=False)
    q = serializers.CharField(
        source="name__icontains", required=False, max_length=200, help_text="Part of the name."
    )


class AssetInput(Input):
    domain_id = Uid()
    kind = Word(AssetKind)
    name = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=20_000)
    task = Text(required=False, allow_blank=True, max_length=100)
    framework = Text(required=False, allow_blank=True, max_length=100)


class AssetChange(Input):
    name = Text(max_length=200)
    description = Text(allow_blank=True, max_length=20_000)


class Assets(Resource):
    """Catalogued datasets, models and label sets that one may see."""

    slug = "assets"
    output = AssetShown
    filters = AssetFilters

    def rows(self) -> Any:
        return queries.assets_visible_to(self.actor)

    @creates(AssetInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Register an asset, as a draft."""
        return commands.register_asset(actor=self.actor, **given)

    @changes(AssetChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_asset(actor=self.actor, asset_id=id, seen_version=seen, **given)

    @performs()
    def publish(self, given: dict[str, Any], id: UUID) -> Any:
        """Show the asset to the audience of its domain."""
        return commands.publish_asset(actor=self.actor, asset_id=id)

    @performs()
    def retire(self, given: dict[str, Any], id: UUID) -> Any:
        """Take the asset out of use."""
        return commands.retire_asset(actor=self.actor, asset_id=id)


class InputShown(Output):
    version_id = serializers.UUIDField(source="input.uid")
    asset_id = serializers.UUIDField(source="input.asset.uid")
    number = serializers.IntegerField(source="input.number")
    role = Word(InputRole)


class VersionShown(Shown):
    asset_id = serializers.UUIDField(source="asset.uid")
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    location_id = serializers.UUIDField(source="location.uid", allow_null=True)
    content_sha256 = serializers.CharField()
    registered_by_id = serializers.UUIDField(source="registered_by.uid", allow_null=True)
    inputs = InputShown(many=True)


class ColumnInput(Input):
    name = Text(max_length=200)
    data_type = Text(required=False, allow_blank=True, max_length=100)
    description = Text(required=False, allow_blank=True, max_length=500)


class InputInput(Input):
    version_id = Uid()
    role = Word(InputRole)


class VersionInput(Input):
    location_id = Uid(required=False, allow_null=True)
    label = Text(required=False, allow_blank=True, max_length=100)  # type: ignore[assignment]
    columns = many(ColumnInput, at_most=MOST_COLUMNS)
    inputs = many(InputInput, at_most=MOST_INPUTS)
    content_sha256 = serializers.RegexField(r"^([0-9a-f]{64})?$", required=False, allow_blank=True)


class AssetVersions(Resource):
    """The immutable states of an asset, newest first."""

    slug = "asset-versions"
    output = VersionShown
    reads = False

    def rows(self) -> Any:
        return queries.versions_of(self.actor, self.kwargs["asset_id"])

    @creates(VersionInput)
    def create(self, given: dict[str, Any], asset_id: UUID) -> Any:
        """Add the next version, with its columns and what it was made from."""
        given["columns"] = [ColumnDraft(**column) for column in given.get("columns", ())]
        given["inputs"] = [InputDraft(**named) for named in given.get("inputs", ())]
        return commands.register_version(actor=self.actor, asset_id=asset_id, **given)


class Versions(Resource):
    """A version by its id. What is known of the data of a version stands below it."""

    slug = "asset-versions"
    output = VersionShown
    lists = False

    def rows(self) -> Any:
        return queries.versions_visible_to(self.actor)


class ColumnShown(Output):
    position = serializers.IntegerField()
    name = serializers.CharField()
    data_type = serializers.CharField()
    description = serializers.CharField()


class ColumnFilters(Filters):
    version = Whole(
        required=False, min_value=1, max_value=LARGEST_NUMBER, help_text="Its number; the latest otherwise."
    )


class AssetColumns(Resource):
    """The columns of a version of an asset."""

    slug = "asset-columns"
    output = ColumnShown
    filters = ColumnFilters
    order = ("position",)
    reads = False

    def rows(self) -> Any:
        number = self.query.pop("version", None)
        return queries.columns_of(self.actor, self.kwargs["asset_id"], number=number)


class LocationShown(Shown):
    asset_id = serializers.UUIDField(source="asset.uid")
    lake_id = serializers.UUIDField(source="lake.uid")
    endpoint = serializers.CharField()
    bucket = serializers.CharField()
    prefix = serializers.CharField()
    is_active = serializers.BooleanField()


class LocationFilters(Filters):
    asset = Uid(source="asset__uid", required=False)
    lake = Uid(source="lake__uid", required=False)


class LocationInput(Input):
    asset_id = Uid()
    lake_id = Uid()
    bucket = Text(max_length=63, trim_whitespace=False)
    prefix = Text(max_length=512, trim_whitespace=False)


class StorageLocations(Resource):
    """The places of lakes that belong to assets."""

    slug = "storage-locations"
    output = LocationShown
    filters = LocationFilters

    def rows(self) -> Any:
        return queries.locations_visible_to(self.actor)

    @creates(LocationInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Bind a place of a lake to an asset."""
        return commands.register_location(actor=self.actor, **given)


urlpatterns = [
    *addresses("assets", Assets),
    *addresses("assets/<uuid:asset_id>/versions", AssetVersions),
    *addresses("assets/<uuid:asset_id>/columns", AssetColumns),
    *addresses("asset-versions", Versions),
    *addresses("storage-locations", StorageLocations),
]
