"""Bounds by the bootstrap: repeatable, and those that drawing item by item gives."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from statistics import fmean, pvariance

import pytest

from apps.labeling.measures.agreement import Ratings, Scale, agreement_by_class, alpha, ratings_of
from apps.labeling.measures.resampling import (
    FEW_VALUES,
    MOST_CLASSES,
    alpha_interval,
    binomial,
    by_class_with_bounds,
    mean_interval,
    multinomial,
)


def somewhat_agreeing(items: int, *, seed: int) -> list[tuple[str, str]]:
    """Three annotators, who miss the true one of five classes once in five."""
    dice = random.Random(seed)
    answers = []
    for item in range(items):
        true = dice.choice("12345")
        for _annotator in range(3):
            answers.append((str(item), true if dice.random() < 0.8 else dice.choice("12345")))
    return answers


@pytest.mark.parametrize("scale", list(Scale))
def test_the_bounds_hold_the_value_and_come_again_with_the_seed(scale: Scale) -> None:
    ratings = ratings_of(somewhat_agreeing(200, seed=3))
    first = alpha_interval(ratings, scale, seed=7, resamples=200)
    assert first == alpha_interval(ratings, scale, seed=7, resamples=200)
    assert first != alpha_interval(ratings, scale, seed=8, resamples=200)
    assert first.lower is not None
    assert first.upper is not None
    assert first.lower < (alpha(ratings, scale) or 0) < first.upper


def drawn_item_by_item(answers: Sequence[tuple[str, str]]) -> Iterator[Ratings]:
    """The plain bootstrap: whole items, drawn again with all that was said of them."""
    by_item: dict[str, list[str]] = {}
    for item, value in answers:
        by_item.setdefault(item, []).append(value)
    dice, units = random.Random(1), list(by_item.values())
    for _resample in range(400):
        again = dice.choices(units, k=len(units))
        yield ratings_of((str(item), value) for item, values in enumerate(again) for value in values)


def test_the_bounds_are_those_of_drawing_item_by_item() -> None:
    answers = somewhat_agreeing(150, seed=5)
    drawn = []
    for redrawn in drawn_item_by_item(answers):
        drawn.append(alpha(redrawn, Scale.NOMINAL) or 0.0)
    drawn.sort()
    found = alpha_interval(ratings_of(answers), Scale.NOMINAL)
    assert found.lower == pytest.approx(drawn[10], abs=0.025)
    assert found.upper == pytest.approx(drawn[390], abs=0.025)


def test_more_items_narrow_the_bounds() -> None:
    widths = []
    for items in (100, 1_600):
        found = alpha_interval(ratings_of(somewhat_agreeing(items, seed=2)), Scale.NOMINAL, resamples=300)
        widths.append((found.upper or 0) - (found.lower or 0))
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.3)


@pytest.mark.parametrize(("trials", "chance"), [(10, 0.3), (1_000, 0.02), (1_000_000, 0.7)])
def test_a_binomial_draw_has_its_mean_and_its_spread(trials: int, chance: float) -> None:
    dice = random.Random(4)
    drawn = [binomial(dice, trials, chance) for _draw in range(4_000)]
    spread = trials * chance * (1 - chance)
    assert fmean(drawn) == pytest.approx(trials * chance, abs=5 * (spread / 4_000) ** 0.5)
    assert pvariance(drawn) == pytest.approx(spread, rel=0.15)


def test_a_multinomial_draw_takes_as_many_as_there_are() -> None:
    dice, counts = random.Random(6), [500, 1, 30, 4_000]
    drawn = [multinomial(dice, counts) for _draw in range(300)]
    assert {sum(each) for each in drawn} == {sum(counts)}
    for place, count in enumerate(counts):
        assert fmean(each[place] for each in drawn) == pytest.approx(count, rel=0.1, abs=0.3)


def test_draws_without_a_meaning_stand_in_no_bound() -> None:
    one_class = ratings_of([("a", "1"), ("a", "1"), ("b", "1"), ("b", "1")])
    assert alpha_interval(one_class, Scale.NOMINAL, resamples=50).undefined == 50
    assert alpha_interval(one_class, Scale.NOMINAL, resamples=50).lower is None
    seldom = ratings_of([(str(item), "1" if item else "2") for item in range(4) for _twice in range(2)])
    told = alpha_interval(seldom, Scale.NOMINAL, resamples=400)
    assert told.undefined / 400 == pytest.approx((3 / 4) ** 4, abs=0.1)
    assert (told.lower, told.upper) == (1, 1)


def test_bounds_of_a_mean_are_those_of_its_items() -> None:
    found = mean_interval([0.0] * 500 + [1.0] * 500)
    assert found.lower == pytest.approx(0.469, abs=0.004)
    assert found.upper == pytest.approx(0.531, abs=0.004)
    assert mean_interval([]).lower is None


# By class


def test_bounds_of_a_class_are_those_of_drawing_item_by_item() -> None:
    answers = somewhat_agreeing(150, seed=5)
    drawn = []
    for redrawn in drawn_item_by_item(answers):
        found = {each.value: each.agreement for each in agreement_by_class(redrawn)}
        drawn.append(found["2"] or 0.0)
    drawn.sort()
    told = {each.value: each for each in by_class_with_bounds(ratings_of(answers))}["2"]
    assert told.lower == pytest.approx(drawn[10], abs=0.03)
    assert told.upper == pytest.approx(drawn[390], abs=0.03)


def test_bounds_of_a_class_hold_it_and_come_again_with_the_seed() -> None:
    ratings = ratings_of(somewhat_agreeing(200, seed=3))
    first = by_class_with_bounds(ratings, seed=7, resamples=200)
    assert first == by_class_with_bounds(ratings, seed=7, resamples=200)
    assert first != by_class_with_bounds(ratings, seed=8, resamples=200)
    for each in first:
        assert each.lower is not None and each.upper is not None and each.agreement is not None
        assert each.lower < each.agreement < each.upper


def test_a_class_that_nobody_else_could_say_has_no_bounds() -> None:
    answers = [*somewhat_agreeing(30, seed=3), ("alone", "rare")]
    told = {each.value: each for each in by_class_with_bounds(ratings_of(answers))}["rare"]
    assert (told.answers, told.agreement, told.lower, told.upper) == (1, None, None, None)


def test_so_many_classes_have_bounds_as_are_told() -> None:
    answers = [
        (f"{value}-{item}", f"{value:03}") for value in range(300) for item in range(2) for _who in (1, 2)
    ]
    answers += [(f"more-{item}", "007") for item in range(9) for _who in (1, 2)]
    told = by_class_with_bounds(ratings_of(answers), resamples=5)
    assert sum(each.lower is not None for each in told) == MOST_CLASSES
    assert {each.value: each.lower for each in told}["007"] == 1


def test_means_of_many_values_are_drawn_in_lots_with_bounds_as_wide() -> None:
    dice = random.Random(2)
    values = [dice.random() ** 2 for _item in range(3_000)]
    one, lots = mean_interval(values), mean_interval(values, most=FEW_VALUES)
    assert one != lots
    assert lots.lower == pytest.approx(one.lower, abs=0.002)
    assert lots.upper == pytest.approx(one.upper, abs=0.002)
