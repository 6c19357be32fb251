"""Coefficients: values from the literature, laws that hold for all data, and a slow oracle."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.labeling.measures.agreement import (
    Scale,
    ac1,
    agreement_by_class,
    alpha,
    ratings_of,
    raw_agreement,
)
from apps.labeling.measures.proportions import Share
from apps.labeling.measures.raters import cohen_kappa, fleiss_kappa, icc_2_1

KRIPPENDORFF_2011 = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031"
    " 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
SHROUT_FLEISS_1979 = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))

Answer = tuple[str, str]
ANSWERS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("12345")), max_size=40)
SCALES = st.sampled_from(list(Scale))


def published() -> list[Answer]:
    return [
        (str(item), value)
        for coder in KRIPPENDORFF_2011
        for item, value in enumerate(coder.split())
        if value != "."
    ]


@pytest.mark.parametrize(
    ("scale", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_what_krippendorff_published(scale: str, value: float) -> None:
    assert round(alpha(ratings_of(published()), Scale(scale)) or 0, 3) == value


def test_kappa_is_what_fleiss_published() -> None:
    answers = [
        (str(item), str(place))
        for item, row in enumerate(FLEISS_1971.split())
        for place, count in enumerate(row)
        for _answer in range(int(count))
    ]
    assert round(fleiss_kappa(ratings_of(answers)) or 0, 3) == 0.430


def test_icc_is_what_shrout_and_fleiss_published() -> None:
    assert round(icc_2_1(SHROUT_FLEISS_1979) or 0, 2) == 0.29


def test_ac1_does_not_take_a_frequent_class_for_chance() -> None:
    table = {("y", "y"): 92, ("y", "n"): 4, ("n", "y"): 3, ("n", "n"): 1}
    pairs = [pair for pair, count in table.items() for _item in range(count)]
    ratings = ratings_of((str(item), value) for item, pair in enumerate(pairs) for value in pair)
    found = raw_agreement(ratings), cohen_kappa(pairs), ac1(ratings)
    assert [round(value or 0, 2) for value in found] == [0.93, 0.19, 0.92]


@pytest.mark.parametrize(
    ("hits", "total", "lower"), [(190, 200, 0.910), (92, 100, 0.850), (45, 50, 0.786), (49, 50, 0.895)]
)
def test_bounds_are_those_of_wilson(hits: int, total: int, lower: float) -> None:
    assert round(Share(hits=hits, total=total).lower or 0, 3) == lower


@given(total=st.integers(1, 500), data=st.data())
def test_a_share_lies_between_its_bounds_and_they_mirror_it(total: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, total))
    share, rest = Share(hits=hits, total=total), Share(hits=total - hits, total=total)
    assert 0 <= (share.lower or 0) <= (share.value or 0) + 1e-12
    assert (share.value or 0) - 1e-12 <= (share.upper or 0) <= 1
    assert (share.lower or 0) == pytest.approx(1 - (rest.upper or 0))


def test_of_nothing_there_is_no_share() -> None:
    none = Share(hits=0, total=0)
    assert (none.value, none.lower, none.upper) == (None, None, None)


def by_definition(answers: list[Answer], scale: Scale) -> float | None:
    """Over every pair of answers, as the book has it."""
    by_item = defaultdict(list)
    for item, value in answers:
        by_item[item].append(value)
    units = [values for values in by_item.values() if len(values) > 1]
    pooled = Counter(value for values in units for value in values)
    total = sum(pooled.values())

    def distance(one: str, other: str) -> float:
        a, b = float(one), float(other)
        if scale is Scale.NOMINAL:
            return float(one != other)
        if scale is Scale.INTERVAL:
            return (a - b) ** 2
        if scale is Scale.RATIO:
            return ((a - b) / (a + b)) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(count for value, count in pooled.items() if low <= value <= high)
        return (between - (pooled[one] + pooled[other]) / 2) ** 2

    observed = math.fsum(
        distance(one, other) / (len(values) - 1) for values in units for one, other in permutations(values, 2)
    )
    expected = math.fsum(
        pooled[one] * pooled[other] * distance(one, other) for one, other in permutations(pooled, 2)
    )
    return 1 - (total - 1) * observed / expected if expected else None


@given(answers=ANSWERS, scale=SCALES)
@settings(deadline=None)
def test_alpha_is_that_of_its_definition(answers: list[Answer], scale: Scale) -> None:
    assert alpha(ratings_of(answers), scale) == pytest.approx(by_definition(answers, scale))


@given(answers=ANSWERS, scale=SCALES, data=st.data())
@settings(deadline=None)
def test_in_which_order_items_and_annotators_come_changes_nothing(
    answers: list[Answer], scale: Scale, data: st.DataObject
) -> None:
    names = data.draw(st.permutations("abcdefgh"))
    renamed = dict(zip("abcdefgh", names, strict=True))
    moved = [(renamed[item], value) for item, value in data.draw(st.permutations(answers))]
    before, after = ratings_of(answers), ratings_of(moved)
    assert alpha(after, scale) == alpha(before, scale)
    assert (ac1(after), raw_agreement(after)) == (ac1(before), raw_agreement(before))
    assert agreement_by_class(after) == agreement_by_class(before)


@given(values=st.lists(st.sampled_from("12345"), min_size=2, max_size=30), scale=SCALES)
def test_who_always_agree_have_one_or_nothing_to_agree_on(values: list[str], scale: Scale) -> None:
    ratings = ratings_of((str(item), value) for item, value in enumerate(values) for _twice in range(2))
    expected = 1 if len(set(values)) > 1 else None
    assert alpha(ratings, scale) == expected
    assert fleiss_kappa(ratings) == expected
    assert ac1(ratings) == expected
    assert cohen_kappa(zip(values, values, strict=True)) == expected


def test_what_has_no_meaning_is_undefined() -> None:
    once, nothing = ratings_of([("a", "1"), ("b", "2")]), ratings_of([])
    for ratings in (once, nothing):
        assert [alpha(ratings, scale) for scale in Scale] == [None] * 4
        assert (ac1(ratings), fleiss_kappa(ratings), raw_agreement(ratings)) == (None, None, None)
    assert cohen_kappa([]) is None
    assert icc_2_1([]) is icc_2_1([[1, 2]]) is icc_2_1([[1, 1], [1, 1]]) is None


def test_words_are_neither_subtracted_nor_divided() -> None:
    words = ratings_of([("a", "low"), ("a", "high")])
    for scale in (Scale.INTERVAL, Scale.RATIO):
        with pytest.raises(ValueError, match="needs numbers"):
            alpha(words, scale)


def test_words_stand_in_the_order_that_is_given() -> None:
    answers = [("a", "low"), ("a", "high"), ("b", "low"), ("b", "middle"), ("c", "high"), ("c", "high")]
    assert ratings_of(answers, ("low", "middle", "high")).values == ("low", "middle", "high")
    assert ratings_of([("a", "10"), ("a", "9"), ("b", "x")]).values == ("9", "10", "x")
    told = {
        alpha(ratings_of(answers, order), Scale.ORDINAL) for order in permutations(("low", "middle", "high"))
    }
    assert len(told) == 3


def test_large_numbers_lose_no_digits() -> None:
    small = [
        (item, str(value)) for item, value in (("a", 1), ("a", 2), ("b", 4), ("b", 4), ("c", 3), ("c", 1))
    ]
    large = [(item, str(int(value) + 10**9)) for item, value in small]
    assert alpha(ratings_of(large), Scale.INTERVAL) == pytest.approx(
        alpha(ratings_of(small), Scale.INTERVAL), abs=1e-9
    )


def test_agreement_by_class_is_how_often_another_says_so_too() -> None:
    ratings = ratings_of(
        [("a", "cat"), ("a", "cat"), ("b", "cat"), ("b", "dog"), ("c", "dog"), ("c", "dog"), ("d", "fox")]
    )
    told = {each.value: (each.answers, each.agreement) for each in agreement_by_class(ratings)}
    assert told == {"cat": (3, pytest.approx(2 / 3)), "dog": (3, pytest.approx(2 / 3)), "fox": (1, None)}


def test_fleiss_needs_as_many_answers_everywhere() -> None:
    with pytest.raises(ValueError, match="as many answers"):
        fleiss_kappa(ratings_of([("a", "1"), ("a", "2"), ("b", "1")]))


def test_pairs_of_annotators_do_not_stand_for_all_of_them() -> None:
    """A control of the oracle: leaving a coder out changes alpha."""
    whole = alpha(ratings_of(published()), Scale.NOMINAL)
    for kept in combinations(KRIPPENDORFF_2011, 3):
        answers = [
            (str(item), value) for coder in kept for item, value in enumerate(coder.split()) if value != "."
        ]
        assert alpha(ratings_of(answers), Scale.NOMINAL) != whole
