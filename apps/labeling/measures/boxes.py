"""How far two annotators drew the same boxes: F1 of the boxes that overlap by half and are labeled alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

OVERLAP = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """From its left upper corner, in whatever unit the whole file uses."""

    left: float
    top: float
    width: float
    height: float


def overlap(one: Box, other: Box) -> float:
    """Shared area over covered area (IoU); boxes without an area share nothing."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (one.width * one.height + other.width * other.height - shared)


Drawn = Sequence[tuple[str, Box]]


def matched(first: Drawn, second: Drawn) -> int:
    """Pairs of the same label, the best overlap first, each box once."""
    pairs = sorted(
        (
            (-share, place, other)
            for place, (label, box) in enumerate(first)
            for other, (named, drawn) in enumerate(second)
            if label == named and (share := overlap(box, drawn)) >= OVERLAP
        ),
    )
    taken: set[int] = set()
    given: set[int] = set()
    for _share, place, other in pairs:
        if place not in taken and other not in given:
            taken.add(place)
            given.add(other)
    return len(taken)


def f1(first: Drawn, second: Drawn) -> float | None:
    """`None` where neither drew anything."""
    drawn = len(first) + len(second)
    return 2 * matched(first, second) / drawn if drawn else None


def f1_by_item(by_item: Mapping[str, Mapping[str, Drawn]]) -> tuple[float, ...]:
    """Of each item that two annotators or more worked on: the mean over the pairs of them."""
    return tuple(
        math.fsum(found) / len(found)
        for _item, drawn in sorted(by_item.items())
        if (found := tuple(_pairs(drawn)))
    )


def _pairs(drawn: Mapping[str, Drawn]) -> Iterator[float]:
    for one, other in combinations(sorted(drawn), 2):
        share = f1(drawn[one], drawn[other])
        if share is not None:
            yield share
