"""On which days somebody labeled, and for how long. It is counted while a file is read, and kept nowhere:
days of work are personal data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.labeling.imports.annotation import Annotation


@dataclass(kw_only=True, slots=True)
class Worked:
    """`seconds` by day: also of what was given up, and 0 where only the day is known. `unplaced`: seconds of
    answers that say no day, or were changed on a later one. `undated`: how many say none."""

    seconds: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    unplaced: float = 0.0
    undated: int = 0

    def add(self, seconds: float | None, first: date | None, last: date | None = None) -> None:
        took = seconds if seconds is not None and seconds > 0 else 0.0
        if first is None:
            self.undated += 1
            self.unplaced += took
        elif last is None or last == first:
            self.seconds[first] += took
        else:
            self.seconds[first] += 0.0
            self.seconds[last] += 0.0
            self.unplaced += took

    def take(self, other: Worked) -> None:
        for day, seconds in other.seconds.items():
            self.seconds[day] += seconds
        self.unplaced += other.unplaced
        self.undated += other.undated

    @property
    def first(self) -> date | None:
        return min(self.seconds, default=None)

    @property
    def total(self) -> float:
        return sum(self.seconds.values()) + self.unplaced

    @property
    def most_in_a_day(self) -> float:
        """At least so much, on the longest day."""
        return max(self.seconds.values(), default=0.0)

    @property
    def most_possible(self) -> float:
        """No more than so much, on whatever day the rest was."""
        return self.most_in_a_day + self.unplaced


Work = Mapping[str, Worked]
"""By annotator."""


def first_day(work: Work) -> date | None:
    return min((each.first for each in work.values() if each.first is not None), default=None)


def last_day(work: Work) -> date | None:
    return max((day for each in work.values() for day in each.seconds), default=None)


def undated_in(annotations: Iterable[Annotation], work: Work) -> int:
    """How many answers of people say no day; all of them of whom no work is told."""
    told = sum(each.undated for each in work.values())
    return told + sum(
        not each.is_machine and not each.was_cancelled and each.annotator not in work for each in annotations
    )


def day_of(text: str) -> date | None:
    """Of a point in time as ISO 8601 has it, or of a day; in UTC, as the portal counts days. `None` where it
    is neither."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo is None else found.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        return None
