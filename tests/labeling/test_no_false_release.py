"""What looks good enough and is not: each of these got a release once, or would."""

from __future__ import annotations

import random
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
    ("wrong", "lower", "verdict"), [(0, "0.928", Verdict.RELEASE), (1, "0.895", Verdict.BLOCKED)]
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


# Somebody who was held against nothing


def with_somebody_alone(alone: int, *, held: int = 0, as_gold: bool = False) -> list[Annotation]:
    """Two who answer the same items, and a third whom hardly anybody meets, wrong in every third item."""
    names = ("coal", "shale")
    made = labels(110)
    made = [each for each in made if each.annotator != "3"]
    for item in range(1000, 1000 + alone):
        made.append(said(item, "3", names[(item + (item % 3 == 0)) % 2]))
        if item < 1000 + held:
            right = names[(item + (item % 3 == 0)) % 2]
            made.append(gold(item, right) if as_gold else said(item, "1", right))
    return made


@pytest.mark.parametrize(
    ("alone", "held", "outcome"),
    [
        (890, 0, Outcome.UNMEASURED),
        (890, 9, Outcome.UNMEASURED),
        (20, 0, Outcome.NOTED),
        (30, 0, Outcome.UNMEASURED),
    ],
)
@pytest.mark.parametrize("as_gold", [True, False])
def test_who_is_held_against_nothing_is_not_released(
    alone: int, held: int, outcome: Outcome, as_gold: bool
) -> None:
    findings, verdict = judged(with_somebody_alone(alone, held=held, as_gold=as_gold))
    (told,) = (each for each in findings if each.reason.code == "LABELS_NEVER_COMPARED")
    assert (told.check, told.outcome, told.reason.facts["who"]) == ("L10", outcome, ("3",))
    assert verdict is (Verdict.RELEASE if outcome is Outcome.NOTED else Verdict.BLOCKED)


@pytest.mark.parametrize("as_gold", [True, False])
def test_ten_items_that_meet_another_are_enough(as_gold: bool) -> None:
    findings, verdict = judged(with_somebody_alone(890, held=10, as_gold=as_gold))
    assert "LABELS_NEVER_COMPARED" not in {each.reason.code for each in findings}
    assert verdict is Verdict.RELEASE


def test_where_names_are_not_kept_it_says_who_by_a_number() -> None:
    findings, _verdict = judged(with_somebody_alone(890), replace(TERMS, is_nameless=True))
    (told,) = (each.reason.facts for each in findings if each.reason.code == "LABELS_NEVER_COMPARED")
    assert told == {"count": 1, "who": ("1",), "share": "80.2 %", "limit": "10.0 %"}


def test_gold_of_ones_own_is_nothing_to_be_held_against() -> None:
    own = [replace(gold(1000 + item, "coal"), annotator="3") for item in range(100)]
    findings, _verdict = judged([*with_somebody_alone(890), *own])
    assert "LABELS_NEVER_COMPARED" in {each.reason.code for each in findings}


@pytest.mark.parametrize(("people", "each"), [(20, 60), (4, 400)])
def test_a_tenth_of_the_items_drawn_by_chance_is_enough_for_all(people: int, each: int) -> None:
    """Simulated: of a team that answers one item in ten twice hardly anybody meets nobody."""
    for seed in range(20):
        dice, given = random.Random(seed), []
        for item in range(people * each):
            who = dice.sample(range(people), 2 if dice.random() < 0.1 else 1)
            given += [said(item, str(number), "coal") for number in who]
        findings, _verdict = judged(given)
        told = [each.outcome for each in findings if each.reason.code == "LABELS_NEVER_COMPARED"]
        assert Outcome.UNMEASURED not in told
