"""Which shapes on an item may overlap by half at all: only these are held against each other."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from apps.labeling.measures.shapes import Area, Box, Shape, Span

SLACK = 1e-9
"""Of a length, for what rounding may take."""
Edges = Sequence[tuple[float, int]]
"""Where shapes begin, in this order, and their places in the list."""


def nearby(first: Iterable[Shape], second: Sequence[Shape]) -> Iterator[Sequence[int]]:
    """Of each of the first, the places of those of the second that may overlap it by half.

    Boxes that do share half of what they cover across, too, because what both cover down is no more than
    either does; so the other begins no further before it than it is long, and no further behind than half of
    that. Areas are read row by row, and all are looked at.
    """
    lefts = sorted((each.left, place) for place, each in enumerate(second) if isinstance(each, Box))
    starts = sorted((each.start, place) for place, each in enumerate(second) if isinstance(each, Span))
    areas = [place for place, each in enumerate(second) if isinstance(each, Area)]
    for one in first:
        if isinstance(one, Span):
            yield _within(starts, one.start, one.end - one.start)
        elif isinstance(one, Box):
            yield [*_within(lefts, one.left, one.width), *areas]
        else:
            yield [*(place for _left, place in lefts), *areas]


def _within(edges: Edges, at: float, across: float) -> list[int]:
    slack = SLACK * (abs(at) + across)
    low = bisect_left(edges, (at - across - slack, -1))
    high = bisect_right(edges, (at + across / 2 + slack, math.inf))
    return [place for _edge, place in edges[low:high]]


def compared(drawn: Iterable[tuple[str, str, str, Shape]], most: int) -> int:
    """How often shapes are held against each other where each pair of raters of an item is, label by label;
    hardly more than `most` is counted. `drawn`: item, label, rater, shape."""
    found: dict[tuple[str, str], dict[str, list[Shape]]] = defaultdict(lambda: defaultdict(list))
    for item, label, rater, shape in drawn:
        found[item, label][rater].append(shape)
    count = 0
    for raters in found.values():
        for one, other in combinations(raters.values(), 2):
            for places in nearby(one, other):
                count += len(places)
                if count > most:
                    return count
    return count
