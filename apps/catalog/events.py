"""What happened to assets."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AssetRegistered(Event, name="catalog.asset.registered", about="asset_id"):
    asset_id: UUID
    kind: str
    domain_id: UUID


@dataclass(frozen=True, kw_only=True)
class AssetChanged(Event, name="catalog.asset.changed", about="asset_id"):
    asset_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssetPublished(Event, name="catalog.asset.published", about="asset_id"):
    asset_id: UUID


@dataclass(frozen=True, kw_only=True)
class AssetRetired(Event, name="catalog.asset.retired", about="asset_id"):
    asset_id: UUID


@dataclass(frozen=True, kw_only=True)
class LocationRegistered(Event, name="catalog.location.registered", about="asset_id"):
    asset_id: UUID
    location_id: UUID
    lake_id: UUID
    bucket: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class VersionRegistered(Event, name="catalog.version.registered", about="asset_id"):
    asset_id: UUID
    version_id: UUID
    number: int
    columns: tuple[str, ...]
    inputs: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class InputsAdded(Event, name="catalog.version.inputs_added", about="asset_id"):
    """Afterwards; `roles` in the order of `inputs`."""

    asset_id: UUID
    version_id: UUID
    inputs: tuple[UUID, ...]
    roles: tuple[str, ...]
