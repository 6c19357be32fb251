"""Declared records: written, reviewed, their steps, and copies of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class RecordDrafted(Event, name="compliance.record.drafted", about="legal_record_id"):
    """A record of a declared kind was begun, or a new version of an approved one."""

    legal_record_id: UUID
    record_kind: str
    ref: str
    number: int


@dataclass(frozen=True, kw_only=True)
class RecordEdited(Event, name="compliance.record.edited", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordSubmitted(Event, name="compliance.record.submitted", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordReturned(Event, name="compliance.record.returned", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class RecordRejected(Event, name="compliance.record.rejected", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class RecordApproved(Event, name="compliance.record.approved", about="legal_record_id"):
    """`missing` are the codes of what a thing that takes place already still lacks."""

    legal_record_id: UUID
    record_kind: str
    number: int
    supersedes: int | None
    content_sha256: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordRetired(Event, name="compliance.record.retired", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class RecordStepTaken(Event, name="compliance.record.step_taken", about="legal_record_id"):
    """A record went from one stage of its kind to another. `basis`: how it is known what the step says, where
    that is told."""

    legal_record_id: UUID
    record_kind: str
    step: str
    before: str
    after: str
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordExported(Event, name="compliance.record.exported", about="legal_record_id"):
    """A report on it left the house; `content_sha256` is of the file."""

    legal_record_id: UUID
    record_kind: str
    number: int
    report: str
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class ListingExported(Event, name="compliance.organization.listing_exported", about="organization_id"):
    organization_id: UUID
    report: str
    row_count: int
    content_sha256: str
