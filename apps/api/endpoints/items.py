"""Which items versions of datasets have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.endpoints.labels import MOST_CHARACTERS, decoded
from apps.api.fields import Filters, Input, Shown, Text, Uid
from apps.api.resource import Resource, creates
from apps.labeling import commands
from apps.labeling.queries import item_lists_visible_to


class ItemListShown(Shown):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    items = serializers.IntegerField(help_text="As many as were brought.")
    left = serializers.IntegerField(help_text="As many as were not erased since.")
    by_split = serializers.JSONField(help_text="How many of them are in which split.")
    by_group = serializers.JSONField(help_text="How many of them are in which group of each grouping.")
    file_sha256 = serializers.CharField()
    addresses_removed = serializers.IntegerField()
    brought_by_id = serializers.UUIDField(source="brought_by.uid", allow_null=True)


class ItemsInput(Input):
    content = Text(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="A CSV in base64. Its first line names item, and where known sha256, split, subject"
        " and group:NAME.",
    )


class VersionItems(Resource):
    """Bringing the items of a version."""

    slug = "version-items"
    output = ItemListShown
    lists = False
    reads = False

    @creates(ItemsInput)
    def create(self, given: dict[str, Any], version_id: UUID) -> Any:
        """Bring the list of a version's items, once. Labels on other items are refused from then on."""
        content = decoded(given["content"])
        made = commands.keep_items(actor=self.actor, asset_version_id=version_id, content=content)
        return item_lists_visible_to(self.actor).one(made.uid)


class ItemListFilters(Filters):
    version = Uid(source="version__uid", required=False)
    asset = Uid(source="version__asset__uid", required=False)


class ItemLists(Resource):
    """Lists of items of the datasets one may see. The names in them are told nowhere."""

    slug = "item-lists"
    output = ItemListShown
    filters = ItemListFilters

    def rows(self) -> Any:
        return item_lists_visible_to(self.actor)


urlpatterns = [
    *addresses("asset-versions/<uuid:version_id>/items", VersionItems),
    *addresses("item-lists", ItemLists),
]
