"""Processing activities: written, reviewed, and whether they may run."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class ActivityDrafted(Event, name="compliance.activity.drafted", about="activity_id"):
    """An activity was begun, or a new version of an approved one."""

    activity_id: UUID
    ref: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ActivityEdited(Event, name="compliance.activity.edited", about="activity_id"):
    activity_id: UUID
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActivitySubmitted(Event, name="compliance.activity.submitted", about="activity_id"):
    activity_id: UUID
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class ActivityReturned(Event, name="compliance.activity.returned", about="activity_id"):
    activity_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class ActivityRejected(Event, name="compliance.activity.rejected", about="activity_id"):
    activity_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class ActivityApproved(Event, name="compliance.activity.approved", about="activity_id"):
    activity_id: UUID
    number: int
    supersedes: int | None
    content_sha256: str
    clearance: str
    clearance_reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActivityRetired(Event, name="compliance.activity.retired", about="activity_id"):
    activity_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class ClearanceChanged(Event, name="compliance.activity.clearance_changed", about="activity_id"):
    activity_id: UUID
    number: int
    before: str
    after: str
    reasons: tuple[str, ...]
