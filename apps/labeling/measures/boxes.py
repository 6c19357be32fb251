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
    """As many pairs of the same label that overlap by half as there can be, each box once: whose boxes come
    first, and in which order, changes nothing."""
    near = [
        [
            other
            for other, (named, drawn) in enumerate(second)
            if label == named and overlap(box, drawn) >= OVERLAP
        ]
        for label, box in first
    ]
    given: dict[int, int] = {}
    taken: dict[int, int] = {}
    return sum(_is_paired(place, near, given, taken) for place in range(len(near)))


def _is_paired(start: int, near: Sequence[list[int]], given: dict[int, int], taken: dict[int, int]) -> bool:
    """Whether one more has a partner, where others may exchange theirs (an augmenting path)."""
    came: dict[int, int] = {}
    waiting = [start]
    for place in waiting:
        for other in near[place]:
            if other in came:
                continue
            came[other] = place
            if other in taken:
                waiting.append(taken[other])
                continue
            free: int | None = other
            while free is not None:
                by = came[free]
                before = given.get(by)
                given[by], taken[free] = free, by
                free = before
            return True
    return False


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
