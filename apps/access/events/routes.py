"""What happened on the way to a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Event, name="access.request.decided", about="request_id"):
    """`on_behalf_of` is the person for whom a delegate answered, `proof` how they had shown who they are."""

    request_id: UUID
    verdict_id: UUID
    kind: str
    stage: str
    role: str
    revision_sha256: str
    decision_id: UUID
    reason: Personal
    rejection_code: str = ""
    is_narrowing: bool = False
    conditions: tuple[str, ...] = ()
    on_behalf_of: UUID | None = None
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictCarried(Event, name="access.request.carried", about="request_id"):
    """What `person_id` had said on an earlier evaluation counts for this one too: the facts are unchanged,
    and the word `kept_by` of its stage says that it does. `earlier_id` is the verdict they gave."""

    request_id: UUID
    verdict_id: UUID
    earlier_id: UUID
    person_id: UUID
    kind: str
    stage: str
    revision_sha256: str
    decision_id: UUID
    kept_by: str


@dataclass(frozen=True, kw_only=True)
class VerdictRecused(Event, name="access.request.recused", about="request_id"):
    """Somebody who could have decided stepped back; others of the pool are asked."""

    request_id: UUID
    stage: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class SlotReassigned(Event, name="access.request.reassigned", about="request_id"):
    """A verdict was handed to a person by name; to nobody where that person can no longer give it."""

    request_id: UUID
    slot_id: UUID
    stage: str
    assignee_id: UUID | None
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class StageReminded(Event, name="access.request.reminded", about="request_id"):
    """`percent` of the time the stage has is over."""

    request_id: UUID
    stage: str
    percent: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StageEscalated(Event, name="access.request.escalated", about="request_id"):
    """The time of the stage is over, and more people may answer."""

    request_id: UUID
    stage: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StageFellBack(Event, name="access.request.fell_back", about="request_id"):
    """Too few people could decide, and the fallback is asked."""

    request_id: UUID
    stage: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestUnroutable(Event, name="access.request.unroutable", about="request_id"):
    """Fewer people than needed may decide. `stages` names where."""

    request_id: UUID
    stages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestRoutable(Event, name="access.request.routable", about="request_id"):
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestLapsed(Event, name="access.request.lapsed", about="request_id"):
    """Nobody decided in time, and the route says that it ends then; or what had to be true before the grants
    began was not confirmed in time. `stage` or `condition` names it."""

    request_id: UUID
    revision_sha256: str
    stage: str
    condition: str = ""
