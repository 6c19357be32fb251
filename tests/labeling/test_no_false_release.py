"""What looks good enough and is not: each of these got a release once, or would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, Verdict, verdict_of
from apps.labeling.imports.annotation import Annotation

TERMS = Terms(resamples=50)
TEAM = ("1", "2", "3")


def said(item: int, annotator: str, label: str, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0, **more)


def gold(item: int, label: str) -> Annotation:
    return said(item, "expert", label, is_gold=True)


def labels(items: int = 300, *, golden: int = 50, wrong: int = 0) -> list[Annotation]:
    """Three people who always agree; gold of the first items, of which all of them are wrong in some."""
    names = ("coal", "shale")
    given = [said(item, who, names[(item + (item < wrong)) % 2]) for item in range(items) for who in TEAM]
    return [*given, *(gold(item, names[item % 2]) for item in range(golden))]


def judged(given: Iterable[Annotation], terms: Terms = TERMS) -> tuple[tuple[Finding, ...], Verdict]:
    findings = findings_of(measure(list(given), (), terms), terms)
    return findings, verdict_of(findings)


def failed(findings: Iterable[Finding]) -> set[str]:
    return {each.reason.code for each in findings if each.outcome is Outcome.FAILED}


@pytest.mark.parametrize(
    ("wrong", "lower", "verdict"), [(0, "0.929", Verdict.RELEASE), (1, "0.895", Verdict.BLOCKED)]
)
def test_three_answers_to_one_gold_item_are_not_three_gold_items(
    wrong: int, lower: str, verdict: Verdict
) -> None:
    """49 of 50 items have a bound of 0.895; 147 of 150 answers, counted apart, would have one of 0.943."""
    findings, found = judged(labels(wrong=wrong))
    (accuracy,) = (each for each in findings if each.check == "L07")
    assert (accuracy.reason.facts["lower"], accuracy.reason.facts["items"]) == (lower, 50)
    assert found is verdict


@pytest.mark.parametrize(("right", "is_met"), [(24, True), (22, True), (21, False), (0, False)])
def test_a_rare_class_is_right_on_gold_or_nothing_is_released(right: int, is_met: bool) -> None:
    """Everybody agrees, and the frequent class carries all other figures."""
    given = [said(item, who, "coal") for item in range(1000) for who in TEAM]
    given += [said(1000 + item, who, "shale") for item in range(40) for who in TEAM]
    truth = [gold(item, "coal") for item in range(100, 600)]
    truth += [gold(1000 + item, "shale") for item in range(right)]
    truth += [gold(item, "shale") for item in range(24 - right)]
    found = failed(judged([*given, *truth])[0])
    assert ("LABELS_RARE_CLASS_WRONG" not in found) is is_met


@pytest.mark.parametrize(("skipped", "is_met"), [(0, True), (40, True), (60, False)])
def test_who_gives_items_up_leaves_them_open(skipped: int, is_met: bool) -> None:
    given_up = [said(item, "1", "", was_cancelled=True) for item in range(skipped)]
    findings, verdict = judged([*labels(), *given_up])
    assert ("LABELS_TOO_OFTEN_UNSURE" not in failed(findings)) is is_met
    assert (verdict is Verdict.RELEASE) is is_met


@pytest.mark.parametrize(("share", "is_met"), [(0.5, True), (0.2, False)])
def test_a_machine_labels_no_more_than_the_policy_allows(share: float, is_met: bool) -> None:
    machine = [said(item, "", "coal", is_machine=True) for item in range(90)]
    findings, _verdict = judged([*labels(), *machine], replace(TERMS, machine_share=share))
    assert ("LABELS_TOO_MANY_BY_MACHINE" not in failed(findings)) is is_met


def test_the_coefficient_that_decides_is_told() -> None:
    (fit,) = (each for each in judged(labels())[0] if each.check == "L05")
    assert fit.reason.facts["coefficient"] == "krippendorff_alpha"
