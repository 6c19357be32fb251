from apps.catalog.commands.assets import change_asset, publish_asset, register_asset, retire_asset
from apps.catalog.commands.lineage import add_inputs
from apps.catalog.commands.locations import register_location
from apps.catalog.commands.permissions import (
    give_asset_permission,
    pass_on_permissions,
    take_asset_permission,
)
from apps.catalog.commands.versions import ColumnDraft, InputDraft, PlaceDraft, register_version

__all__ = [
    "ColumnDraft",
    "InputDraft",
    "PlaceDraft",
    "add_inputs",
    "change_asset",
    "give_asset_permission",
    "pass_on_permissions",
    "publish_asset",
    "register_asset",
    "register_location",
    "register_version",
    "retire_asset",
    "take_asset_permission",
]
