from apps.catalog.models.asset import Asset, AssetKind, ModelDetails
from apps.catalog.models.location import StorageLocation
from apps.catalog.models.permission import AssetGroupPermission, AssetUserPermission
from apps.catalog.models.version import AssetVersion, Column, VersionInput

__all__ = [
    "Asset",
    "AssetGroupPermission",
    "AssetKind",
    "AssetUserPermission",
    "AssetVersion",
    "Column",
    "ModelDetails",
    "StorageLocation",
    "VersionInput",
]
