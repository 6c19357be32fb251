"""By when a request is answered, and what stops the clock."""

from __future__ import annotations

from datetime import date

from apps.compliance.lifecycle.cycle import Standing, Stopped, Taken
from apps.compliance.lifecycle.deadlines import CalendarUnknown, Pause, answer_due, holidays_of, resumed
from apps.compliance.lifecycle.rights.content import RightsContent

STOPS = {"ask-who": "Art. 12(6) GDPR", "cannot-tell": "Art. 11(2) GDPR"}
"""Steps that stop it, and the article that each rests on. Whatever is done next lets it go on."""


def free_days(content: RightsContent) -> frozenset[date]:
    """Public holidays around the answer; none where the place has none published."""
    if content.received_at is None or not content.calendar.strip():
        return frozenset()
    year = content.received_at.year
    try:
        return holidays_of(content.calendar.strip(), year, year + 1)
    except CalendarUnknown:
        return frozenset()


def pauses(log: tuple[Taken, ...]) -> tuple[Pause, ...]:
    """While they were asked who they are (EDPB 01/2022), or while nobody could tell whose data are theirs."""
    found: list[Pause] = []
    for taken in log:
        if found and found[-1].to_day is None:
            found[-1] = Pause(from_day=found[-1].from_day, to_day=taken.at.date())
        if taken.step in STOPS:
            found.append(Pause(from_day=taken.at.date(), to_day=None))
    return tuple(found)


def answer_in(log: tuple[Taken, ...]) -> Taken | None:
    """The decision that stands. A request that was opened again has none: its day is still the same."""
    for taken in reversed(log):
        if taken.step in ("decide", "reopen"):
            return taken if taken.step == "decide" else None
    return None


def due_of(standing: Standing) -> date | None:
    """The last day to answer, while nobody has; `None` while the clock stands, or nothing counts. A day that
    was missed before the clock could stand stays."""
    return _due(standing, pauses(standing.log))


def stopped(standing: Standing) -> Stopped | None:
    """Since the step that stopped it; nothing where the clock runs or ran out before, or where the answer was
    given."""
    stood = pauses(standing.log)
    if not stood or stood[-1].to_day is not None or answer_in(standing.log) is not None:
        return None
    if _due(standing, stood) is not None:
        return None
    return Stopped(
        since=stood[-1].from_day,
        article=next(STOPS[taken.step] for taken in reversed(standing.log) if taken.step in STOPS),
        would_end=_due(standing, resumed(stood, standing.at.date())),
    )


def _due(standing: Standing, stood: tuple[Pause, ...]) -> date | None:
    content: RightsContent | None = standing.content
    if content is None or content.received_at is None or answer_in(standing.log) is not None:
        return None
    return answer_due(
        content.received_at.date(),
        free=free_days(content),
        is_extended=standing.last("extend") is not None,
        pauses=stood,
    )
