"""What happened to prepared views, and to the keys of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class ViewProposed(Event, name="preparing.view.proposed", about="view_id"):
    """`recipe_sha256` is of the recipe, which the view keeps."""

    view_id: UUID
    version_id: UUID
    recipe_sha256: str
    needs_second_person: bool


@dataclass(frozen=True, kw_only=True)
class ViewQueued(Event, name="preparing.view.queued", about="view_id"):
    """Nothing stands in its way: it is prepared as soon as somebody is free."""

    view_id: UUID
    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class ViewRejected(Event, name="preparing.view.rejected", about="view_id"):
    view_id: UUID
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class ViewWithdrawn(Event, name="preparing.view.withdrawn", about="view_id"):
    view_id: UUID


@dataclass(frozen=True, kw_only=True)
class ViewStarted(Event, name="preparing.view.started", about="view_id"):
    view_id: UUID
    run: int


@dataclass(frozen=True, kw_only=True)
class ViewReady(Event, name="preparing.view.ready", about="view_id"):
    """`version_id` is what was registered."""

    view_id: UUID
    version_id: UUID
    asset_id: UUID
    recipe_sha256: str
    rows_in: int
    rows_out: int


@dataclass(frozen=True, kw_only=True)
class ViewFailed(Event, name="preparing.view.failed", about="view_id"):
    view_id: UUID
    run: int
    fault: str


@dataclass(frozen=True, kw_only=True)
class HouseKeyReserved(Event, name="preparing.house_key.reserved", about="house_key_id"):
    """The house is about to ask for a key of its own; committed before the provider is asked."""

    house_key_id: UUID
    view_id: UUID
    version_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class HouseKeyIssued(Event, name="preparing.house_key.issued", about="house_key_id"):
    house_key_id: UUID
    scope_hash: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class HouseKeyFailed(Event, name="preparing.house_key.failed", about="house_key_id"):
    house_key_id: UUID
    fault: str


@dataclass(frozen=True, kw_only=True)
class HouseKeyEnded(Event, name="preparing.house_key.ended", about="house_key_id"):
    """`outcome`: revoked, expired, or outlives where the provider cannot cut it."""

    house_key_id: UUID
    outcome: str
    exposure_seconds: int
