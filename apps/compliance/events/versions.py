"""What a version of an asset may be used for, and where its data come from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class PurposePermitted(Event, name="compliance.version.purpose_permitted", about="version_id"):
    """`columns` empty: all of them."""

    asset_id: UUID
    version_id: UUID
    concept: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PurposeForbidden(Event, name="compliance.version.purpose_forbidden", about="version_id"):
    asset_id: UUID
    version_id: UUID
    concept: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OriginStated(Event, name="compliance.version.origin_stated", about="version_id"):
    asset_id: UUID
    version_id: UUID
    original_basis: str | None
    original_purpose: str | None
    research_area: str | None
    retention_ends_on: str | None
    agreement_ref: str
    agreement_ends_on: str | None
    source: Personal


@dataclass(frozen=True, kw_only=True)
class PermissionsInherited(Event, name="compliance.version.permissions_inherited", about="version_id"):
    """A new version began with the permitted purposes and the origin of the version before."""

    asset_id: UUID
    version_id: UUID
    from_version_id: UUID
    permissions: int
    has_origin: bool


@dataclass(frozen=True, kw_only=True)
class RowsLeftOut(Event, name="compliance.version.rows_left_out", about="version_id"):
    """Somebody vouches that the version leaves out the rows of all occurrences up to this number."""

    asset_id: UUID
    version_id: UUID
    up_to: int
    evidence: Personal
