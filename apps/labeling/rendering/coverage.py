"""How much of the items and answers counts: labeled, answered twice, verified, left open, given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, kw_only=True)
class Counted:
    name: str
    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole


def coverage_of(figures: Mapping[str, Any]) -> tuple[Counted, ...]:
    """What sets from before a count was kept do not have is left out."""
    counts = ((name, figures.get(part), whole) for name, part, whole in _counts(figures))
    return tuple(
        Counted(name=name, part=part, whole=whole)
        for name, part, whole in counts
        if part is not None and whole
    )


def _counts(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    items = figures.get("items") or 0
    answers = figures.get("asked") or figures.get("answers") or 0
    yield gettext("Items that are labeled"), "labeled", items
    yield gettext("Items with several answers"), "overlapping", items
    yield gettext("Verified of a machine's labels"), "verified", figures.get("machine_items", 0)
    yield gettext("Answers that leave it open"), "unsure", answers
    yield gettext("Answers that were given up"), "cancelled", answers + figures.get("cancelled", 0)
