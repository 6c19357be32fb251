"""L02: labels of two people that are one person's, or gold that is an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.shapes import Span
from apps.policy.reason import Value, declare

SAME_BYTES = declare(
    "LABELS_SAME_BYTES",
    "The very same file was brought as the labels of %(who)s and as those of somebody else.",
    "See whether both labeled the items. Have one of them do it again where one file was taken twice.",
)
DRAWN_ALIKE = declare(
    "LABELS_DRAWN_ALIKE",
    "%(same)s of %(drawn)s shapes of %(one)s are those of %(other)s to the digit, and nobody draws the same"
    " twice.",
    "See whether both drew them: have one of them do it again where one file was taken twice, and mark as a"
    " machine's what both took over from one.",
)
GOLD = "gold"
FEWEST = 20
"""Shapes: of a few, all may be alike by chance where pictures are small."""
MOST_ALIKE = 0.9
MOST_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Of `drawn` shapes that both could have in common, `same` are in one and the other."""

    one: str
    other: str
    same: int
    drawn: int

    @property
    def facts(self) -> dict[str, Value]:
        return {"one": self.one, "other": self.other, "same": self.same, "drawn": self.drawn}


def drawn_alike(annotations: Iterable[Annotation], people: Mapping[str, str]) -> tuple[Alike, ...]:
    """Two who drew nearly the same throughout, one of whom may be gold. Parts of texts and recordings are
    often the same. `people`: who somebody is, where several numbers are one person."""
    drawn: dict[str, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for each in annotations:
        if each.shape is not None and not isinstance(each.shape, Span) and _counts(each):
            drawn[each.item][GOLD if each.is_gold else each.annotator].add((each.label, each.shape))
    same: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for by in drawn.values():
        for one, other in combinations(sorted(by), 2):
            if people.get(one, one) != people.get(other, other):
                same[one, other] += len(by[one] & by[other])
                of[one, other] += min(len(by[one]), len(by[other]))
    found = [
        Alike(one=one, other=other, same=same[one, other], drawn=count)
        for (one, other), count in of.items()
        if count >= FEWEST and same[one, other] >= MOST_ALIKE * count
    ]
    return tuple(sorted(found, key=lambda each: (-each.same, each.one, each.other)))


def _counts(each: Annotation) -> bool:
    return each.is_gold or (each.is_answer and each.annotator != UNNAMED)


def twins(alike: Iterable[Alike], same_bytes: Collection[str]) -> Iterator[Finding]:
    """People may choose the same classes throughout: that is noted."""
    found = tuple(alike)
    for each in found[:MOST_TOLD]:
        yield finding("L02", Outcome.UNMEASURED, DRAWN_ALIKE, **each.facts)
    if same_bytes and not found:
        yield finding("L02", Outcome.NOTED, SAME_BYTES, who=tuple(sorted(same_bytes)))
