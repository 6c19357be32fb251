"""Classes that are true and that nobody gives, and what is asked of gold class by class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, Verdict, verdict_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.reading import read_export
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
