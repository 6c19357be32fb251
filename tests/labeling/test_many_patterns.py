"""Where hardly two items are answered alike, bounds are those of drawing single items, and cost far less."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations, product
from time import process_time

import pytest

from apps.labeling.measures import resampling
from apps.labeling.measures.agreement import Disagreement, Ratings, Scale, alpha, ratings_of
from apps.labeling.measures.resampling import Interval, alpha_interval, multinomial

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


def grades(items: int = ITEMS) -> Iterator[tuple[str, str]]:
    """101 of them, of which the lower ones are given more often."""
    dice = random.Random(7)
    for item in range(items):
        true = 100 * dice.random() ** 2
        for _who in range(dice.choice((2, 3, 4))):
            yield f"i{item}", f"{min(100, max(0, round(true + dice.gauss(0, 8))))}"


MANY = {
    Scale.INTERVAL: ratings_of(numbers()),
    Scale.NOMINAL: ratings_of(words()),
    Scale.ORDINAL: ratings_of(grades()),
}


def timed(ratings: Ratings, scale: Scale) -> tuple[Interval, float]:
    began = process_time()
    return alpha_interval(ratings, scale, resamples=RESAMPLES), process_time() - began


def width(interval: Interval) -> float:
    assert interval.lower is not None
    assert interval.upper is not None
    return interval.upper - interval.lower


@pytest.mark.parametrize("scale", MANY)
def test_the_sums_of_all_parts_are_alpha(scale: Scale) -> None:
    ratings = MANY[scale]
    sums = Disagreement(ratings, scale)
    parts = sums.parts()
    assert len(parts) > resampling.MOST_PATTERNS // 2
    of_all = [
        math.fsum(part[at] * count for part, count in zip(parts, sums.counts, strict=True)) for at in range(4)
    ]
    assert sums.alpha_of(of_all) == pytest.approx(alpha(ratings, scale), abs=1e-12)


@pytest.mark.parametrize("scale", MANY)
def test_bounds_are_as_wide_and_cost_a_part(scale: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control draws single items."""
    grouped, swift = timed(MANY[scale], scale)
    assert grouped == alpha_interval(MANY[scale], scale, resamples=RESAMPLES)
    monkeypatch.setattr(resampling, "MOST_PATTERNS", 2 * ITEMS)
    single, slow = timed(MANY[scale], scale)
    assert width(grouped) == pytest.approx(width(single), rel=0.25)
    assert grouped.lower == pytest.approx(single.lower, abs=width(single) / 4)
    assert swift < slow / 4


@pytest.mark.parametrize("scale", [Scale.NOMINAL, Scale.ORDINAL])
def test_of_each_draw_the_sums_give_nearly_its_alpha(scale: Scale) -> None:
    """Held against alpha of the very items that were drawn, whose errors are a twentieth of the bounds at
    most. The control leaves the ranks where they are: what was drawn would not move them."""
    sums, dice = Disagreement(MANY[scale], scale), random.Random(8)
    parts, width_of_it = sums.parts(), width(alpha_interval(MANY[scale], scale, resamples=RESAMPLES))
    fixed = [(seen, raters, 0.0, 0.0) for seen, raters, _first, _second in parts]
    errors, errors_of_fixed = [], []
    for _draw in range(30):
        drawn = multinomial(dice, sums.counts)
        exact = sums.alpha(drawn)
        assert exact is not None
        of_all, still = (
            [math.fsum(part[at] * count for part, count in zip(each, drawn, strict=True)) for at in range(4)]
            for each in (parts, fixed)
        )
        errors.append(abs((sums.alpha_of(of_all) or 0) - exact))
        at_rest = 1 - (still[1] - 1) * still[0] / sums.expected
        errors_of_fixed.append(abs(at_rest - exact))
    assert max(errors) < width_of_it / 20
    assert max(errors_of_fixed) > width_of_it / 8


def by_hand(answers: Sequence[Sequence[int]]) -> float:
    """Of grades, with the differences of Krippendorff's book summed grade by grade: no ranks, no moments."""
    counts = Counter(grade for given in answers for grade in given)
    total = counts.total()

    @cache
    def apart(one: int, other: int) -> float:
        low, high = sorted((one, other))
        between = sum(counts[grade] for grade in range(low, high + 1))
        return (between - (counts[low] + counts[high]) / 2) ** 2

    seen = math.fsum(
        apart(one, other) / (len(given) - 1) for given in answers for one, other in permutations(given, 2)
    )
    chance = math.fsum(
        counts[one] * counts[other] * apart(one, other) for one, other in product(counts, counts)
    )
    return 1 - (total - 1) * seen / chance


def test_bounds_of_grades_are_those_of_a_plain_bootstrap() -> None:
    """An independent computation: items are drawn one by one, and alpha is summed anew by its definition."""
    by_item: dict[str, list[int]] = {}
    for item, grade in grades(3000):
        by_item.setdefault(item, []).append(int(grade))
    given, dice = list(by_item.values()), random.Random(9)
    drawn = sorted(by_hand(dice.choices(given, k=len(given))) for _again in range(RESAMPLES))
    ratings = ratings_of(grades(3000))
    assert len(ratings.patterns) > resampling.MOST_PATTERNS // 2
    assert alpha(ratings, Scale.ORDINAL) == pytest.approx(by_hand(given), abs=1e-12)
    found = alpha_interval(ratings, Scale.ORDINAL)
    plain = drawn[round(0.975 * RESAMPLES)] - drawn[round(0.025 * RESAMPLES)]
    assert found.lower == pytest.approx(drawn[round(0.025 * RESAMPLES)], abs=plain / 4)
    assert found.upper == pytest.approx(drawn[round(0.975 * RESAMPLES)], abs=plain / 4)
