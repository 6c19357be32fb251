"""The figures that are kept with a set: what is confused, who was right, and that they stay small."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from apps.labeling.checks.figures import MOST_ANNOTATORS, MOST_CONFUSED, figures_of
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.reading import read_export
from apps.labeling.measures.agreement import ratings_of
from apps.labeling.measures.confusion import pairs_of
from tests.labeling.exports import table

TERMS = Terms(resamples=20)
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
