"""The kinds of records there are. Another one is a module with its `RecordKind`, and a line here."""

from __future__ import annotations

from typing import Any

from apps.console.records.activities import ACTIVITIES
from apps.console.records.purposes import PURPOSES
from apps.console.records.shape import LONGEST_SEARCH, Act, RecordKind, Rests, in_force
from apps.kernel.actor import Actor

KINDS = {kind.slug: kind for kind in (PURPOSES, ACTIVITIES)}


def records_to_review(actor: Actor, most: int) -> list[tuple[RecordKind, Any, Any]]:
    """Kind, record and version of what waits for this reviewer, the oldest first. One query a kind."""
    found = [
        (kind, getattr(version, kind.identity), version)
        for kind in KINDS.values()
        for version in kind.to_review(actor)[:most]
    ]
    return sorted(found, key=lambda each: each[2].submitted_at)[:most]


class KindConverter:
    """A kind of record in an address."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> RecordKind:
        return KINDS[value]

    def to_url(self, kind: RecordKind | str) -> str:
        return kind if isinstance(kind, str) else kind.slug


__all__ = [
    "ACTIVITIES",
    "KINDS",
    "LONGEST_SEARCH",
    "PURPOSES",
    "Act",
    "KindConverter",
    "RecordKind",
    "Rests",
    "in_force",
    "records_to_review",
]
