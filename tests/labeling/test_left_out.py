"""What was left out as faulty counts: nobody prunes disagreement away."""

from __future__ import annotations

import pytest

from apps.kernel.actor import SYSTEM
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import review_label_set
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels

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
