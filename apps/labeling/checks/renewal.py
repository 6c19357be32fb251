"""L07: gold is renewed, so that nobody who labels knows it by heart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome
from apps.policy.reason import declare

GOLD_OLD = declare(
    "LABELS_GOLD_OLD",
    "%(old)s of %(items)s gold items were gold in labels of these data that were brought more than %(days)s"
    " days before: who labels may know them by heart.",
    "Have experts say what is true of other items, and hide those among the rest.",
)


@dataclass(frozen=True, kw_only=True)
class GoldAge:
    """Of the gold items of a set, how many were gold in one that was brought more than `days` before it."""

    items: int
    old: int
    days: int


def renewed(age: GoldAge) -> Iterator[Finding]:
    if age.old:
        yield finding("L07", Outcome.NOTED, GOLD_OLD, old=age.old, items=age.items, days=age.days)
