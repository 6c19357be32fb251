"""Reads of the catalog."""

from apps.catalog.lifecycle import AssetState
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.catalog.queries.assets import (
    KeptAsset,
    accounts_holding,
    asset_holders,
    asset_kept_by,
    asset_permissions,
    assets_visible_to,
    columns_of,
    free_locations,
    latest_version,
    locations_in_lake,
    locations_visible_to,
    people_holding,
    people_holding_each,
    versions_named,
    versions_of,
    versions_visible_to,
)
from apps.catalog.queries.closure import (
    EVERY_ROLE,
    HANDED_DOWN,
    InputKeys,
    KeysWithInputs,
    all_made_from,
    inputs_of,
    made_from,
)
from apps.catalog.queries.keeping import (
    Unkept,
    sole_holdings,
    sole_holdings_of,
    unkept,
    unkept_to_mend,
)
from apps.catalog.queries.lineage import Edge, Lineage, lineage_of, views_holding

__all__ = [
    "EVERY_ROLE",
    "HANDED_DOWN",
    "AssetKind",
    "AssetState",
    "Edge",
    "InputKeys",
    "InputRole",
    "KeptAsset",
    "KeysWithInputs",
    "Lineage",
    "Unkept",
    "accounts_holding",
    "all_made_from",
    "asset_holders",
    "asset_kept_by",
    "asset_permissions",
    "assets_visible_to",
    "columns_of",
    "free_locations",
    "inputs_of",
    "latest_version",
    "lineage_of",
    "locations_in_lake",
    "locations_visible_to",
    "made_from",
    "people_holding",
    "people_holding_each",
    "sole_holdings",
    "sole_holdings_of",
    "unkept",
    "unkept_to_mend",
    "versions_named",
    "versions_of",
    "versions_visible_to",
    "views_holding",
]
