"""Bounds of a share that was counted: E. B. Wilson (1927), without a correction of continuity.

Where few are counted and much is asked of the bound, it is exact: C. Clopper and E. Pearson (1934).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

Z_95 = 1.959963984540054
"""Two-sided 95 %."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """`hits` of `total`, with the bounds between which it lies with 95 %."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def lower(self) -> float | None:
        return self._bound(0)

    @property
    def upper(self) -> float | None:
        return self._bound(1)

    def _bound(self, side: int) -> float | None:
        return wilson(self.hits / self.total, self.total)[side] if self.total else None


@dataclass(frozen=True, kw_only=True)
class ItemShare(Share):
    """Answers that were counted by item: what several people say of one item is not independent, so bounds
    are of items. `mean` is the mean of the shares of each."""

    items: int = 0
    mean: float = 0.0

    @property
    def value(self) -> float | None:
        return self.mean if self.items else None

    def _bound(self, side: int) -> float | None:
        return wilson(self.mean, self.items)[side] if self.items else None


def share_of_items(by_item: Iterable[tuple[int, int]]) -> ItemShare:
    """Of hits and answers, item by item."""
    counted = tuple(by_item)
    return ItemShare(
        hits=sum(hits for hits, _total in counted),
        total=sum(total for _hits, total in counted),
        items=len(counted),
        mean=math.fsum(hits / total for hits, total in counted) / len(counted) if counted else 0.0,
    )


def wilson(share: float, total: int, z: float = Z_95) -> tuple[float, float]:
    """The bounds of a share of so many."""
    square = z**2 / total
    width = z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low, high = ((share + square / 2 + side * width) / (1 + square) for side in (-1, 1))
    return max(0.0, low), min(1.0, high)


CHANCE = 0.025
"""On each side of 95 %."""
MOST_EXACT = 1000
"""Beyond so many the two kinds of bounds hardly differ."""


def exact_upper(hits: int, total: int, chance: float) -> float:
    """The share with which so few hits, or fewer, have no more than this chance."""
    if hits >= total:
        return 1.0
    if total > MOST_EXACT:
        return wilson(hits / total, total, NormalDist().inv_cdf(1 - chance))[1]
    low, high = hits / total, 1.0
    for _halved in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if so_few(hits, total, middle) > chance else (low, middle)
    return high


def so_few(hits: int, total: int, share: float) -> float:
    """The chance of so many hits or fewer."""
    if share >= 1:
        return float(hits >= total)
    right, wrong, ways = math.log(share), math.log1p(-share), math.lgamma(total + 1)
    return math.fsum(
        math.exp(
            ways
            - math.lgamma(each + 1)
            - math.lgamma(total - each + 1)
            + each * right
            + (total - each) * wrong
        )
        for each in range(hits + 1)
    )


def fast_beside(values: Mapping[str, Sequence[float]]) -> Mapping[str, float]:
    """By key, what nineteen of twenty values of all others are above; nothing where there are no others."""
    by_size = sorted(value for own in values.values() for value in own)
    found = {}
    for key, own in values.items():
        others = len(by_size) - len(own)
        if others:
            found[key] = _percentile_5(by_size, sorted(own), others)
    return found


def _percentile_5(by_size: Sequence[float], own: Sequence[float], others: int) -> float:
    """The smallest value that enough of the others do not exceed, without putting them in order anew."""
    place = int(0.05 * (others - 1))

    def are_enough(value: float) -> bool:
        return bisect_right(by_size, value) - bisect_right(own, value) > place

    return by_size[bisect_left(by_size, True, key=are_enough)]


ROUNDING = 1e-9


def upper_of_items(right: ItemShare, chance: float) -> float:
    """Of items; one of which a part of the answers is right counts as right."""
    return exact_upper(math.ceil(right.mean * right.items - ROUNDING), right.items, chance)
