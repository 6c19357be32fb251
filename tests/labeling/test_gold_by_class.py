"""Classes that are true and that nobody gives, and what is asked of gold class by class."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from apps.labeling.checks.findings import at_most
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, Verdict, verdict_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.reading import read_export
from apps.labeling.measures.proportions import exact_upper, wilson
from tests.labeling.exports import box, label_studio, task

TERMS = Terms(resamples=50, labels=("healthy", "cyst", "tumor", "unsure"), unsure=("unsure",))
TEAM = ("7", "8")


def said(item: int, annotator: str, label: str, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0, **more)


def judged(given: Iterable[Annotation], terms: Terms = TERMS) -> tuple[tuple[Finding, ...], Verdict]:
    findings = findings_of(measure(list(given), (), terms), terms)
    return findings, verdict_of(findings)


def told(findings: Iterable[Finding], outcome: Outcome = Outcome.FAILED) -> set[tuple[str, str]]:
    return {(each.check, each.reason.code) for each in findings if each.outcome is outcome}


def scans(
    *, frequent: int = 500, rare: int = 60, tumors: int = 0, wrong: str = "healthy"
) -> list[Annotation]:
    """All of gold; whoever sees a tumor says something else."""
    truth = ["healthy"] * frequent + ["cyst"] * rare + ["tumor"] * tumors
    given = [
        said(item, who, "healthy" if true == "tumor" else true)
        for item, true in enumerate(truth)
        for who in TEAM
    ]
    return [*given, *(said(item, "90", true, is_gold=True) for item, true in enumerate(truth))]


@pytest.mark.parametrize("frequent", [1100, 500], ids=["one class dominates", "none does"])
def test_a_class_that_is_true_and_that_nobody_gives_is_looked_at(frequent: int) -> None:
    """Ten tumors among hundreds of gold items hide in every other figure."""
    rare = 70 if frequent == 1100 else 450
    found, verdict = judged(scans(frequent=frequent, rare=rare))
    assert verdict is Verdict.RELEASE
    found, verdict = judged(scans(frequent=frequent, rare=rare, tumors=10))
    assert verdict is Verdict.BLOCKED
    assert told(found) == {("L06", "LABELS_CLASS_NEVER_GIVEN")}
    (never,) = (each.reason.facts for each in found if each.reason.code == "LABELS_CLASS_NEVER_GIVEN")
    assert never == {"label": "tumor", "items": 10}


def test_of_a_class_that_nobody_gives_as_much_gold_is_asked_as_of_all() -> None:
    found, _verdict = judged(scans(rare=450, tumors=9))
    assert told(found) == {("L06", "LABELS_CLASS_NEVER_GIVEN"), ("L07", "LABELS_GOLD_TOO_SMALL")}


def test_labels_of_the_policy_that_nobody_met_are_told_and_hinder_nothing() -> None:
    found, verdict = judged(scans(rare=450))
    assert verdict is Verdict.RELEASE
    (facts,) = (each.reason.facts for each in found if each.reason.code == "LABELS_CLASS_WITHOUT_GOLD")
    assert facts == {"labels": "«tumor»"}
    many = replace(TERMS, labels=("healthy", "cyst", *(f"kind-{number}" for number in range(8))))
    (facts,) = (
        each.reason.facts
        for each in judged(scans(rare=450), many)[0]
        if each.reason.code == "LABELS_CLASS_WITHOUT_GOLD"
    )
    assert str(facts["labels"]).endswith("«kind-4» (+3)")


def test_what_leaves_it_open_is_no_rare_class() -> None:
    """Three answers that leave it open are not asked whether they are right."""
    given = scans(frequent=1100, rare=70)
    few = [
        replace(each, label="unsure") if each.annotator == "8" and int(each.item) < 3 else each
        for each in given
    ]
    found, verdict = judged(few)
    assert (told(found), verdict) == (set(), Verdict.RELEASE)


def drawn(child: int, *, finds: bool, gold: int = 200) -> bytes:
    """People, and on some pictures a child, which two annotators draw or overlook."""

    def annotation(number: int, item: int, who: int, *, all_of_it: bool, is_gold: bool) -> dict[str, object]:
        made = box(number, "person", by=who, ground_truth=is_gold)
        if item < child and all_of_it:
            made["result"] += box(number, "child", by=who, x=60)["result"]
        return made

    tasks = []
    for item in range(400):
        given = [annotation(10 * item + who, item, who, all_of_it=finds, is_gold=False) for who in (7, 8)]
        if item < gold:
            given.append(annotation(10 * item + 9, item, 9, all_of_it=True, is_gold=True))
        tasks.append(task(item, *given))
    return label_studio(*tasks)


def judged_drawn(child: int, *, finds: bool) -> tuple[set[tuple[str, str]], Verdict]:
    export = read_export(drawn(child, finds=finds))
    terms = replace(TERMS, labels=("person", "child"))
    found = findings_of(measure(export.annotations, export.items, terms), terms)
    return told(found), verdict_of(found)


def test_what_is_never_drawn_is_looked_at_too() -> None:
    assert judged_drawn(50, finds=True) == (set(), Verdict.RELEASE)
    failed, verdict = judged_drawn(20, finds=False)
    assert ("L06", "LABELS_CLASS_NEVER_GIVEN") in failed
    assert verdict is Verdict.BLOCKED


def test_gold_of_regions_is_asked_label_by_label() -> None:
    assert judged_drawn(9, finds=True)[0] == {("L07", "LABELS_GOLD_TOO_SMALL")}
    assert judged_drawn(10, finds=True)[0] == set()


# Classes that are given, and wrong wherever the truth is known


def of_three(*, wrong: int, golden: int = 10) -> list[Annotation]:
    """No class dominates; «c» is seldom, and wrong on so many of its gold items. It is right elsewhere."""
    truth = ["a"] * 450 + ["b"] * 450 + ["c"] * 100
    known = [*range(95), *range(450, 545), *range(900, 900 + golden)]
    wrongly = set(range(900, 900 + wrong))
    given = [
        said(item, who, "a" if item in wrongly else true) for item, true in enumerate(truth) for who in TEAM
    ]
    return [*given, *(said(item, "90", truth[item], is_gold=True) for item in known)]


WRONG = "LABELS_CLASS_WRONG_ON_GOLD"
THREE = replace(TERMS, labels=("a", "b", "c", "unsure"))


@pytest.mark.parametrize(("wrong", "is_wrong"), [(0, False), (2, False), (5, True), (10, True)])
def test_a_class_that_is_wrong_on_its_gold_releases_nothing(wrong: int, is_wrong: bool) -> None:
    """All of gold are 190 of 200 or better; what is asked of all of it is met."""
    found, verdict = judged(of_three(wrong=wrong), THREE)
    assert told(found) == ({("L07", "LABELS_CLASS_WRONG_ON_GOLD")} if is_wrong else set())
    assert verdict is (Verdict.BLOCKED if is_wrong else Verdict.RELEASE)
    assert "LABELS_GOLD_MET" in {each.reason.code for each in found}


def test_of_which_class_and_how_much_is_told() -> None:
    facts = [each.reason.facts for each in judged(of_three(wrong=10), THREE)[0] if each.reason.code == WRONG]
    assert facts == [
        {
            "label": "c",
            "classes": 3,
            "hits": 0,
            "total": 20,
            "items": 10,
            "upper": at_most(1 - (0.025 / 3) ** (1 / 10)),
            "needed": "0.900",
        }
    ]


def few_of_several(*, finds: bool) -> list[Annotation]:
    """«c» is true on twelve gold items, and given to a third of the others."""
    given = []
    for item in range(1000):
        true = {"a" if item % 2 else "b", *(["c"] if item < 12 or (item >= 500 and item % 3 == 0) else [])}
        says = true if finds or item >= 500 else true - {"c"}
        given += [said(item, who, label) for who in TEAM for label in says]
        if item < 240:
            given += [said(item, "90", label, is_gold=True) for label in true]
    return given


@pytest.mark.parametrize("finds", [True, False])
def test_a_label_of_several_that_is_overlooked_wherever_it_is_true_releases_nothing(finds: bool) -> None:
    found, verdict = judged(few_of_several(finds=finds), replace(THREE, is_by_label=True))
    assert told(found) == (set() if finds else {("L07", WRONG)})
    assert verdict is (Verdict.RELEASE if finds else Verdict.BLOCKED)


def test_one_that_is_given_where_it_is_not_true_releases_nothing() -> None:
    """True of nine in ten gold items, and given to all of them."""
    given = []
    for item in range(1000):
        true = {"a" if item % 2 else "b", *(["c"] if item % 20 else [])}
        says = true | {"c"} if item < 240 else true
        says = says - {"c"} if item > 800 else says
        given += [said(item, who, label) for who in TEAM for label in says]
        if item < 240:
            given += [said(item, "90", label, is_gold=True) for label in true]
    found, verdict = judged(given, replace(THREE, is_by_label=True))
    assert told(found) == {("L07", "LABELS_LABEL_WRONG_ON_GOLD")}
    assert verdict is Verdict.BLOCKED


@pytest.mark.parametrize("classes", [3, 20])
def test_who_are_right_as_often_as_is_asked_are_seldom_held_back(classes: int) -> None:
    """Simulated, ten gold items a class: bounds that did not hold for all classes together, or were those of
    many items, would hold more than every tenth set back."""
    dice, back = random.Random(3), {"exact": 0, "one by one": 0}
    for _again in range(400):
        hits = [sum(dice.random() < 0.9 for _item in range(10)) for _class in range(classes)]
        back["exact"] += any(exact_upper(each, 10, 0.025 / classes) < 0.9 for each in hits)
        back["one by one"] += any(wilson(each / 10, 10)[1] < 0.9 for each in hits)
    assert back["exact"] / 400 < 0.05
    assert back["one by one"] / 400 > 0.1


@pytest.mark.parametrize(("hits", "total"), [(0, 10), (3, 12), (9, 10), (40, 60), (700, 800)])
def test_the_exact_bound_leaves_the_chance_it_is_asked_for(hits: int, total: int) -> None:
    """Summed by fractions, without logarithms."""
    share = Fraction(exact_upper(hits, total, 0.01))
    chance = sum(
        math.comb(total, each) * share**each * (1 - share) ** (total - each) for each in range(hits + 1)
    )
    assert float(chance) == pytest.approx(0.01, rel=1e-6)
    assert exact_upper(total, total, 0.01) == 1


def test_beyond_a_thousand_it_is_nearly_exact() -> None:
    assert exact_upper(900, 1001, 0.025) == pytest.approx(exact_upper(899, 1000, 0.025), abs=0.002)
