"""What happened to requests."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestDrafted(Event, name="access.request.drafted", about="request_id"):
    request_id: UUID
    revision_number: int
    assets: tuple[UUID, ...]
    purpose_id: UUID
    labeling_part: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestSubmitted(Event, name="access.request.submitted", about="request_id"):
    """`route` names the stages in order; it is empty where the request was granted at once."""

    request_id: UUID
    revision_sha256: str
    decision_id: UUID
    effect: str
    rulebook_sha256: str
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestReevaluated(Event, name="access.request.reevaluated", about="request_id"):
    request_id: UUID
    decision_id: UUID
    effect: str
    route: tuple[str, ...]
    reopened: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestApproved(Event, name="access.request.approved", about="request_id"):
    request_id: UUID
    revision_sha256: str
    decision_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestAwaitsConditions(Event, name="access.request.awaits_conditions", about="request_id"):
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestReopened(Event, name="access.request.reopened", about="request_id"):
    """The rules ask for more than was passed, before the grants began. `route` is the one now laid out."""

    request_id: UUID
    decision_id: UUID
    effect: str
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestRejected(Event, name="access.request.rejected", about="request_id"):
    request_id: UUID
    revision_sha256: str


@dataclass(frozen=True, kw_only=True)
class RequestReturned(Event, name="access.request.returned", about="request_id"):
    request_id: UUID
    revision_sha256: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(Event, name="access.request.withdrawn", about="request_id"):
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestAmended(Event, name="access.request.amended", about="request_id"):
    """A revision took the place of the one in review; verdicts given on that one are history."""

    request_id: UUID
    revision_number: int
    revision_sha256: str
    decision_id: UUID
    effect: str
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceExported(Event, name="access.request.evidence_exported", about="request_id"):
    """`manifest_sha256` names the pack, `trail_root_hash` the tree of the entries in it."""

    request_id: UUID
    decision_id: UUID
    manifest_sha256: str
    trail_root_hash: str
    signing_key_sha256: str
