"""Entries of the trail as a file, written as they come: a table for people, lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Protocol

from django.utils import translation

from apps.audit.queries import reasons_of
from apps.kernel.separated import Lines, Writable
from apps.kernel.texts import sentence
from apps.policy.reason import Reason
from apps.policy.snapshot import canonical_bytes, moment

LANGUAGE = "en"
"""Whatever the reader's own is: a file of the same entries is the same file."""


class TrailFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


MEDIA_TYPES = {TrailFormat.CSV: "text/csv; charset=utf-8", TrailFormat.JSONL: "application/x-ndjson"}
HEAD = (
    "When (UTC)",
    "What happened",
    "Outcome",
    "Why it was refused",
    "Who",
    "Account",
    "About",
    "In their own words",
    "Recorded",
    "Event",
    "Entry",
    "Web request",
)


class Writing(Protocol):
    def write(self, event: Any) -> None: ...


class Table:
    """`words` tells what names of events and codes mean; one without words stands as it is."""

    def __init__(self, into: Writable, words: Mapping[str, str]) -> None:
        self.lines, self.words = Lines(into), words
        self.lines.write([HEAD])

    def write(self, event: Any) -> None:
        row = (
            moment(event.at),
            self.words.get(event.name, event.name),
            event.outcome,
            " ".join(sentence(self._worded(reason)) for reason in reasons_of(event)),
            event.actor_name or event.actor_kind,
            event.actor_username or "",
            str(event.subject_uid or ""),
            "\n".join(f"{field}: {value}" for field, value in sorted(_personal(event).items())),
            json.dumps(event.data, ensure_ascii=False, sort_keys=True) if event.data else "",
            event.name,
            str(event.uid),
            event.request_id,
        )
        self.lines.write([row])

    def _worded(self, reason: Reason) -> Reason:
        facts = {
            name: self.words.get(value, value) if isinstance(value, str) else value
            for name, value in reason.facts.items()
        }
        return replace(reason, facts=facts)


class Objects:
    """An object a line, with everything that was recorded."""

    def __init__(self, into: Writable) -> None:
        self.into = into

    def write(self, event: Any) -> None:
        told = {
            "id": str(event.uid),
            "at": moment(event.at),
            "name": event.name,
            "outcome": event.outcome,
            "subject_id": _id(event.subject_uid),
            "actor_kind": event.actor_kind,
            "actor_account_id": _id(event.actor_account),
            "actor_account": event.actor_username,
            "actor_person_id": _id(event.actor_person),
            "actor_person": event.actor_name,
            "request_id": event.request_id,
            "data": event.data,
            "personal": _personal(event),
            "commitments": event.commitments,
        }
        self.into.write(canonical_bytes(told) + b"\n")


def write_entries(
    events: Iterable[Any], format: TrailFormat, words: Mapping[str, str], into: Writable
) -> int:
    """How many were written."""
    writing: Writing = Table(into, words) if format is TrailFormat.CSV else Objects(into)
    count = 0
    with translation.override(LANGUAGE):
        for event in events:
            writing.write(event)
            count += 1
    return count


def _personal(event: Any) -> dict[str, str]:
    """Empty of what was erased."""
    return {row.field: row.value for row in event.personal.all()}


def _id(uid: Any) -> str | None:
    return str(uid) if uid else None
