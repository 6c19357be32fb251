"""Where the task asks for numbers, a label of the policy may leave it open, and other words are faults."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import examined
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Terms, Verdict, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale
from tests.factories.records import labeling_policy
from tests.labeling.exports import label_studio, table, task
from tests.labeling.test_no_false_release import failed, judged, said
from tests.labeling.test_numbers import depths

SCHEMA = ("unsure", "999")
OPEN = Terms(scale=Scale.INTERVAL, resamples=50, takes_one=True, labels=SCHEMA, unsure=SCHEMA)
GOLD = {"head": "item,annotator,label,ground_truth"}


def lines(*more: str, items: int = 110) -> bytes:
    told = [f"i{item},{who},{item}.5,{int(who == 9)}" for item in range(items) for who in (1, 2, 9)]
    return table(*told, *more, **GOLD)


def outcome_of(content: bytes) -> tuple[Verdict, set[str]]:
    measured = examined(content, OPEN, leave_out_faults=False).measured
    findings = findings_of(measured, OPEN)
    return verdict_of(findings), {each.reason.code for each in findings if each.outcome is not Outcome.PASSED}


def test_numbers_stand_in_no_schema_and_what_leaves_it_open_is_taken() -> None:
    assert outcome_of(lines()) == (Verdict.RELEASE, set())
    found = examined(lines("x,1,unsure,0", "x,2,7,0", "y,1,999,0", "y,2,8,0"), OPEN, leave_out_faults=False)
    assert (found.measured.unsure, found.measured.asked) == (2, 224)
    sound = examined(lines(), OPEN, leave_out_faults=False)
    told, same = found.measured.agreement, sound.measured.agreement
    assert (told.value, told.interval) == (same.value, same.interval)
    assert outcome_of(lines("x,1,unsure,0", "x,2,7,0")) == (Verdict.RELEASE, set())


def test_other_words_are_faults_at_their_lines() -> None:
    content = table("a,1,n/a,0", "a,2,7,0", "b,1,unsure,0", "b,2,high,0", "c,1,nan,0", **GOLD)
    with pytest.raises(InvalidInput) as refused:
        examined(content, OPEN, leave_out_faults=False)
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("LABELS_NO_NUMBER", f"content.{line}.{item}") for line, item in ((2, "a"), (5, "b"), (6, "c"))
    ]
    assert examined(content, OPEN, leave_out_faults=True).measured.left_out == 3
    closed = replace(OPEN, unsure=())
    assert examined(content, closed, leave_out_faults=True).measured.left_out == 4


def test_nothing_on_an_item_is_no_number_and_no_fault() -> None:
    number = {"type": "number", "value": {"number": 4}}
    answers = ({"id": who, "completed_by": who, "result": [number] * (who < 3)} for who in (1, 2, 3))
    measured = examined(label_studio(task(1, *answers)), OPEN, leave_out_faults=False).measured
    assert (measured.answers, measured.overlapping) == (3, 1)


def with_open(given: list[Annotation], *, gold: bool, items: int) -> list[Annotation]:
    """Of the first items that are gold, or of those that are not: one of three leaves it open."""
    first = 0 if gold else 60
    chosen = {str(item) for item in range(first, first + items)}
    return [
        replace(each, label="unsure") if each.annotator == "1" and each.item in chosen else each
        for each in given
    ]


def test_whoever_leaves_it_open_on_gold_is_not_right() -> None:
    assert "LABELS_GOLD_MISSED" not in failed(judged(with_open(depths(), gold=False, items=30), OPEN)[0])
    assert "LABELS_GOLD_MISSED" in failed(judged(with_open(depths(), gold=True, items=30), OPEN)[0])


def test_what_leaves_it_open_does_not_overlap() -> None:
    """Half of the items that two answered would be held against nothing."""
    given = [said(item, who, f"{item}") for item in range(100) for who in "12"]
    open_ = [
        replace(each, label="unsure") if each.annotator == "2" and int(each.item) < 50 else each
        for each in given
    ]
    assert "LABELS_OVERLAP_MISSED" not in failed(judged(given, OPEN)[0])
    assert "LABELS_OVERLAP_MISSED" in failed(judged(open_, OPEN)[0])


def test_too_much_left_open_is_not_released() -> None:
    assert "LABELS_TOO_OFTEN_UNSURE" in failed(judged(with_open(depths(), gold=False, items=60), OPEN)[0])


def test_the_policy_says_what_leaves_it_open() -> None:
    terms = terms_of(labeling_policy(task=LabelTask.REGRESSION))
    assert terms.scale is Scale.INTERVAL
    assert terms.unsure
    content = table("a,1,4,0", f"a,2,{terms.unsure[0]},0", **GOLD)
    assert examined(content, terms, leave_out_faults=False).export.faulty == 0
