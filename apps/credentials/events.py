"""What happened to keys. Never a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class LeaseReserved(Event, name="credentials.lease.reserved", about="lease_id"):
    """A key is about to be asked for; committed before the provider is called."""

    lease_id: UUID
    grant_id: UUID
    purpose_id: UUID
    versions: tuple[UUID, ...]
    expires_at: datetime
    decision_substance: str


@dataclass(frozen=True, kw_only=True)
class LeaseIssued(Event, name="credentials.lease.issued", about="lease_id"):
    lease_id: UUID
    grant_id: UUID
    scope_hash: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessLogExported(Event, name="credentials.asset.access_log_exported", about="asset_id"):
    """Who had keys to it between two days left the house; `content_sha256` is of the file."""

    asset_id: UUID
    since: date
    until: date
    row_count: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class LeaseFailed(Event, name="credentials.lease.failed", about="lease_id"):
    lease_id: UUID
    fault: str


@dataclass(frozen=True, kw_only=True)
class LeaseRevokeRequested(Event, name="credentials.lease.revoke_requested", about="lease_id"):
    lease_id: UUID
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class LeaseRevoked(Event, name="credentials.lease.revoked", about="lease_id"):
    """The provider was asked, and said that the key is dead. Until `everywhere_at` some of its servers may
    not have heard of it."""

    lease_id: UUID
    exposure_seconds: int
    everywhere_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LeaseRevocationOverdue(Event, name="credentials.lease.overdue", about="lease_id"):
    """The provider could not be told in so many attempts; they go on."""

    lease_id: UUID
    attempts: int
    exposure_seconds: int
    fault: str


@dataclass(frozen=True, kw_only=True)
class LeaseOutlives(Event, name="credentials.lease.outlives", about="lease_id"):
    """The provider cannot cut the key: it may work until it ends."""

    lease_id: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class LeaseExpired(Event, name="credentials.lease.expired", about="lease_id"):
    lease_id: UUID


@dataclass(frozen=True, kw_only=True)
class LeaseStrayed(Event, name="credentials.lease.strayed", about="lease_id"):
    """The key was used to ask for another place than it opens, and the lake refused; the first of the day.

    `place` is bucket and folder as they were named, by whoever held the key.
    """

    lease_id: UUID
    grant_id: UUID
    asked_at: datetime
    times: int
    place: Personal
