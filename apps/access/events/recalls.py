"""What happened to copies that people had taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class GrantRecalled(Event, name="access.grant.recalled", about="grant_id"):
    """Whoever had access is told; by `due_on` they say that their copies are deleted, where that is asked."""

    grant_id: UUID
    recall_id: UUID
    occurrence_id: UUID
    happening: str
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class CopiesAttested(Event, name="access.recall.attested", about="recall_id"):
    recall_id: UUID
    grant_id: UUID
    attestation: Personal
