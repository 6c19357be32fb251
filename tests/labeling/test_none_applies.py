"""Where an item takes any number of labels, that none applies is an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import Examined, examined
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Place, Terms, Verdict, verdict_of
from tests.labeling.exports import choice, faults_of, label_studio, table, task

LABELS = ("black", "blue", "unsure")
ANY = Terms(resamples=50, labels=LABELS, unsure=("unsure",), put_on=Place.WHOLE, is_by_label=True)
ONE = replace(ANY, is_by_label=False, takes_one=True)
HEAD = "item,annotator,label,ground_truth,cancelled"
TRUE = (("black",), ("blue",), ("black", "blue"), ())


def lines(*rows: str) -> bytes:
    return table(*rows, head=HEAD)


def as_table(*, gives: tuple[tuple[str, ...], ...] = TRUE) -> bytes:
    """400 items, of which a quarter has none: two answer each, and of the first 200 it is known."""
    return lines(
        *(
            f"i{item},{who},{label},{int(who == 9)},0"
            for item in range(400)
            for who in (1, 2, 9)
            if who < 9 or item < 200
            for label in (TRUE if who == 9 else gives)[item % 4] or ("",)
        )
    )


def as_tasks() -> bytes:
    def given(item: int, who: int) -> dict[str, object]:
        labels = TRUE[item % 4]
        whole = choice(item * 10 + who, *labels, by=who, ground_truth=who == 9)
        return whole if labels else {**whole, "result": []}

    people = {item: (1, 2, 9) if item < 200 else (1, 2) for item in range(400)}
    return label_studio(
        *(task(item + 1, *(given(item, who) for who in each)) for item, each in people.items())
    )


def judged(found: Examined, terms: Terms = ANY) -> tuple[Verdict, set[str]]:
    findings = findings_of(found.measured, terms)
    return verdict_of(findings), {
        each.reason.code for each in findings if each.outcome not in {Outcome.PASSED, Outcome.NOTED}
    }


@pytest.mark.parametrize("content", [as_table(), as_tasks()], ids=["table", "tasks"])
def test_items_to_which_none_applies_are_labeled(content: bytes) -> None:
    found = examined(content, ANY, leave_out_faults=False)
    (part,) = found.measured.parts
    assert (found.measured.labeled, found.measured.items) == (400, 400)
    assert (part.overlapping, part.answered, sum(part.gold_items.values())) == (400, 400, 200)
    assert (part.by_label[0].both, part.by_label[0].neither, part.by_label[0].one) == (200, 200, 0)
    assert part.by_label[0].right.items == 200
    assert judged(found) == (Verdict.RELEASE, set())


def test_saying_that_none_applies_is_held_against_gold_and_others() -> None:
    """Who hands in with nothing on it what is black is wrong."""
    found = examined(as_table(gives=((), ("blue",), ("black", "blue"), ())), ANY, leave_out_faults=False)
    assert judged(found)[0] is Verdict.BLOCKED
    (row,) = (each for each in found.measured.parts[0].by_label if each.label == "black")
    assert (row.found.hits, row.found.total) == (100, 200)


def test_where_an_item_takes_one_label_a_line_without_is_a_fault() -> None:
    content = lines("a,1,black,0,0", "b,1,,0,0", "c,1,,0,", "d,1,,0,1")
    with pytest.raises(InvalidInput) as refused:
        examined(content, ONE, leave_out_faults=False)
    assert {(each.code, each.field) for each in refused.value.reasons} == {
        ("LABELS_LABEL_EMPTY", "content.3.label"),
        ("LABELS_LABEL_EMPTY", "content.4.label"),
    }


def test_a_table_has_to_say_that_it_was_handed_in() -> None:
    assert faults_of(lines("a,1,,0,", "b,1,,0,0", "c,1,,0,no", "d,1,,0,1")) == [(2, "LABELS_LABEL_EMPTY")]
    assert faults_of(table("a,1,")) == [(2, "LABELS_LABEL_EMPTY")]
    of_parts = "item,annotator,label,cancelled,start,end"
    assert faults_of(table("a,1,,0,1,5", "b,1,,0,,", head=of_parts)) == [(2, "LABELS_LABEL_EMPTY")]
    assert faults_of(lines("a,1,,0,0", "a,1,,0,0")) == [(3, "LABELS_ID_TWICE")]


CONTRADICTING = {
    "a person": (lines("a,1,,0,0", "a,2,blue,0,0", "a,1,blue,0,0"), "4"),
    "a person, later": (lines("a,1,blue,0,0", "a,1,black,0,0", "a,1,,0,0"), "4"),
    "gold": (lines("a,8,,1,0", "b,8,blue,1,0", "a,9,blue,1,0"), "4"),
    "annotations": (
        label_studio(task(1), task(2, {"id": 1, "completed_by": 1, "result": []}, choice(2, "blue"))),
        "3",
    ),
}


@pytest.mark.parametrize("what", CONTRADICTING)
def test_nobody_says_that_none_applies_and_gives_one(what: str) -> None:
    content, line = CONTRADICTING[what]
    with pytest.raises(InvalidInput) as refused:
        examined(content, ANY, leave_out_faults=False)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field.split(".")[1]) == ("LABELS_NOTHING_AND_SOMETHING", line)
    assert examined(content, ANY, leave_out_faults=True).measured.left_out == 1


def test_others_may_see_what_one_does_not() -> None:
    content = lines("a,1,,0,0", "a,2,blue,0,0", "a,9,,1,0", "b,1,,0,1", "b,1,blue,0,0")
    assert examined(content, ANY, leave_out_faults=False).export.faulty == 0
