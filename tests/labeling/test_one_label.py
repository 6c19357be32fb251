"""Tasks in which an item takes one label, and those in which labels are words of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import examined
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Terms, Verdict, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from tests.factories.records import labeling_policy
from tests.labeling.exports import box, choice, label_studio, table, task

ONE = Terms(resamples=20, takes_one=True)
HEAD = "item,annotator,label,ground_truth,machine,role"


def lines(*rows: str) -> bytes:
    return table(*rows, head=HEAD)


TWICE = {
    "a person": lines("a,7,shale,0,0,", "b,7,shale,0,0,", "a,7,coal,0,0,"),
    "gold of one": lines("a,9,shale,1,0,", "b,9,shale,1,0,", "a,9,coal,1,0,"),
    "gold of two": lines("a,8,shale,1,0,", "b,9,shale,1,0,", "a,9,coal,1,0,"),
    "annotations": label_studio(
        task(1, choice(1, "shale")), task(2), task(3, choice(2, "a"), choice(3, "b"))
    ),
    "choices": label_studio(task(1, choice(1, "shale")), task(2), task(3, choice(2, "a", "b"))),
    "nothing and something": label_studio(
        task(1), task(2), task(3, {"id": 2, "completed_by": 1, "result": []}, choice(3, "b"))
    ),
}


@pytest.mark.parametrize("what", TWICE)
def test_two_answers_where_an_item_takes_one_are_a_fault_at_the_second(what: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        examined(TWICE[what], ONE, leave_out_faults=False)
    (reason,) = refused.value.reasons
    assert reason.code == ("LABELS_TWO_TRUTHS" if "gold" in what else "LABELS_TWO_ANSWERS")
    assert reason.field.startswith("content.4")
    several = replace(ONE, takes_one=False)
    assert examined(TWICE[what], several, leave_out_faults=False).export.faulty == 0


def test_the_first_counts_where_the_second_is_left_out_knowingly() -> None:
    found = examined(TWICE["a person"], ONE, leave_out_faults=True)
    assert [(each.item, each.label) for each in found.export.annotations] == [("a", "shale"), ("b", "shale")]
    assert found.export.faulty == 1


@pytest.mark.parametrize(
    "content",
    [
        lines("a,7,shale,0,0,", "a,8,coal,0,0,"),
        lines("a,7,shale,0,0,", "a,7,coal,1,0,"),
        lines("a,7,shale,0,0,", "a,7,coal,0,1,"),
        lines("a,7,shale,0,0,", "a,7,coal,0,0,adjudicator"),
        label_studio(task(1, choice(1, "shale"), choice(2, "coal", was_cancelled=True))),
        label_studio(task(1, choice(1, "shale"), choice(2, "shale"))),
        label_studio(task(1, box(1, "shale"), box(2, "coal"))),
    ],
    ids=["others", "gold", "a machine", "settled", "given up", "the same", "regions"],
)
def test_what_is_no_second_answer_is_none(content: bytes) -> None:
    assert examined(content, ONE, leave_out_faults=False).export.faulty == 0


@pytest.mark.parametrize("kind", LabelTask)
def test_the_task_says_how_many_labels_an_item_takes(kind: LabelTask) -> None:
    terms = terms_of(labeling_policy(task=kind))
    one = {LabelTask.CLASSIFICATION, LabelTask.ORDINAL, LabelTask.REGRESSION, LabelTask.PAIRWISE}
    assert terms.takes_one is (kind in one)
    assert terms.is_free is (kind is LabelTask.FREE_TEXT)


def test_words_of_ones_own_are_no_classes() -> None:
    """As classes each of them would ask for ten gold items."""
    made = [
        Annotation(line=1, item=str(item), annotator=who, label=f"text {item}", is_gold=who == "9", seconds=5)
        for item in range(68)
        for who in "789"
    ]
    free = findings_of(measure(made, (), Terms(resamples=20, is_free=True)), Terms(is_free=True))
    assert [each.reason.code for each in free if each.outcome is not Outcome.PASSED] == ["LABELS_ARE_WORDS"]
    assert verdict_of(free) is Verdict.BLOCKED
    assert not {each.check for each in free} & {"L05", "L06", "L07"}
    classes = findings_of(measure(made, (), Terms(resamples=20)), Terms())
    assert len([each for each in classes if each.check == "L07"]) > 60
