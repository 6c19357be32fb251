"""Steps that were taken, at one moment, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.compliance.lifecycle.cycle import Cycle, Standing, Taken
from apps.compliance.lifecycle.declaration import Around
from apps.compliance.lifecycle.dpia import consultation

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AROUND = Around(today=AT.date())


def codes(cycle: Cycle, step: str, said: Any, content: Any, *log: Taken) -> set[str]:
    """What keeps a step from being taken."""
    chosen = next(each for each in cycle.steps if each.slug == step)
    standing = Standing(content=content, log=log, at=AT)
    return {reason.code for reason in chosen.check(said, standing)}


def taken(step: str, said: Any = None) -> Taken:
    return Taken(step=step, before="", after="", said=said, at=AT)


def received(weeks: int, days: int = 0) -> Taken:
    on = AT.date() - timedelta(weeks=weeks, days=days)
    return taken("authority-received", consultation.Received(received_on=on))
