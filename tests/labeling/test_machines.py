"""L14: what a machine labeled is held against gold and against people, item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms, Verdict, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.shapes import Box
from tests.factories.records import labeling_policy

TERMS = Terms(resamples=50, unsure=("unsure",))
KINDS = ("coal", "shale")
BY_GOLD = range(60)
BY_PEOPLE = range(60, 160)


def said(item: int, annotator: str, label: str, **more: bool) -> Annotation:
    return Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0, **more)


def people() -> list[Annotation]:
    """Two who agree and are right on gold."""
    given = [said(item, who, KINDS[item % 2]) for item in range(160) for who in ("1", "2")]
    return [*given, *(said(item, "expert", KINDS[item % 2], is_gold=True) for item in BY_GOLD)]


def machine(items: int = 1000, *, wrong: Iterable[int] = ()) -> list[Annotation]:
    missed = set(wrong)
    return [said(item, "", KINDS[(item + (item in missed)) % 2], is_machine=True) for item in range(items)]


def judged(given: Iterable[Annotation], terms: Terms = TERMS) -> tuple[dict[str, Finding], Verdict]:
    findings = findings_of(measure(list(given), (), terms), terms)
    return {each.reason.code: each for each in findings if each.check == "L14"}, verdict_of(findings)


def test_a_machine_whom_people_contradict_releases_nothing() -> None:
    found, verdict = judged([*people(), *machine(wrong=range(1000))])
    assert (found["LABELS_MACHINE_WRONG"].outcome, verdict) == (Outcome.FAILED, Verdict.BLOCKED)
    facts = found["LABELS_MACHINE_WRONG"].reason.facts
    assert (facts["items"], facts["share"], facts["needed"]) == (160, "0.0 %", "0.900")
    found, verdict = judged([*people(), *machine()])
    assert (found["LABELS_MACHINE_RIGHT"].outcome, verdict) == (Outcome.PASSED, Verdict.RELEASE)


def test_a_machine_that_labels_first_is_disclosed() -> None:
    """COCO marks nothing. A control: where none labels first, nothing has to be marked."""
    found, verdict = judged(people(), replace(TERMS, is_preceded=True))
    assert (found["LABELS_MACHINE_UNDISCLOSED"].outcome, verdict) == (Outcome.UNMEASURED, Verdict.BLOCKED)
    found, verdict = judged(people())
    assert (found["LABELS_NO_MACHINE"].outcome, verdict) == (Outcome.PASSED, Verdict.RELEASE)


def test_a_policy_that_names_a_machine_asks_for_it() -> None:
    assert terms_of(labeling_policy(machine_tool="Forest", machine_version="1")).is_preceded
    assert not terms_of(labeling_policy()).is_preceded


@pytest.mark.parametrize(("wrong", "is_met"), [(6, True), (9, False)])
def test_the_bound_is_of_items(wrong: int, is_met: bool) -> None:
    """154 of 160 items are 0.92 at least, and 151 are 0.89. Two people on each are not 320 items."""
    found, verdict = judged([*people(), *machine(wrong=range(100, 100 + wrong))])
    assert ("LABELS_MACHINE_RIGHT" in found) is ("LABELS_MACHINE_WRONG" not in found) is is_met
    assert (verdict is Verdict.RELEASE) is is_met


def test_people_who_take_over_what_it_says_do_not_outweigh_gold() -> None:
    """900 items that people left as they were would hide that half of gold is wrong."""
    echoed = [said(item, "1", KINDS[item % 2]) for item in range(160, 1000)]
    found, verdict = judged([*people(), *echoed, *machine(wrong=range(30))])
    assert "LABELS_MACHINE_RIGHT" in found
    assert (found["LABELS_MACHINE_AGAINST_GOLD"].outcome, verdict) == (Outcome.FAILED, Verdict.BLOCKED)


def test_who_is_unsure_says_nothing_of_a_machine() -> None:
    open_ = [said(item, "3", "unsure") for item in range(1000, 1100)]
    of_those = [replace(each, item=str(int(each.item) + 1000)) for each in machine(900)]
    found, verdict = judged([*people(), *open_, *of_those])
    assert (found["LABELS_MACHINE_UNTOLD"].outcome, verdict) == (Outcome.UNMEASURED, Verdict.BLOCKED)


@pytest.mark.parametrize(("aside", "is_met"), [(0.0, True), (50.0, False)])
def test_what_a_machine_drew_is_held_against_what_people_drew(aside: float, is_met: bool) -> None:
    drawn = replace(said(0, "1", "coal", is_region=True), shape=Box(left=0, top=0, width=9, height=9))
    near = Box(left=aside, top=0, width=9, height=9)
    given = []
    for item in range(60):
        given += [replace(drawn, item=str(item), annotator=who) for who in ("1", "2")]
        given.append(replace(drawn, item=str(item), annotator="", shape=near, is_machine=True))
    found, _verdict = judged(given)
    assert ("LABELS_MACHINE_RIGHT" in found) is is_met
    assert ("LABELS_MACHINE_WRONG" in found) is not is_met


COLORS = ("black", "blue", "green")
SEVERAL = replace(TERMS, is_by_label=True)


def colors_of(item: int) -> frozenset[str]:
    """Combinations of all kinds, and one color at least; green is rare."""
    there = zip(COLORS, (item % 2, item % 3, item % 10 == 0), strict=True)
    return frozenset(color for color, is_there in there if is_there) or frozenset({"black"})


def of_colors(item: int, who: str, labels: Iterable[str], **more: bool) -> list[Annotation]:
    return [said(item, who, label, **more) for label in tuple(labels) or ("",)]


def colored(
    by_machine: Callable[[int], Iterable[str]], *, golden: Iterable[int] = range(200)
) -> list[Annotation]:
    """Two people who agree and are right, and a machine on all items."""
    given: list[Annotation] = []
    for item in range(400):
        for who in ("1", "2"):
            given += of_colors(item, who, colors_of(item))
        given += of_colors(item, "", by_machine(item), is_machine=True)
        given += of_colors(item, "expert", colors_of(item), is_gold=True) if item in golden else []
    return given


def one_wrong(item: int) -> frozenset[str]:
    """One combination in eight is wrong, and of each label one answer in twenty-four."""
    return colors_of(item) ^ ({COLORS[item // 8 % 3]} if item % 8 == 5 else set())


def but_blue(item: int) -> frozenset[str]:
    return colors_of(item) ^ ({"blue"} if item % 4 == 1 else set())


def test_a_machine_is_held_label_by_label_and_not_by_combinations() -> None:
    given = colored(one_wrong)
    found, _verdict = judged(given, SEVERAL)
    assert found["LABELS_MACHINE_LABEL_RIGHT"].outcome is Outcome.PASSED
    together, _verdict = judged(given, TERMS)
    assert "LABELS_MACHINE_WRONG" in together


def test_the_worst_label_decides() -> None:
    found, verdict = judged(colored(but_blue), SEVERAL)
    told = found["LABELS_MACHINE_LABEL_WRONG"]
    assert (told.outcome, told.reason.facts["label"], told.reason.facts["items"]) == (
        Outcome.FAILED,
        "blue",
        400,
    )
    assert verdict is Verdict.BLOCKED
    found, verdict = judged(colored(colors_of), SEVERAL)
    assert set(found) == {"LABELS_MACHINE_VERIFIED", "LABELS_MACHINE_LABEL_RIGHT"}
    assert verdict is Verdict.RELEASE


def test_a_rare_label_that_a_machine_never_gives_does_not_hide() -> None:
    """Green is on forty of four hundred items: without it nine of ten answers about it would be right."""
    found, verdict = judged(colored(lambda item: colors_of(item) - {"green"}), SEVERAL)
    told = found["LABELS_MACHINE_LABEL_OVERLOOKED"]
    assert (told.reason.facts["label"], told.reason.facts["items"]) == ("green", 40)
    assert (told.outcome, verdict) == (Outcome.FAILED, Verdict.BLOCKED)
    found, _verdict = judged(colored(lambda item: {*colors_of(item), "black"}), SEVERAL)
    assert found["LABELS_MACHINE_LABEL_OVERDONE"].reason.facts["label"] == "black"


def test_gold_outweighs_people_label_by_label() -> None:
    few = range(60)
    given = colored(lambda item: colors_of(item) ^ ({"blue"} if item in range(25) else set()), golden=few)
    found, verdict = judged(given, SEVERAL)
    assert "LABELS_MACHINE_LABEL_RIGHT" in found
    told = found["LABELS_MACHINE_LABEL_AGAINST_GOLD"]
    assert (told.reason.facts["label"], told.reason.facts["items"]) == ("blue", 60)
    assert (told.outcome, verdict) == (Outcome.FAILED, Verdict.BLOCKED)


def test_who_is_unsure_of_an_item_with_several_labels_says_nothing() -> None:
    given = [said(item, "1", "unsure") for item in range(60)]
    given += [each for item in range(60) for each in of_colors(item, "", colors_of(item), is_machine=True)]
    found, _verdict = judged(given, SEVERAL)
    assert found["LABELS_MACHINE_UNTOLD"].outcome is Outcome.UNMEASURED


def test_words_of_a_machine_are_not_measured() -> None:
    given = [said(item, who, f"text {item} by {who}") for item in range(60) for who in ("1", "2")]
    given += [said(item, "", f"text {item}", is_machine=True) for item in range(60)]
    found, verdict = judged(given, replace(TERMS, is_free=True))
    assert set(found) == {"LABELS_MACHINE_VERIFIED", "LABELS_MACHINE_OF_WORDS"}
    assert (found["LABELS_MACHINE_OF_WORDS"].outcome, verdict) == (Outcome.UNMEASURED, Verdict.BLOCKED)
