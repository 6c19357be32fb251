"""The registry itself: an event, and who is told what of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.kernel.events import Plain


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What some people are told of one event. `facts` hold no names; `assets` and `who` are shown by name to
    a reader who may see them. `about` is the uid in the address of the page it leads to."""

    code: str
    to: Sequence[Account]
    about: UUID | None = None
    assets: tuple[UUID, ...] = ()
    who: UUID | None = None
    facts: Mapping[str, Plain] = field(default_factory=dict)


Teller = Callable[[AuditEvent, datetime], Iterable[Telling]]
NOTICES: dict[str, Teller] = {}
PROGRAMS_ONLY: set[str] = set()
"""Of these programs and chat rooms may hear, and no person is told: they see it where they look."""


def tells(*events: str) -> Callable[[Teller], Teller]:
    """Enlist a teller for events by their stored names, which are never renamed.

    Told twice, it answers the same; a person is told the first of what it yields.
    """

    def enlist(teller: Teller) -> Teller:
        for event in events:
            NOTICES[event] = teller
        return teller

    return enlist


def subject_of(event: AuditEvent) -> UUID:
    """What it happened to: an event is always about something, only a refusal may not be."""
    return event.subject_uid or event.uid


def for_programs(*events: str) -> None:
    PROGRAMS_ONLY.update(events)


def told_to_programs() -> frozenset[str]:
    """The names of all that somebody may hear of."""
    return frozenset(NOTICES) | PROGRAMS_ONLY
