"""What happened to conditions, and in emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class EvidenceShown(Event, name="access.condition.evidence_shown", about="condition_id"):
    condition_id: UUID
    request_id: UUID
    evidence: Personal


@dataclass(frozen=True, kw_only=True)
class ConditionMet(Event, name="access.condition.met", about="condition_id"):
    """`due_at`: when it has to be confirmed anew."""

    condition_id: UUID
    request_id: UUID
    code: str
    due_at: datetime | None
    evidence: Personal


@dataclass(frozen=True, kw_only=True)
class ConditionLapsed(Event, name="access.condition.lapsed", about="condition_id"):
    """Nobody confirmed it in time. Without `grant_id` no grant had begun, and the request lapses with it."""

    condition_id: UUID
    grant_id: UUID | None
    code: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ConditionReminded(Event, name="access.condition.reminded", about="condition_id"):
    """The day comes near; `turn` is whose it is."""

    condition_id: UUID
    turn: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Event, name="access.glass.broken", about="break_glass_id"):
    break_glass_id: UUID
    grant_id: UUID
    asset_id: UUID
    incident_ref: str
    is_life_at_stake: bool
    not_after: datetime
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class IncidentNamed(Event, name="access.glass.incident_named", about="break_glass_id"):
    break_glass_id: UUID
    incident_ref: str


@dataclass(frozen=True, kw_only=True)
class GlassReviewed(Event, name="access.glass.reviewed", about="break_glass_id"):
    break_glass_id: UUID
    verdict: str
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class GlassSanctioned(Event, name="access.glass.sanctioned", about="break_glass_id"):
    """Nobody reviewed it in time; who broke the glass is not on call any more."""

    break_glass_id: UUID
    person_id: UUID
