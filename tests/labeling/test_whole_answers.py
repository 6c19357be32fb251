"""What counts as one answer: several labels on an item are one, each region is one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.labeling.checks.drift import WINDOW, worst_runs
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.reading import read_export
from apps.labeling.measures.proportions import Share, fast_beside
from tests.labeling.exports import label_studio, task

TERMS = Terms(resamples=20)


def said(item: int, annotator: str, label: str, *, seconds: float = 5.0, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=seconds, **more)


def codes(made: Iterable[Annotation]) -> dict[str, Finding]:
    found = findings_of(measure(list(made), (), TERMS), TERMS)
    return {each.reason.code: each for each in found}


# What leaves it open


def both(items: int, unsure: int) -> Iterator[Annotation]:
    """Two annotators; one says beside a class that they are not sure."""
    for item in range(items):
        for who in ("1", "2"):
            yield said(item, who, "ab"[item % 2])
        if item < unsure:
            yield said(item, "1", "unsure")


@pytest.mark.parametrize(("unsure", "is_met"), [(10, True), (11, False), (100, False)])
def test_who_is_unsure_beside_a_label_leaves_it_open(unsure: int, is_met: bool) -> None:
    made = list(both(100, unsure))
    measured = measure(made, (), TERMS)
    assert (measured.unsure, measured.asked) == (unsure, 200)
    assert ("LABELS_TOO_OFTEN_UNSURE" not in codes(made)) is is_met


def test_each_region_is_open_or_is_not() -> None:
    made = [
        said(item, who, "unsure" if number else "crack", is_region=True)
        for item in range(10)
        for who in ("1", "2")
        for number in range(9)
    ]
    measured = measure(made, (), TERMS)
    assert (measured.unsure, measured.asked) == (160, 180)
    assert codes(made)["LABELS_TOO_OFTEN_UNSURE"].reason.facts["unsure"] == "88.9 %"


# Runs of answers to gold


def colored(items: int, *, wrong: int = 0, gold: str = "expert") -> list[Annotation]:
    """Each item has two colors; one annotator overlooks the second on the first items."""
    return [
        each
        for item in range(items)
        for each in (
            said(item, "1", "black"),
            *([said(item, "1", "blue")] if item >= wrong else []),
            said(item, gold, "blue", is_gold=True),
            said(item, gold, "black", is_gold=True),
        )
    ]


def runs(made: list[Annotation]) -> dict[str, Share]:
    people, gold = ([each for each in made if each.is_gold is is_gold] for is_gold in (False, True))
    return dict(worst_runs(people, gold, 0.9).worst)


@pytest.mark.parametrize("wrong", [0, 1, WINDOW])
def test_several_labels_on_a_gold_item_are_right_or_wrong_together(wrong: int) -> None:
    assert runs(colored(30, wrong=wrong)) == {"1": Share(hits=WINDOW - wrong, total=WINDOW)}


def test_nobody_is_accused_of_what_they_themselves_said_is_true() -> None:
    """Two experts, of whom one has another opinion than the other who labeled."""
    own = [*colored(40, gold="1"), *(said(item, "2", "gray", is_gold=True) for item in range(40))]
    assert runs(own) == {}


# Haste


def timed(people: dict[str, float], items: int = 40) -> list[Annotation]:
    return [
        said(item, who, "ab"[item % 2], seconds=seconds + item / 100)
        for who, seconds in people.items()
        for item in range(items)
    ]


@pytest.mark.parametrize("team", [2, 5, 9, 30])
def test_haste_is_seen_in_teams_of_any_size(team: int) -> None:
    steady = {str(number): 10.0 for number in range(1, team)}
    assert "LABELS_IN_HASTE" not in codes(timed({**steady, "0": 10.0}))
    hasty = codes(timed({**steady, "0": 0.5}))["LABELS_IN_HASTE"]
    assert hasty.reason.facts["annotator"] == "0"


def test_whoever_labels_alone_hurries_beside_nobody() -> None:
    assert fast_beside({"1": [1.0, 2.0]}) == {}
    assert fast_beside({}) == {}


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 5), min_size=1, max_size=30)))
def test_the_percentile_of_the_others_is_theirs(times: dict[str, list[float]]) -> None:
    """Held against putting the others in order anew."""
    for who, found in fast_beside(times).items():
        others = sorted(each for other, own in times.items() if other != who for each in own)
        assert found == others[int(0.05 * (len(others) - 1))]
        assert len(others) < 20 or found <= quantiles(others, n=20)[1]
    assert len(fast_beside(times)) == (len(times) if len(times) > 1 else 0)


# Numbers


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("1234567.4", "1234567.4"),
        ("1234567.0", "1234567"),
        ("0.1", "0.1"),
        ("3", "3"),
        ("-0.0", "0"),
        ("123456789012345.5", "123456789012345.5"),
        ("1e-7", "1e-07"),
        ("16777217.0", "16777217"),
    ],
)
def test_a_number_keeps_its_digits(written: str, label: str) -> None:
    result = {"type": "number", "value": {"number": json.loads(written)}}
    made = {"id": 1, "completed_by": 1, "result": [result]}
    assert [each.label for each in read_export(label_studio(task(1, made))).annotations] == [label]
