"""Words of one's own for purposes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConceptAdded(Event, name="compliance.concept.added", about="purpose_concept_id"):
    """A kind of purpose of one's own, below those that ship."""

    purpose_concept_id: UUID
    code: str
    parents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConceptDeprecated(Event, name="compliance.concept.deprecated", about="purpose_concept_id"):
    purpose_concept_id: UUID
    code: str
    replaced_by: str | None
