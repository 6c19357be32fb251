"""A clock that runs out, as a picture and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

BREACH = timedelta(hours=72)
RADIUS = 54
"""Of the ring, in a picture of 128 by 128."""
LENGTH = 339.292
"""Of its line: 2 pi times the radius."""
HURRY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """`hours` and `minutes` that are left, or since when it is over; `gone`: how much of the ring is full."""

    due: datetime
    hours: int
    minutes: int
    is_over: bool
    tone: str
    gone: float

    @property
    def days(self) -> int:
        """Where there are more hours than a ring has room for; else 0."""
        return self.hours // 24 if self.hours > 99 else 0

    @property
    def rest(self) -> float:
        return round(LENGTH - self.gone, 3)


def clock_of(due: datetime, *, at: datetime, whole: timedelta = BREACH) -> Clock:
    left = due - at
    minutes = int(abs(left).total_seconds()) // 60
    share = min(max(1 - left / whole, 0.0), 1.0)
    is_over = left <= timedelta(0)
    return Clock(
        due=due,
        hours=minutes // 60,
        minutes=minutes % 60,
        is_over=is_over,
        tone="danger" if is_over else "warning" if left <= HURRY else "info",
        gone=round(LENGTH * share, 3),
    )
