"""What was left out as faulty counts: nobody prunes disagreement away."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.kernel.actor import SYSTEM
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import review_label_set
from apps.labeling.imports.reading import read_export
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels
from tests.labeling.exports import choice, cvat, label_studio, task

pytestmark = pytest.mark.django_db


def pruned(outside: int) -> LabelSet:
    """The second annotator gives a label outside the schema on so many of the 400 items."""
    lines = ["item,annotator,label,ground_truth"]
    for item in range(400):
        true = labels.KINDS[item % 2]
        lines.append(f"c{item},7,{true},0")
        lines.append(f"c{item},{labels.ADDRESS},{'granite' if item >= 400 - outside else true},0")
        if item < 110:
            lines.append(f"c{item},expert,{true},1")
    version = labels.labeled_version(accounts.world().domain)
    return labels.brought(version, "\n".join(lines).encode(), leave_out_faults=True)


def of_coverage(findings: list[dict[str, object]]) -> dict[str, object]:
    return {each["reason"]["code"]: each["reason"]["facts"] for each in findings if each["check"] == "L08"}  # type: ignore[index]


def test_answers_that_were_left_out_leave_it_open() -> None:
    made = pruned(290)
    found = of_coverage(made.findings)
    told = found["LABELS_TOO_MANY_LEFT_OUT"]
    assert told == {"unsure": "36.2 %", "cancelled": 0, "left_out": 290, "needed": "5.0 %"}
    assert (made.verdict, made.figures["left_out"]) == (Verdict.BLOCKED, 290)
    again = review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert of_coverage(again.findings)["LABELS_TOO_MANY_LEFT_OUT"] == told


def test_a_few_of_them_are_told_and_hinder_nothing() -> None:
    made = pruned(8)
    assert of_coverage(made.findings)["LABELS_LEFT_OUT"] == {"left_out": 8}
    assert made.verdict == Verdict.RELEASE


def contradicting() -> bytes:
    """Both annotators and gold say one thing of each item, and then the other."""
    head, *lines = labels.sound().decode().splitlines()
    first, second = labels.KINDS
    swapped = {first: second, second: first}
    others = [f"{a},{b},{swapped[c]},{d}" for a, b, c, d in (line.split(",") for line in lines)]
    return "\n".join([head, *lines, *others]).encode()


def test_who_says_two_things_of_an_item_is_not_pruned_away() -> None:
    version = labels.labeled_version(accounts.world().domain)
    made = labels.brought(version, contradicting(), leave_out_faults=True)
    assert (made.verdict, made.figures["left_out"]) == (Verdict.BLOCKED, 360)
    assert "LABELS_TOO_MANY_LEFT_OUT" in of_coverage(made.findings)


def test_what_is_said_once_more_contradicts_nothing_and_another_thing_does() -> None:
    """A control: who brings the same again with an earlier set has nothing left out that is open."""
    version = labels.labeled_version(
        accounts.world().domain, are_raw_kept=True, raw_activity=uuid4(), raw_retention=uuid4()
    )
    first = labels.brought(version)
    for wrong, open_ in ((0, 0), (30, 30)):
        content = labels.repeated(first, wrong=wrong) + b"\nmore,7,shale,0"
        made = labels.brought(version, content, together_with=first.uid, leave_out_faults=True)
        assert (made.left_out, made.figures["left_out"]) == (360, open_)


def studio(*more: object) -> bytes:
    return label_studio(
        *(
            task(item, *(choice(3 * item + who, labels.KINDS[item % 2], by=7 + who) for who in range(2)))
            for item in range(120)
        ),
        *more,
    )


INSIDE = {
    "a task that was there before": (
        studio(task(0, *(choice(1000 + at, "shale", by=7) for at in range(300)))),
        301,
    ),
    "a task without a number": (
        studio({"annotations": [choice(1000 + at, "shale", by=7) for at in range(300)]}),
        301,
    ),
    "a picture that was there before": (
        cvat(
            '<image id="0" name="a.png" width="9" height="9"></image>',
            '<image id="1" name="a.png" width="9" height="9">',
            *('<box label="cat" xtl="1" ytl="1" xbr="5" ybr="5"/>' for _ in range(300)),
            "</image>",
        ),
        301,
    ),
}


@pytest.mark.parametrize("what", INSIDE)
def test_all_that_is_said_inside_of_what_is_not_taken_is_told(what: str) -> None:
    content, faults = INSIDE[what]
    export = read_export(content)
    assert export.faulty == faults
    inside = [each for each in export.faults if each.reason.code == "LABELS_INSIDE_REFUSED"]
    assert len(inside) == 300
    assert all(each.reason.facts["before"] for each in inside)


def test_an_annotator_who_settles_is_told() -> None:
    """Else a column would take what somebody says out of agreement."""
    version = labels.labeled_version(accounts.world().domain)
    head, *lines = labels.sound(wrong=60).decode().splitlines()
    rows = [f"{line},{'adjudicator' if labels.ADDRESS in line else ''}" for line in lines]
    made = labels.brought(version, "\n".join([f"{head},role", *rows]).encode())
    told = {each["reason"]["code"]: each for each in made.findings if each["check"] == "L02"}
    assert told["LABELS_SETTLED_BY_ANNOTATORS"]["outcome"] == "failed"
    assert told["LABELS_SETTLED_BY_ANNOTATORS"]["reason"]["facts"]["unfit"] == 120
    assert made.verdict == Verdict.BLOCKED
