"""Coefficients for designs without gaps: two annotators, a fixed number, or numbers from the same ones.

Sources: J. Cohen (1960); J. Fleiss (1971); P. Shrout and J. Fleiss (1979), case 2.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from apps.labeling.measures.agreement import Ratings, raters_of, raw_agreement


def cohen_kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Of two annotators who both answered every item. `None` where chance alone would agree."""
    table = Counter(pairs)
    total = sum(table.values())
    if not total:
        return None
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in table.items():
        first[one] += count
        second[other] += count
    observed = sum(count for (one, other), count in table.items() if one == other) / total
    chance = sum(count * second[value] for value, count in first.items()) / total**2
    return (observed - chance) / (1 - chance) if chance < 1 else None


def fleiss_kappa(ratings: Ratings) -> float | None:
    """Of items that were all answered equally often, by whomever.

    Raises: ValueError where they were not.
    """
    if len({raters_of(pattern) for pattern in ratings.patterns}) > 1:
        raise ValueError("Fleiss' kappa needs as many answers for every item.")
    observed = raw_agreement(ratings)
    if observed is None:
        return None
    used: Counter[int] = Counter()
    for pattern, items in ratings.patterns.items():
        for place, count in pattern:
            used[place] += items * count
    chance = sum(count * count for count in used.values()) / ratings.answers**2
    return (observed - chance) / (1 - chance) if chance < 1 else None


def icc_2_1(rows: Sequence[Sequence[float]]) -> float | None:
    """Agreement of single answers in numbers, two-way random: a row for each item.

    Raises: ValueError where rows differ in length.
    """
    items, raters = len(rows), len(rows[0]) if rows else 0
    if items < 2 or raters < 2:
        return None
    everything = [value for row in rows for value in row]
    mean = math.fsum(everything) / len(everything)
    by_item = [math.fsum(row) / raters for row in rows]
    by_rater = [math.fsum(column) / items for column in zip(*rows, strict=True)]
    between = raters * math.fsum((value - mean) ** 2 for value in by_item) / (items - 1)
    among = items * math.fsum((value - mean) ** 2 for value in by_rater) / (raters - 1)
    rest = math.fsum(
        (value - by_item[row] - by_rater[column] + mean) ** 2
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    ) / ((items - 1) * (raters - 1))
    below = between + (raters - 1) * rest + raters * (among - rest) / items
    return (between - rest) / below if below > 0 else None
