"""The kinds of records there are: two with tables of their own, and every declared one."""

from __future__ import annotations

from typing import Any

from apps.compliance import queries
from apps.console.records.activities import ACTIVITIES
from apps.console.records.legal import kind_of_console
from apps.console.records.purposes import PURPOSES
from apps.console.records.shape import LONGEST_SEARCH, Act, RecordKind, Rests, in_force
from apps.kernel.actor import Actor

DECLARED = {slug: kind_of_console(kind) for slug, kind in queries.KINDS.items()}
KINDS = {**{kind.slug: kind for kind in (PURPOSES, ACTIVITIES)}, **DECLARED}


def records_to_review(actor: Actor, most: int) -> list[tuple[RecordKind, Any, Any]]:
    """Kind, record and version of what waits for this reviewer, the oldest first. Three queries."""
    found = [
        (kind, getattr(version, kind.identity), version)
        for kind in (PURPOSES, ACTIVITIES)
        for version in kind.to_review(actor)[:most]
    ]
    found += [
        (KINDS[version.legal_record.kind], version.legal_record, version)
        for version in queries.any_legal_to_review(actor)[:most]
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
    "DECLARED",
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
