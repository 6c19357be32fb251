"""Bounds of alpha by the bootstrap: items are drawn again, with what each of them adds to the sums.

Items that were answered alike are drawn together, as one draw from a multinomial distribution, so the work
does not grow with the number of items; where hardly two were answered alike, they are drawn in groups. The
seed makes a result repeatable on every machine.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from apps.labeling.measures.agreement import (
    ClassAgreement,
    Disagreement,
    Ratings,
    Scale,
    agreement_by_class,
    raters_of,
)

RESAMPLES = 1000
MOST_PATTERNS = 4000
"""Where items are answered in more ways than these, as with numbers, they are drawn in groups. Of ordered
values half as many: their places follow from each draw, so each costs twice as much."""
GROUPS = 2000
FEW_VALUES = 100
MOST_CLASSES = 200
"""That have bounds: those that were given most."""
FEW = 10
"""Below so many expected hits they are drawn one by one."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """95 %. `undefined` draws had no meaning and stand in no bound; where they are the half there is none."""

    lower: float | None
    upper: float | None
    resamples: int
    undefined: int = 0


def alpha_interval(ratings: Ratings, scale: Scale, *, seed: int = 1, resamples: int = RESAMPLES) -> Interval:
    """Raises: ValueError, as `alpha`."""
    sums = Disagreement(ratings, scale)
    dice = random.Random(seed)  # noqa: S311 - a repeatable draw is wanted
    most = MOST_PATTERNS // 2 if scale is Scale.ORDINAL else MOST_PATTERNS
    if len(sums.patterns) > most and scale is not Scale.RATIO:
        return _between(sorted(_in_groups(dice, sums, resamples)), resamples)
    draws = (sums.alpha(multinomial(dice, sums.counts)) for _number in range(resamples))
    return _between(sorted(value for value in draws if value is not None), resamples)


def _in_groups(dice: random.Random, sums: Disagreement, resamples: int) -> Iterator[float]:
    """Items are dealt into groups by chance, and the groups are drawn: bounds are as wide as those of single
    items, give or take two hundredths (random groups: K. Wolter, Introduction to Variance Estimation)."""
    parts = sums.parts()
    dealt = [part for part, count in zip(parts, sums.counts, strict=True) for _item in range(count)]
    dice.shuffle(dealt)
    groups = [tuple(map(math.fsum, zip(*dealt[at::GROUPS], strict=True))) for at in range(GROUPS)]
    for _number in range(resamples):
        drawn = dice.choices(groups, k=GROUPS)
        found = sums.alpha_of([math.fsum(each) for each in zip(*drawn, strict=True)])
        if found is not None:
            yield found


def mean_interval(
    values: Iterable[float], *, seed: int = 1, resamples: int = RESAMPLES, most: int = MOST_PATTERNS
) -> Interval:
    """Of a mean over items. Where more than `most` different values were found, neighbors are drawn together,
    so many of them as make `FEW_VALUES` lots."""
    counted = sorted(Counter(values).items())
    if len(counted) > most:
        counted = _in_lots([value for value, count in counted for _item in range(count)])
    counts = [count for _value, count in counted]
    total = sum(counts)
    if not total:
        return Interval(lower=None, upper=None, resamples=resamples, undefined=resamples)
    dice = random.Random(seed)  # noqa: S311 - a repeatable draw is wanted
    draws = (multinomial(dice, counts) for _number in range(resamples))
    means = (
        math.fsum(value * times for (value, _count), times in zip(counted, drawn, strict=True)) / total
        for drawn in draws
    )
    return _between(sorted(means), resamples)


def _in_lots(values: Sequence[float]) -> list[tuple[float, int]]:
    """The mean of each lot, and how many are in it. They hardly differ within one, so bounds stay as wide."""
    ends = [len(values) * place // FEW_VALUES for place in range(FEW_VALUES + 1)]
    return [(math.fsum(values[begin:end]) / (end - begin), end - begin) for begin, end in pairwise(ends)]


def by_class_with_bounds(
    ratings: Ratings, *, seed: int = 1, resamples: int = RESAMPLES
) -> tuple[ClassAgreement, ...]:
    """Agreement class by class, each with its bounds, where there are not too many classes to be told."""
    found = agreement_by_class(ratings)
    told = {each.value for each in sorted(found, key=lambda each: -each.answers)[:MOST_CLASSES]}
    ways: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for pattern, items in ratings.patterns.items():
        raters = raters_of(pattern)
        if raters > 1:
            for place, count in pattern:
                ways[place][count, raters] += items
    bounded = []
    for place, each in enumerate(found):
        if each.value in told and ways[place]:
            interval = _of_class(ways[place], ratings.paired_items, seed, resamples)
            bounded.append(replace(each, lower=interval.lower, upper=interval.upper))
        else:
            bounded.append(each)
    return tuple(bounded)


def _of_class(ways: Mapping[tuple[int, int], int], items: int, seed: int, resamples: int) -> Interval:
    """Items are drawn again; those on which nobody said the class add nothing, and count as one way."""
    counted = sorted(ways.items())
    counts = [items - sum(ways.values()), *(count for _way, count in counted)]
    shares = [(count * (count - 1) / (raters - 1), count) for (count, raters), _items in counted]
    dice = random.Random(seed)  # noqa: S311 - a repeatable draw is wanted
    found = []
    for _number in range(resamples):
        drawn = multinomial(dice, counts)[1:]
        possible = sum(count * times for (_agreed, count), times in zip(shares, drawn, strict=True))
        if possible:
            agreed = math.fsum(each * times for (each, _count), times in zip(shares, drawn, strict=True))
            found.append(agreed / possible)
    return _between(sorted(found), resamples)


def _between(found: Sequence[float], resamples: int) -> Interval:
    undefined = resamples - len(found)
    if 2 * undefined >= resamples:
        return Interval(lower=None, upper=None, resamples=resamples, undefined=undefined)
    return Interval(
        lower=_percentile(found, 0.025),
        upper=_percentile(found, 0.975),
        resamples=resamples,
        undefined=undefined,
    )


def _percentile(found: Sequence[float], share: float) -> float:
    """Between two neighbors in proportion."""
    place = share * (len(found) - 1)
    below = int(place)
    above = min(below + 1, len(found) - 1)
    return found[below] + (found[above] - found[below]) * (place - below)


def multinomial(dice: random.Random, counts: Sequence[int]) -> list[int]:
    """As many draws as there are items, each pattern as likely as it is frequent."""
    left, weight = sum(counts), sum(counts)
    drawn: list[int] = []
    for count in counts:
        taken = left if count == weight else binomial(dice, left, count / weight)
        drawn.append(taken)
        left -= taken
        weight -= count
    return drawn


def binomial(dice: random.Random, trials: int, chance: float) -> int:
    """Exact, and as swift for many trials as for few."""
    if chance > 0.5:
        return trials - binomial(dice, trials, 1 - chance)
    if chance <= 0:
        return 0
    return _seldom(dice, trials, chance) if trials * chance < FEW else _often(dice, trials, chance)


def _seldom(dice: random.Random, trials: int, chance: float) -> int:
    """From hit to hit: the waiting time is geometric."""
    missing = math.log1p(-chance)
    hits, at = 0, 0
    while True:
        at += int(math.log(1 - dice.random()) / missing) + 1
        if at > trials:
            return hits
        hits += 1


def _often(dice: random.Random, trials: int, chance: float) -> int:
    """By transformed rejection, with a squeeze (W. Hörmann, The generation of binomial random variates, 1993,
    algorithm BTRS; the constants are the paper's)."""
    spread = math.sqrt(trials * chance * (1 - chance))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    center, squeeze = trials * chance + 0.5, 0.92 - 4.2 / b
    mode = int((trials + 1) * chance)
    at_mode = math.lgamma(mode + 1) + math.lgamma(trials - mode + 1)
    odds = math.log(chance / (1 - chance))
    while True:
        u = dice.random() - 0.5
        v = 1 - dice.random()
        edge = 0.5 - abs(u)
        if edge == 0:
            continue
        hits = math.floor((2 * a / edge + b) * u + center)
        if not 0 <= hits <= trials:
            continue
        if edge >= 0.07 and v <= squeeze:
            return hits
        v *= (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b)
        there = math.lgamma(hits + 1) + math.lgamma(trials - hits + 1)
        if math.log(v) <= at_mode - there + (hits - mode) * odds:
            return hits
