"""Purposes of processing: written, reviewed, and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class PurposeDrafted(Event, name="compliance.purpose.drafted", about="purpose_id"):
    """A purpose was begun, or a new version of an approved one."""

    purpose_id: UUID
    ref: str
    number: int
    concept: str


@dataclass(frozen=True, kw_only=True)
class PurposeEdited(Event, name="compliance.purpose.edited", about="purpose_id"):
    purpose_id: UUID
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PurposeSubmitted(Event, name="compliance.purpose.submitted", about="purpose_id"):
    """`content_sha256` is of the canonical JSON of what was submitted."""

    purpose_id: UUID
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class PurposeReturned(Event, name="compliance.purpose.returned", about="purpose_id"):
    purpose_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PurposeRejected(Event, name="compliance.purpose.rejected", about="purpose_id"):
    purpose_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PurposeApproved(Event, name="compliance.purpose.approved", about="purpose_id"):
    purpose_id: UUID
    number: int
    supersedes: int | None
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class PurposeRetired(Event, name="compliance.purpose.retired", about="purpose_id"):
    purpose_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class PurposeSuspended(Event, name="compliance.purpose.suspended", about="purpose_id"):
    purpose_id: UUID
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PurposeResumed(Event, name="compliance.purpose.resumed", about="purpose_id"):
    purpose_id: UUID


@dataclass(frozen=True, kw_only=True)
class PurposeWithdrawn(Event, name="compliance.purpose.withdrawn", about="purpose_id"):
    purpose_id: UUID
    reason: Personal
