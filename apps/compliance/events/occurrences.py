"""What happened to data under the law, and what has to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class OccurrenceDrafted(Event, name="compliance.occurrence.drafted", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    happening: str
    source_id: UUID | None
    versions: tuple[UUID, ...]
    said: Personal


@dataclass(frozen=True, kw_only=True)
class OccurrenceTookEffect(Event, name="compliance.occurrence.took_effect", about="occurrence_id"):
    """How many versions it reaches, how many of them are of models, and what has to be done."""

    occurrence_id: UUID
    ref: str
    happening: str
    versions: int
    models: int
    duties: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OccurrenceExtended(Event, name="compliance.occurrence.extended", about="occurrence_id"):
    """Further versions were made from those it is about."""

    occurrence_id: UUID
    ref: str
    versions: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class OccurrenceLifted(Event, name="compliance.occurrence.lifted", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    happening: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class OccurrenceDiscarded(Event, name="compliance.occurrence.discarded", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class DutyAssigned(Event, name="compliance.duty.assigned", about="duty_id"):
    duty_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyFreed(Event, name="compliance.duty.freed", about="duty_id"):
    duty_id: UUID
    occurrence_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DutyBegun(Event, name="compliance.duty.begun", about="duty_id"):
    """A deletion is under way."""

    duty_id: UUID
    occurrence_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DutyFailed(Event, name="compliance.duty.failed", about="duty_id"):
    """A deletion did not succeed; it stays to be done."""

    duty_id: UUID
    occurrence_id: UUID
    code: str
    why: Personal


@dataclass(frozen=True, kw_only=True)
class DutyFinished(Event, name="compliance.duty.finished", about="duty_id"):
    duty_id: UUID
    occurrence_id: UUID
    code: str
    evidence: Personal


@dataclass(frozen=True, kw_only=True)
class ModelAssessed(Event, name="compliance.model.assessed", about="model_assessment_id"):
    model_assessment_id: UUID
    asset_id: UUID
    version_id: UUID
    occurrence_id: UUID
    outcome: str
    why: Personal
