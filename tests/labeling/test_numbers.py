"""Labels that are numbers: no two are the same, so nothing is counted by class, and they may be released."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from time import process_time
from typing import Any

import pytest

from apps.compliance.lifecycle.labeling import LabelRow, LabelTask
from apps.labeling.checks.around import ItemFacts
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.golden import is_right
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.subgroups import compared, subgroups_of
from apps.labeling.checks.terms import Outcome, Terms, Verdict
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale, ac1, ratings_of
from tests.factories import accounts, labels
from tests.factories.records import labeling_policy
from tests.labeling.test_no_false_release import TEAM, failed, gold, judged, said

NUMBERS = Terms(scale=Scale.INTERVAL, resamples=50)
MANY, MOST_TIMES = 200_000, 7.0
"""Numbers cost four to five times what five classes cost; counted by class, nine to twelve times."""


def depths(*, golden: int = 60, wrong: int = 0, noise: float = 0.5, items: int = 300) -> list[Annotation]:
    """Three people measure each to within the noise; on gold items they are right but for the wrong ones."""
    dice, given = random.Random(1), []
    for item in range(items):
        true = 3.7 * item + 0.25
        for who in TEAM:
            off = (9.0 if item < wrong else 0.0) if item < golden else dice.gauss(0, noise)
            given.append(said(item, who, f"{true + off:.6f}"))
    return [*given, *(gold(item, f"{3.7 * item + 0.25:.6f}") for item in range(golden))]


@pytest.mark.parametrize("scale", [Scale.INTERVAL, Scale.RATIO])
def test_numbers_that_agree_and_are_right_on_gold_are_released(scale: Scale) -> None:
    findings, verdict = judged(depths(), replace(NUMBERS, scale=scale))
    assert (failed(findings), verdict) == (set(), Verdict.RELEASE)
    assert [each.reason.code for each in findings if each.check == "L06"] == ["LABELS_HAVE_NO_CLASSES"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"noise": 400.0}, "LABELS_AGREEMENT_MISSED"),
        ({"wrong": 20}, "LABELS_GOLD_MISSED"),
        ({"golden": 49}, "LABELS_GOLD_TOO_SMALL"),
        ({"golden": 0}, "LABELS_GOLD_UNMEASURED"),
    ],
)
def test_numbers_that_do_not_agree_or_are_wrong_on_gold_are_not(given: dict[str, Any], code: str) -> None:
    findings, verdict = judged(depths(**given), NUMBERS)
    assert code in failed(findings)
    assert verdict is Verdict.BLOCKED


@pytest.mark.parametrize(("by", "is_met"), [(None, False), ("8.9", False), ("9", True), ("9.000001", True)])
def test_gold_is_right_within_what_the_policy_allows(by: str | None, is_met: bool) -> None:
    """Twenty gold items of sixty are answered nine too high."""
    terms = replace(NUMBERS, gold_tolerance=None if by is None else Decimal(by))
    findings, verdict = judged(depths(wrong=20), terms)
    codes = {each.reason.code: each for each in findings if each.check == "L07"}
    assert ("LABELS_GOLD_MET" in codes) is ("LABELS_GOLD_MISSED" not in codes) is is_met
    assert (verdict is Verdict.RELEASE) is is_met
    assert ("LABELS_GOLD_TOLERANCE" in codes) is (by is not None)
    if by is not None:
        told = codes["LABELS_GOLD_TOLERANCE"]
        assert (told.outcome, told.reason.facts["by"]) == (Outcome.NOTED, by)


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert is_right("3.50", "3.5", Decimal(0)) and is_right("-1e2", "-100", Decimal(0))
    assert not is_right("3.50", "3.5") and not is_right("3.51", "3.5", Decimal(0))
    for odd in ("", "unsure", "nan", "inf", "1e999999", "3 + 4"):
        assert not is_right(odd, "3.5", Decimal(10)) and not is_right("3.5", odd, Decimal(10))


@pytest.mark.parametrize(("by", "is_wide"), [("109.1", False), ("109.15", True), ("5000", True)])
def test_an_allowance_within_which_one_answer_is_always_right_shows_nothing(by: str, is_wide: bool) -> None:
    """Gold goes from 0.25 to 218.55."""
    findings, verdict = judged(depths(), replace(NUMBERS, gold_tolerance=Decimal(by)))
    assert ("LABELS_GOLD_TOLERANCE_WIDE" in failed(findings)) is is_wide
    assert (verdict is Verdict.BLOCKED) is is_wide


def test_an_annotator_drifts_by_the_same_allowance() -> None:
    """Who is nine too high on gold, and only by that."""
    given, off = depths(wrong=20), "LABELS_ANNOTATOR_DRIFTED"
    assert off in {each.reason.code for each in judged(given, NUMBERS)[0]}
    within = replace(NUMBERS, gold_tolerance=Decimal(9))
    assert off not in {each.reason.code for each in judged(given, within)[0]}


def test_a_machine_is_right_by_the_same_allowance() -> None:
    """It says two more than is true, of gold and of what people measured."""
    given = depths()
    given += [
        replace(said(item, "", f"{3.7 * item + 2.25:.6f}"), is_machine=True, annotator="")
        for item in range(300)
    ]
    for by, code in (("1", "LABELS_MACHINE_WRONG"), ("4", "LABELS_MACHINE_RIGHT")):
        terms = replace(NUMBERS, gold_tolerance=Decimal(by))
        found = {each.reason.code: each for each in judged(given, terms)[0] if each.check == "L14"}
        assert found[code].reason.facts["items"] == 300


def test_a_policy_allows_a_difference_where_labels_are_numbers() -> None:
    grades = tuple(
        LabelRow(id=each, definition="As it says.", is_sensitive=False, leaves_it_open=each == "unsure")
        for each in ("1", "2", "3", "unsure")
    )
    assert terms_of(labeling_policy(task=LabelTask.REGRESSION, labels=())).gold_tolerance == Decimal(0)
    half = {"gold_tolerance": "0.5"}
    assert terms_of(labeling_policy(task=LabelTask.REGRESSION, labels=(), **half)).gold_tolerance == Decimal(
        "0.5"
    )
    ordinal = {"task": LabelTask.ORDINAL, "labels": grades}
    assert terms_of(labeling_policy(**ordinal, gold_tolerance="1")).gold_tolerance == Decimal(1)
    assert terms_of(labeling_policy(**ordinal)).gold_tolerance is None
    assert terms_of(labeling_policy()).gold_tolerance is None


def test_one_number_only_is_no_agreement() -> None:
    given = [said(item, who, "4.5") for item in range(300) for who in TEAM]
    findings, verdict = judged([*given, *(gold(item, "4.5") for item in range(60))], NUMBERS)
    (told,) = (each.reason for each in findings if each.check == "L04")
    assert (told.code, told.facts["why"]) == ("LABELS_AGREEMENT_UNDEFINED", "only one number was given")
    assert "LABELS_ALWAYS_THE_SAME" not in {each.reason.code for each in findings}
    assert verdict is Verdict.BLOCKED


def test_groups_of_items_are_compared_by_agreement_and_not_by_each_number() -> None:
    said_of, groups = depths(), {str(item): (("site", "ab"[item % 2]),) for item in range(300)}
    found = subgroups_of(said_of, groups, NUMBERS, {"1": "x", "2": "y"})
    told = [each.reason.code for each in compared(ItemFacts(groups=groups), found, NUMBERS)]
    assert told == ["LABELS_GROUPS_ALIKE", "LABELS_TEAMS_OF_NUMBERS"]


def test_figures_hold_no_classes() -> None:
    figures = figures_of(measure(depths(), (), NUMBERS), are_named=True)
    (part,) = figures["parts"]
    assert (figures["classes"], part["gold_by_class"], part["confusion"]["labels"]) == ([], {}, [])


def answers(count: int, *, are_numbers: bool) -> list[Annotation]:
    """Four people an item, each item with gold; no two numbers are the same."""
    found = []
    for item in range(count // 4):
        values = [f"{item}.{who}" if are_numbers else "abcde"[item % 5] for who in range(4)]
        found += [
            Annotation(line=1, item=f"i{item}", annotator=f"a{who}", label=values[who]) for who in range(4)
        ]
        true = Annotation(line=1, item=f"i{item}", annotator="expert", label=values[0], is_gold=True)
        found += [true] if item % 10 == 0 else []
    return found


def seconds(count: int, scale: Scale) -> float:
    """With few draws: their bounds cost the same for many as for few."""
    terms = Terms(scale=scale, resamples=5)
    given = answers(count, are_numbers=scale is Scale.INTERVAL)
    began = process_time()
    found: Measured = measure(given, (), terms)
    findings_of(found, terms)
    figures_of(found, are_named=True)
    return process_time() - began


def test_numbers_are_measured_at_about_the_cost_of_classes() -> None:
    assert seconds(MANY, Scale.INTERVAL) < MOST_TIMES * seconds(MANY, Scale.NOMINAL)


def test_counted_by_class_they_would_cost_half_as_much_again(monkeypatch: pytest.MonkeyPatch) -> None:
    few = MANY // 10
    as_numbers = min(seconds(few, Scale.INTERVAL) for _again in range(3))
    monkeypatch.setattr(Scale, "is_of_numbers", property(lambda _scale: False))
    assert min(seconds(few, Scale.INTERVAL) for _again in range(3)) > 1.5 * as_numbers


def of_chance(items: int) -> float:
    """Seconds of AC1, where no two answers are the same."""
    ratings = ratings_of((f"i{item}", f"w{item}.{who}") for item in range(items) for who in range(2))
    began = process_time()
    assert ac1(ratings) is not None
    return process_time() - began


def test_many_classes_cost_as_much_each_as_few() -> None:
    """Four times as many cost four times as much, and not sixteen times."""
    assert min(of_chance(24_000) for _again in range(2)) < 9 * min(of_chance(6_000) for _again in range(3))


@pytest.mark.django_db
def test_a_file_of_numbers_is_kept_with_its_verdict() -> None:
    lines = ["item,annotator,label,ground_truth"]
    lines += [f"{each.item},{each.annotator},{each.label},{int(each.is_gold)}" for each in depths()]
    version = labels.labeled_version(accounts.world().domain, task=LabelTask.REGRESSION, labels=())
    found = labels.brought(version, "\n".join(lines).encode()).findings
    assert {each["check"] for each in found if each["outcome"] == "failed"} == {
        "L02"
    }  # nobody is on the roster
    assert "LABELS_HAVE_NO_CLASSES" in {each["reason"]["code"] for each in found}
