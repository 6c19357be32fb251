"""Where hardly two items are answered alike, bounds are those of drawing single items, and cost far less."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from time import process_time

import pytest

from apps.labeling.measures import resampling
from apps.labeling.measures.agreement import Disagreement, Ratings, Scale, alpha, ratings_of
from apps.labeling.measures.resampling import Interval, alpha_interval

ITEMS, RESAMPLES = 6000, 200


def numbers() -> Iterator[tuple[str, str]]:
    dice = random.Random(5)
    for item in range(ITEMS):
        true = dice.gauss(50, 2)
        for _who in range(dice.choice((2, 3))):
            yield f"i{item}", f"{true + dice.gauss(0, 1.5):.3f}"


def words() -> Iterator[tuple[str, str]]:
    dice = random.Random(6)
    for item in range(ITEMS):
        true = dice.randrange(ITEMS * 5)
        for _who in range(dice.choice((2, 3))):
            yield f"i{item}", f"w{true if dice.random() < 0.8 else dice.randrange(ITEMS * 5)}"


BOTH = {Scale.INTERVAL: ratings_of(numbers()), Scale.NOMINAL: ratings_of(words())}


def timed(ratings: Ratings, scale: Scale) -> tuple[Interval, float]:
    began = process_time()
    return alpha_interval(ratings, scale, resamples=RESAMPLES), process_time() - began


def width(interval: Interval) -> float:
    assert interval.lower is not None
    assert interval.upper is not None
    return interval.upper - interval.lower


@pytest.mark.parametrize("scale", BOTH)
def test_the_sums_of_all_parts_are_alpha(scale: Scale) -> None:
    ratings = BOTH[scale]
    sums = Disagreement(ratings, scale)
    parts = sums.parts()
    assert len(parts) > resampling.MOST_PATTERNS
    of_all = [
        math.fsum(part[at] * count for part, count in zip(parts, sums.counts, strict=True)) for at in range(4)
    ]
    assert sums.alpha_of(of_all) == pytest.approx(alpha(ratings, scale), abs=1e-12)


@pytest.mark.parametrize("scale", BOTH)
def test_bounds_are_as_wide_and_cost_a_part(scale: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control draws single items."""
    grouped, swift = timed(BOTH[scale], scale)
    assert grouped == alpha_interval(BOTH[scale], scale, resamples=RESAMPLES)
    monkeypatch.setattr(resampling, "MOST_PATTERNS", ITEMS)
    single, slow = timed(BOTH[scale], scale)
    assert width(grouped) == pytest.approx(width(single), rel=0.25)
    assert grouped.lower == pytest.approx(single.lower, abs=width(single) / 4)
    assert swift < slow / 4
