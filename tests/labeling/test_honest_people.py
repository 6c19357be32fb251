"""Who is steady is left alone, and who is not is found: by simulation, beside rules that would not do."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import fmean

import pytest

from apps.labeling.checks.drift import WINDOW, WINDOWS, of_annotator, worst_runs
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.proportions import CHANCE, Share, so_few

AGAIN = 150
TERMS = Terms(resamples=20)


def said(item: int, annotator: str, label: str, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0, **more)


# Drift


def answered(right: Sequence[bool]) -> tuple[list[Annotation], list[Annotation]]:
    people = [said(item, "1", "ab"[item % 2 ^ (not is_right)]) for item, is_right in enumerate(right)]
    return people, [said(item, "9", "ab"[item % 2], is_gold=True) for item in range(len(right))]


def is_found(right: Sequence[bool]) -> bool:
    runs = worst_runs(*answered(right), 0.9)
    return any(of_annotator("1", runs.worst.get("1"), runs.looked_at, 0.9))


def worst_of_twenty(right: Sequence[bool]) -> int:
    return min(sum(right[at : at + WINDOW]) for at in range(len(right) - WINDOW + 1))


def is_found_run_by_run(right: Sequence[bool]) -> bool:
    """Each run by itself, however many there are."""
    upper = Share(hits=worst_of_twenty(right), total=WINDOW).upper
    return upper is not None and upper < 0.9


def is_found_in_short_runs(right: Sequence[bool]) -> bool:
    runs = len(right) - WINDOW + 1
    return so_few(worst_of_twenty(right), WINDOW, 0.9) <= CHANCE / runs


def share_found(
    rule: Callable[[Sequence[bool]], bool], answers: int, share: float, *, last: int = 0, then: float = 0.0
) -> float:
    dice = random.Random(answers + last)
    return fmean(
        rule([dice.random() < (share if at < answers - last else then) for at in range(answers)])
        for _again in range(AGAIN)
    )


@pytest.mark.parametrize(("answers", "share"), [(500, 0.92), (1500, 0.92), (500, 0.9), (500, 0.95)])
def test_who_is_as_good_as_is_asked_is_left_alone(answers: int, share: float) -> None:
    assert share_found(is_found, answers, share) <= 2 * CHANCE


def test_run_by_run_honest_people_would_be_paused() -> None:
    assert share_found(is_found_run_by_run, 500, 0.92) > 0.15
    assert share_found(is_found_run_by_run, 1500, 0.92) > 0.5


@pytest.mark.parametrize(("last", "then"), [(20, 0.2), (40, 0.5), (60, 0.6), (100, 0.7), (160, 0.75)])
def test_who_gives_less_care_from_some_day_on_is_found(last: int, then: float) -> None:
    """Of 500 answers; until then they are right in 95 of 100."""
    assert share_found(is_found, 500, 0.95, last=last, then=then) > 0.8


def test_in_short_runs_alone_many_would_not_be() -> None:
    assert share_found(is_found_in_short_runs, 500, 0.95, last=100, then=0.7) < 0.6


def test_so_many_runs_of_all_annotators_are_looked_at() -> None:
    people, gold = answered([True] * 100)
    more = [replace(each, annotator="2") for each in people[:30]]
    found = worst_runs([*people, *more], gold, 0.9)
    assert found.looked_at == sum(100 - length + 1 for length in WINDOWS if length <= 100) + 11
    assert worst_runs([], gold, 0.9).looked_at == 0


def test_a_longer_run_is_told_where_it_says_more() -> None:
    right = [True] * 100 + [at % 5 != 0 and at % 7 != 0 for at in range(160)]
    run = worst_runs(*answered(right), 0.9).worst["1"]
    assert run == Share(hits=sum(right[100:]), total=160)


# One label throughout


def named_same(given: Sequence[Annotation]) -> set[str]:
    found = findings_of(measure(list(given), (), TERMS), TERMS)
    same = (each.reason for each in found if each.reason.code == "LABELS_ALWAYS_THE_SAME")
    return {str(each.facts["annotator"]) for each in same}


def many_of_one_class(share: float, *, mine: int, is_lazy: bool = False, seed: int = 1) -> list[Annotation]:
    """Two who answer all, and one who answers the last so many items."""
    dice, made = random.Random(seed), []
    for item in range(500):
        true = "a" if dice.random() < share else "b"
        made += [said(item, who, true) for who in ("1", "2")]
        if item >= 500 - mine:
            made.append(said(item, "3", "a" if is_lazy else true))
    return made


def share_named(share: float, *, mine: int, is_lazy: bool) -> float:
    return fmean(
        "3" in named_same(many_of_one_class(share, mine=mine, is_lazy=is_lazy, seed=seed))
        for seed in range(30)
    )


@pytest.mark.parametrize(("share", "mine"), [(0.95, 25), (0.98, 100), (0.9, 20)])
def test_who_labels_what_is_nearly_all_of_one_class_is_left_alone(share: float, mine: int) -> None:
    assert share_named(share, mine=mine, is_lazy=False) == 0


@pytest.mark.parametrize(("share", "mine"), [(0.5, 25), (0.6, 25), (0.8, 60), (0.95, 250)])
def test_who_does_not_look_is_found(share: float, mine: int) -> None:
    assert share_named(share, mine=mine, is_lazy=True) > 0.9


def test_a_part_of_the_items_that_is_all_of_one_class_is_nobodys_fault() -> None:
    """Sorted files: the others said the same of these very items, and something else of most others."""
    sorted_ = [said(item, who, "a" if item < 40 else "b") for item in range(400) for who in ("1", "2")]
    assert named_same([*sorted_, *(said(item, "3", "a") for item in range(40))]) == set()
    elsewhere = [said(1000 + item, "3", "a") for item in range(40)]
    assert named_same([*sorted_, *elsewhere]) == {"3"}


def test_two_numbers_of_one_person_do_not_vouch_for_each_other() -> None:
    made = [said(item, who, "a") for item in range(40) for who in ("1", "2")]
    made += [said(100 + item, "3", "ab"[item % 2]) for item in range(40)]
    same = {row.annotator: row.same_by_others for row in measure(made, (), TERMS).annotators}
    assert (same["1"], same["3"]) == (1, None)
    one = {"1": "Kim", "2": "Kim"}
    same = {row.annotator: row.same_by_others for row in measure(made, (), TERMS, one).annotators}
    assert same["1"] == 0.5


def test_who_labels_alone_is_beside_nobody() -> None:
    assert named_same([said(item, "1", "a") for item in range(60)]) == set()
