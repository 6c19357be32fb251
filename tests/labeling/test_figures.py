"""The figures that are kept with a set: what is confused, who was right, and that they stay small."""

from __future__ import annotations

from functools import partial
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.labeling.checks.figures import MOST_ANNOTATORS, MOST_CONFUSED, figures_of
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.reading import read_export
from apps.labeling.measures.agreement import Scale, ratings_of
from apps.labeling.measures.confusion import pairs_of
from apps.labeling.measures.differences import Rate
from apps.labeling.measures.shapes import Box
from tests.labeling.exports import table

TERMS = Terms(resamples=20)
approx = partial(pytest.approx, abs=1e-3)
ANSWERS = st.lists(st.lists(st.sampled_from("abcd"), max_size=5), max_size=8)


def measured(*lines: str) -> Measured:
    export = read_export(table(*lines))
    return measure(export.annotations, export.items, TERMS)


@given(ANSWERS)
def test_each_pair_of_answers_of_an_item_counts_once(items: list[list[str]]) -> None:
    """Held against counting them one by one."""
    answers = ((str(item), value) for item, given_to in enumerate(items) for value in given_to)
    counted: dict[tuple[str, str], int] = {}
    for given_to in items:
        for pair in combinations(sorted(given_to), 2):
            counted[pair] = counted.get(pair, 0) + 1
    assert pairs_of(ratings_of(answers)) == counted


def test_what_is_confused_stands_on_both_sides() -> None:
    told = figures_of(measured("1,7,shale", "1,8,coal", "2,7,coal", "2,8,coal"), are_named=True)
    assert told["parts"][0]["confusion"] == {"labels": ["coal", "shale"], "counts": [[1, 1], [1, 0]]}


def test_rare_classes_are_confused_together() -> None:
    lines = [f"{item},{who},label-{item:02}" for item in range(30) for who in (7, 8)]
    lines += [f"x{item},{who},label-29" for item in range(5) for who in (7, 8)]
    found = figures_of(measured(*lines), are_named=True)["parts"][0]["confusion"]
    assert len(found["labels"]) == MOST_CONFUSED + 1
    assert found["labels"][-1] == ""
    assert sum(map(sum, found["counts"])) == 35


def test_annotators_are_numbers_where_they_may_not_be_named() -> None:
    lines = ("1,70,shale", "1,80,shale", "2,80,coal")
    named, numbered = (figures_of(measured(*lines), are_named=each) for each in (True, False))
    assert [each["annotator"] for each in named["annotators"]] == ["80", "70"]
    assert [each["annotator"] for each in numbered["annotators"]] == ["1", "2"]


def test_so_many_annotators_are_kept_as_a_report_can_show() -> None:
    told = figures_of(measured(*(f"1,{who},shale" for who in range(150))), are_named=True)
    assert (len(told["annotators"]), told["annotators_in_all"]) == (MOST_ANNOTATORS, 150)


# How far annotators agree with the others


def with_others(*lines: str) -> dict[str, tuple[float, int]]:
    """Value and items, by annotator."""
    rows = figures_of(measured(*lines), are_named=True)["annotators"]
    return {each["annotator"]: (each["with_others"]["value"], each["with_others"]["items"]) for each in rows}


def test_an_annotator_is_held_against_each_other_of_the_item() -> None:
    lines = ("1,7,shale", "1,8,shale", "1,9,coal", "2,7,coal", "2,8,coal", "3,7,shale")
    assert with_others(*lines) == {"7": (0.75, 2), "8": (0.75, 2), "9": (0, 1)}


def test_nobody_agrees_alone_and_numbers_are_seldom_the_same() -> None:
    lines = ("1,7,3.1", "1,8,3.2")
    export = read_export(table(*lines))
    found = measure(export.annotations, export.items, Terms(resamples=20, scale=Scale.INTERVAL))
    nothing = {"value": None, "lower": None, "upper": None, "items": 0}
    for told in (measured("1,7,shale"), found):
        rows = figures_of(told, are_named=True)["annotators"]
        assert [each["with_others"] for each in rows] == [nothing] * len(rows)


def test_agreement_with_the_others_has_the_bounds_of_wilson_by_items() -> None:
    lines = [
        f"{item},{who},{'coal' if item < 5 and who == 8 else 'shale'}" for item in range(50) for who in (7, 8)
    ]
    row = figures_of(measured(*lines), are_named=False)["annotators"][0]
    assert row["annotator"] == "1"
    assert row["with_others"] == {"value": 0.9, "lower": approx(0.786), "upper": approx(0.957), "items": 50}


@given(ANSWERS)
def test_agreement_with_the_others_is_counted_pair_by_pair(items: list[list[str]]) -> None:
    lines = [
        f"{item},{who},{value}" for item, given_to in enumerate(items) for who, value in enumerate(given_to)
    ]
    pairs: dict[str, list[list[bool]]] = {}
    for given_to in items:
        for who, value in enumerate(given_to):
            others = [value == other for place, other in enumerate(given_to) if place != who]
            if others:
                pairs.setdefault(str(who), []).append(others)
    told = {who: each for who, each in with_others(*lines).items() if each[1]}
    assert told.keys() == pairs.keys()
    for who, of_items in pairs.items():
        mean = sum(sum(each) / len(each) for each in of_items) / len(of_items)
        assert told[who] == (approx(mean), len(of_items))


def test_the_worse_counts_of_what_somebody_said_and_drew() -> None:
    said = [(f"s{item}", who, "shale", None) for item in range(9) for who in "ab"]
    drawn = [
        (f"d{item}", who, "shale", Box(left=left, top=0, width=9, height=9))
        for item in range(9)
        for who, left in (("a", 0), ("b", 30 * (item < 4)))
    ]
    given_ = [
        Annotation(line=1, item=item, annotator=who, label=label, shape=box, is_region=box is not None)
        for item, who, label, box in [*said, *drawn]
    ]
    row = measure(given_, (), TERMS).annotators[0]
    assert row.with_others == Rate(value=5 / 9, items=9)
