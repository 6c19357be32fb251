"""What was taken out of the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class TrailExported(Event, name="access.trail.exported", about="organization_id"):
    """Entries were given out; `sha256` is of the file. What the file was limited to stands in the rest."""

    organization_id: UUID
    format: str
    entries: int
    sha256: str
    of_event: str
    of_outcome: str
    of_object: UUID | None
    of_who: Personal
    since: datetime | None
    until: datetime | None
