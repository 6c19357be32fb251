"""The trail, as far as it is wanted: what the page shows is what the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.access.queries.independence import without_concealed
from apps.accounts.queries import acted_by, trail_visible_to
from apps.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class TrailWanted:
    """`of_who` are words of a name or a user name; `until` is exclusive. What is empty limits nothing."""

    of_who: str = ""
    of_event: str = ""
    of_outcome: str = ""
    of_object: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def trail_wanted(actor: Actor, wanted: TrailWanted) -> QuerySet[Any]:
    """Without what is kept from the reader while others decide.  Raises: NotPermitted."""
    conditions = {
        "name": wanted.of_event,
        "outcome": wanted.of_outcome,
        "subject_uid": wanted.of_object,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    events = acted_by(without_concealed(actor, trail_visible_to(actor)), wanted.of_who)
    return events.filter(**{name: value for name, value in conditions.items() if value})
