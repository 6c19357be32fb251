"""Where an item takes any number of labels each is measured by itself, and the worst decides."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import permutations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.compliance.lifecycle.labeling import LabelTask
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.parts import Part
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, Verdict, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale, alpha, ratings_of, raw_agreement
from apps.labeling.measures.resampling import alpha_interval
from tests.factories.records import labeling_policy

COLORS = ("black", "blue", "green")
TERMS = Terms(resamples=200, labels=(*COLORS, "unsure"), unsure=("unsure",), is_by_label=True)
TOGETHER = replace(TERMS, is_by_label=False)
Items = list[list[frozenset[str]]]
Answers = Mapping[tuple[int, str], Iterable[str]]


def said(item: int, annotator: str, label: str, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0, **more)


def labels(answers: Answers, gold: Mapping[int, Iterable[str]] | None = None) -> list[Annotation]:
    """Whoever gave no label handed the item in."""
    made = [said(*who, label) for who, chosen in answers.items() for label in tuple(chosen) or ("",)]
    for item, true in (gold or {}).items():
        made += [said(item, "expert", label, is_gold=True) for label in tuple(true) or ("",)]
    return made


def colors(items: int = 400) -> dict[int, frozenset[str]]:
    """One color at least, each on about half of the items."""
    dice = random.Random(4)
    found = {}
    for item in range(items):
        true = frozenset(color for color in COLORS if dice.random() < 0.5)
        found[item] = true or frozenset({dice.choice(COLORS)})
    return found


def judged(made: list[Annotation], terms: Terms = TERMS) -> tuple[Measured, dict[str, Finding], Verdict]:
    measured = measure(made, (), terms)
    findings = findings_of(measured, terms)
    return measured, {each.reason.code: each for each in findings}, verdict_of(findings)


def answered(truth: Mapping[int, frozenset[str]], *, overlooked: int = 0, label: str = "blue") -> Answers:
    """The second of two overlooks a label on the first items that have it."""
    missed = [item for item, true in truth.items() if label in true and len(true) > 1][:overlooked]
    return {
        (item, who): true - {label} if who == "8" and item in missed else true
        for item, true in truth.items()
        for who in ("7", "8")
    }


def of_label(measured: Measured, label: str) -> dict[str, object]:
    (part,) = figures_of(measured, are_named=True)["parts"]
    return next(each for each in part["by_label"] if each["label"] == label)


def test_people_who_agree_on_any_number_of_labels_may_release() -> None:
    truth = colors()
    _measured, told, verdict = judged(labels(answered(truth), truth))
    assert {code for code, each in told.items() if each.outcome is not Outcome.PASSED} == set()
    assert verdict is Verdict.RELEASE
    assert told["LABELS_COEFFICIENT_BY_LABEL"].reason.facts["labels"] == 3
    _measured, _told, together = judged(labels(answered(truth), truth), TOGETHER)
    assert together is Verdict.RELEASE, "seven combinations, each with gold enough"


def test_the_worst_label_decides() -> None:
    truth = colors()
    overlooked = labels(answered(truth, overlooked=60), truth)
    measured, told, verdict = judged(overlooked)
    assert verdict is Verdict.BLOCKED
    assert measured.agreement.label == "blue"
    (agreement,) = (each.reason for each in told.values() if each.check == "L04")
    assert str(agreement.facts["coefficient"]).endswith("«blue»")
    assert told["LABELS_GOLD_OF_LABEL_MISSED"].reason.facts["label"] == "blue"
    assert of_label(measured, "black")["agreement"] == 1
    assert of_label(measured, "blue")["one"] == 60


def test_many_combinations_are_no_classes() -> None:
    """Ten labels in hundreds of combinations, hardly one twice: as classes none would have gold enough."""
    dice = random.Random(9)
    names = [f"kind-{number}" for number in range(10)]
    truth = {item: frozenset(name for name in names if dice.random() < 0.5) for item in range(400)}
    terms = replace(TERMS, labels=tuple(names))
    _measured, told, verdict = judged(labels(answered(truth), truth), terms)
    assert (verdict, "LABELS_GOLD_TOO_SMALL" in told) == (Verdict.RELEASE, False)
    _measured, told, verdict = judged(labels(answered(truth), truth), replace(terms, is_by_label=False))
    assert (verdict, "LABELS_GOLD_TOO_SMALL" in told) == (Verdict.BLOCKED, True)


def test_a_rare_label_is_asked_where_it_is_true() -> None:
    """Nine of ten who leave it out are right, so only the tenth tells."""
    truth = {item: frozenset({"black", *(["blue"] if item < 30 else [])}) for item in range(600)}
    for item in range(300):
        truth[item] = truth[item] - {"black"} or frozenset({"green"})
    assert judged(labels(answered(truth), truth))[2] is Verdict.RELEASE
    found = {
        (item, who): true - {"blue"} or frozenset({"green"}) if item < 8 else true
        for item, true in truth.items()
        for who in ("7", "8")
    }
    _measured, told, verdict = judged(labels(found, truth))
    assert verdict is Verdict.BLOCKED
    facts = told["LABELS_LABEL_OVERLOOKED"].reason.facts
    assert (facts["label"], facts["hits"], facts["total"]) == ("blue", 44, 60)
    untried = {item: true for item, true in truth.items() if item >= 30}
    assert "LABELS_LABEL_UNTRIED" in judged(labels(answered(truth), untried))[1]


def test_a_label_that_nobody_gives_is_looked_at() -> None:
    truth = colors()
    without = {(item, who): true - {"green"} for item, true in truth.items() for who in ("7", "8")}
    _measured, told, verdict = judged(labels(without, truth))
    assert verdict is Verdict.BLOCKED
    assert told["LABELS_CLASS_NEVER_GIVEN"].reason.facts["label"] == "green"


def test_what_leaves_it_open_decides_nothing_and_is_counted() -> None:
    truth = colors()
    answers = dict(answered(truth))
    for item in range(10):
        answers[item, "8"] = frozenset({*answers[item, "8"], "unsure"})
    measured, _told, verdict = judged(labels(answers, truth))
    assert (verdict, measured.unsure, measured.asked) == (Verdict.RELEASE, 10, 800)


ITEMS = st.lists(
    st.lists(st.frozensets(st.sampled_from(COLORS)), min_size=1, max_size=4), min_size=1, max_size=12
)


def by_definition(items: Items, label: str) -> float | None:
    """K. Krippendorff (2011): observed over expected disagreement, pair by pair."""
    units = [[label in given_to for given_to in each] for each in items if len(each) > 1]
    values = [value for unit in units for value in unit]
    expected = sum(one != other for one, other in permutations(values, 2))
    if not expected:
        return None
    observed = sum(
        sum(one != other for one, other in permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    return 1 - (len(values) - 1) * observed / expected


@given(ITEMS)
def test_each_label_has_the_alpha_of_its_definition(items: Items) -> None:
    if not any(label for each in items for label in each):
        return
    answers = {
        (item, str(who)): given_to for item, each in enumerate(items) for who, given_to in enumerate(each)
    }
    terms = replace(TERMS, resamples=20)
    (part,) = measure(labels(answers), (), terms).parts
    shown = items
    for row in part.by_label:
        assert row.agreement.value == pytest.approx(by_definition(shown, row.label))
        pairs = [
            (row.label in one) + (row.label in other)
            for each in shown
            for place, one in enumerate(each)
            for other in each[place + 1 :]
        ]
        assert (row.both, row.one, row.neither) == (pairs.count(2), pairs.count(1), pairs.count(0))
        whether = ratings_of(
            (str(item), str(row.label in given_to)) for item, each in enumerate(shown) for given_to in each
        )
        assert row.agreement.value == pytest.approx(alpha(whether, Scale.NOMINAL))
        assert row.agreement.raw == pytest.approx(raw_agreement(whether))
        bounds = alpha_interval(whether, Scale.NOMINAL, seed=1, resamples=20)
        assert (row.agreement.interval.lower is None) is (bounds.lower is None)


@given(ITEMS, st.lists(st.frozensets(st.sampled_from(COLORS)), min_size=12, max_size=12))
def test_gold_is_counted_label_by_label(items: Items, truth: list[frozenset[str]]) -> None:
    """Held against counting each answer and each label one by one."""
    if not any(label for each in items for label in each):
        return
    answers = {
        (item, str(who)): given_to for item, each in enumerate(items) for who, given_to in enumerate(each)
    }
    gold = {item: true for item, true in enumerate(truth[: len(items)]) if true}
    (part,) = measure(labels(answers, gold), (), replace(TERMS, resamples=2)).parts
    for row in part.by_label:
        for share, where in ((row.found, {True}), (row.left_out, {False}), (row.right, {True, False})):
            counted = [
                [(row.label in given_to) is (row.label in true) for given_to in items[item]]
                for item, true in gold.items()
                if (row.label in true) in where
            ]
            assert (share.hits, share.total, share.items) == (
                sum(map(sum, counted)),
                sum(map(len, counted)),
                len(counted),
            )
            if counted:
                assert share.value == pytest.approx(
                    sum(sum(each) / len(each) for each in counted) / len(counted)
                )


def test_a_policy_of_any_number_of_labels_says_so() -> None:
    assert terms_of(labeling_policy(task=LabelTask.MULTI_LABEL)).is_by_label is True
    assert terms_of(labeling_policy(task=LabelTask.CLASSIFICATION)).is_by_label is False


def test_combinations_cost_nothing() -> None:
    """Labels are counted once, whatever stands beside them: many combinations cost what few do."""

    def timed(kinds: int) -> tuple[Part, float]:
        dice = random.Random(2)
        some = [
            frozenset(name for name in "abcdefgh" if dice.random() < 0.5) or {"a"} for _kind in range(kinds)
        ]
        truth = {item: frozenset(some[item % kinds]) for item in range(4000)}
        made = labels({(item, who): true for item, true in truth.items() for who in "78"})
        began = process_time()
        (part,) = measure(made, (), TERMS).parts
        return part, process_time() - began

    few, quick = timed(8)
    many, slow = timed(4000)
    assert {row.label for row in few.by_label} == {row.label for row in many.by_label} == set("abcdefgh")
    assert slow < 3 * quick
