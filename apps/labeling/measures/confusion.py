"""Which values are taken for each other: pairs of answers that two annotators gave to the same item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

from apps.labeling.measures.agreement import Ratings

Pairs = Mapping[tuple[str, str], int]
"""By two values in the order of the ratings; with itself, where both gave the same."""


def pairs_of(ratings: Ratings) -> Pairs:
    """Each pair of annotators of each item counts once."""
    found: Counter[tuple[int, int]] = Counter()
    for pattern, items in ratings.patterns.items():
        for place, count in pattern:
            found[place, place] += items * count * (count - 1) // 2
        for (first, one), (second, other) in combinations(pattern, 2):
            found[first, second] += items * one * other
    return {
        (ratings.values[first], ratings.values[second]): count
        for (first, second), count in sorted(found.items())
        if count
    }
