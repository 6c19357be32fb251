"""The time that the supervisory authority has (Art. 36(2) GDPR).

It counts from its receipt of the request, not from our decision to ask; six weeks more where it says so
within a month; and it stands while the authority waits for information.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Standing, Stopped, Taken
from apps.compliance.lifecycle.deadlines import Pause, consultation_due, months_after, resumed
from apps.compliance.lifecycle.declaration import day, found, line, text
from apps.compliance.lifecycle.dpia.content import DpiaStage
from apps.policy.reason import Reason, declare

RECEIPT_DAYS = 7
"""In which it is found out when the authority received the request [POLICY]."""
ARTICLE = "Art. 36(2) GDPR"


@dataclass(frozen=True, kw_only=True)
class Received:
    received_on: date | None = day(_("It received the request on"), article=ARTICLE, needed=True)
    reference: str = line(_("Its reference"))


@dataclass(frozen=True, kw_only=True)
class Prolonged:
    told_on: date | None = day(_("It told of six weeks more on"), article=ARTICLE, needed=True)


@dataclass(frozen=True, kw_only=True)
class InformationAsked:
    asked_on: date | None = day(_("It asked on"), article=ARTICLE, needed=True)
    what: str = text(_("For what"))


@dataclass(frozen=True, kw_only=True)
class InformationGiven:
    given_on: date | None = day(_("It received it on"), article=ARTICLE, needed=True)


PERIOD_RUNNING = declare(
    "DPIA_PERIOD_RUNNING",
    "The authority has until %(ends_on)s to answer.",
    "Wait for its advice, or for the end of the period.",
)
PERIOD_STANDS = declare(
    "DPIA_PERIOD_STANDS",
    "The period stands while the authority waits for information.",
    "Give it, and record when it was received.",
)
RECEIPT_UNKNOWN = declare(
    "DPIA_RECEIPT_UNKNOWN",
    "When the authority received the request is not recorded, and its period begins with that.",
    "Record the day of receipt first.",
)
PROLONGED_LATE = declare(
    "DPIA_PROLONGED_LATE",
    "The authority tells of a longer period by %(last_day)s, within a month of receipt.",
    "What it told later does not prolong the period.",
)


@dataclass(frozen=True, kw_only=True)
class Consultation:
    """The one that runs: when we decided to ask, and what was recorded since."""

    asked_on: date
    received_on: date | None = None
    told_on: date | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def due_on(self) -> date | None:
        """`None` before receipt is recorded, and while the authority waits for information."""
        if self.received_on is None:
            return None
        return consultation_due(self.received_on, extension_told_on=self.told_on, pauses=self.pauses)

    @property
    def receipt_due_on(self) -> date:
        return self.asked_on + timedelta(days=RECEIPT_DAYS)


def consultation_in(log: tuple[Taken, ...]) -> Consultation | None:
    """The newest that was begun."""
    asked: Taken | None = None
    since: list[Taken] = []
    for taken in log:
        if taken.after == DpiaStage.PRIOR_CONSULTATION and taken.before != DpiaStage.PRIOR_CONSULTATION:
            asked, since = taken, []
        else:
            since.append(taken)
    if asked is None:
        return None
    said = {taken.step: taken.said for taken in since}
    received, prolonged = said.get("authority-received"), said.get("authority-prolongs")
    return Consultation(
        asked_on=asked.at.date(),
        received_on=received.received_on if received else None,
        told_on=prolonged.told_on if prolonged else None,
        pauses=_pauses(since),
    )


def _pauses(since: list[Taken]) -> tuple[Pause, ...]:
    stood: list[Pause] = []
    for taken in since:
        if taken.step == "authority-asks":
            stood.append(Pause(from_day=taken.said.asked_on, to_day=None))
        elif taken.step == "information-given" and stood and stood[-1].to_day is None:
            stood[-1] = Pause(from_day=stood[-1].from_day, to_day=taken.said.given_on)
    return tuple(stood)


def due_of(standing: Standing) -> date | None:
    """The last day of the authority, while it has not answered."""
    if not _is_asked(standing):
        return None
    running = consultation_in(standing.log)
    return running.due_on if running else None


def stopped(standing: Standing) -> Stopped | None:
    """While the authority waits for information that it asked for."""
    running = consultation_in(standing.log) if _is_asked(standing) else None
    if running is None or running.received_on is None or running.due_on is not None:
        return None
    went_on = replace(running, pauses=resumed(running.pauses, standing.at.date()))
    return Stopped(since=running.pauses[-1].from_day, article=ARTICLE, would_end=went_on.due_on)


def _is_asked(standing: Standing) -> bool:
    return bool(standing.log) and standing.log[-1].after == DpiaStage.PRIOR_CONSULTATION


def received(said: object, standing: Standing) -> Iterator[Reason]:
    """What rests on receipt waits for it."""
    running = consultation_in(standing.log)
    if running is None or running.received_on is None:
        yield found(RECEIPT_UNKNOWN, "", "", "GDPR Art. 36(2)")


def in_first_month(said: Prolonged, standing: Standing) -> Iterator[Reason]:
    yield from received(said, standing)
    running = consultation_in(standing.log)
    if running and running.received_on and said.told_on:
        last = months_after(running.received_on, 1)
        if said.told_on > last:
            yield found(PROLONGED_LATE, "told_on", "", "GDPR Art. 36(2)", last_day=last.isoformat())


def elapsed(said: object, standing: Standing) -> Iterator[Reason]:
    yield from received(said, standing)
    running = consultation_in(standing.log)
    if running is None or running.received_on is None:
        return
    if running.due_on is None:
        yield found(PERIOD_STANDS, "", "", "GDPR Art. 36(2)")
    elif standing.at.date() <= running.due_on:
        yield found(PERIOD_RUNNING, "", "", "GDPR Art. 36(2)", ends_on=running.due_on.isoformat())
