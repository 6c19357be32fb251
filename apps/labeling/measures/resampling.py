"""Bounds of alpha by the bootstrap: items are drawn again, with what each of them adds to the sums.

Items that were answered alike are drawn together, as one draw from a multinomial distribution, so the work
does not grow with the number of items. The seed makes a result repeatable on every machine.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.labeling.measures.agreement import Disagreement, Ratings, Scale

RESAMPLES = 1000
FEW = 16
"""Up to so many trials are drawn one by one."""


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
    draws = (sums.alpha(multinomial(dice, sums.counts)) for _number in range(resamples))
    return _between(sorted(value for value in draws if value is not None), resamples)


def mean_interval(values: Iterable[float], *, seed: int = 1, resamples: int = RESAMPLES) -> Interval:
    """Of a mean over items."""
    counted = sorted(Counter(values).items())
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
    """Exact for any number of trials: the middle one of as many even draws follows a beta distribution, and
    says for one half of them on which side they fell (J. Ahrens and U. Dieter, 1974)."""
    hits = 0
    while trials > FEW and 0 < chance < 1:
        middle = 1 + trials // 2
        cut = dice.betavariate(middle, trials + 1 - middle)
        if cut <= chance:
            hits += middle
            trials -= middle
            chance = (chance - cut) / (1 - cut) if cut < 1 else 0.0
        else:
            trials = middle - 1
            chance = min(1.0, chance / cut)
    return hits + sum(dice.random() < chance for _trial in range(trials))
