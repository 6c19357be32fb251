"""Labels are of the kind that the task of their policy asks for, or told at their lines."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import examined
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Place, Terms
from apps.labeling.facts import terms_of
from apps.labeling.imports.attribution import SaidOfFile
from tests.factories.records import labeling_policy
from tests.labeling.exports import box, choice, coco, cvat, in_cvat, label_studio, table, task
from tests.labeling.test_no_false_release import failed

QUICK = Terms(resamples=20)
PARTS = {"head": "item,annotator,label,ground_truth,cancelled,start,end"}
NOTHING = {"id": 9, "completed_by": 1, "result": []}
GIVEN_UP = choice(8, "cat", by=3, was_cancelled=True)
MIXED = {
    "choices and a box": label_studio(task(1, choice(1, "cat")), task(2, box(2, "cat")), task(3, NOTHING)),
    "a part and a whole": table("a,7,cat,0,0,,", "b,7,cat,0,0,0,5", **PARTS),
    "gold": table("a,7,cat,1,0,,", "b,7,cat,1,0,0,5", **PARTS),
    "a tag and a box": cvat(
        '<image id="0" name="a.jpg" width="20" height="20"><tag label="cat"/>',
        '<box label="cat" xtl="1" ytl="2" xbr="5" ybr="9"/></image>',
    ),
    "a class and an area": coco(
        {"id": 1, "image_id": 1, "category_id": 1},
        {"id": 2, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 9, 1, 9, 9]]},
    ),
}
LINES = {"choices and a box": (2, 3), "a tag and a box": (5, 6), "a class and an area": (4, 5)}


def refused(content: bytes, terms: Terms) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as told:
        examined(content, terms, leave_out_faults=False)
    return [
        (each.field.removeprefix("content").lstrip(".").partition(".")[0], each.code)
        for each in told.value.reasons
    ]


@pytest.mark.parametrize("what", MIXED)
def test_what_does_not_fit_the_task_is_told_at_its_line(what: str) -> None:
    whole_line, part_line = LINES.get(what, (2, 3))
    is_of_pictures = "box" in what or "area" in what
    drawn = replace(QUICK, put_on=Place.AREA if is_of_pictures else Place.PART)
    assert refused(MIXED[what], drawn) == [(str(whole_line), "LABELS_ON_THE_WHOLE")]
    whole = replace(QUICK, put_on=Place.WHOLE)
    assert refused(MIXED[what], whole) == [(str(part_line), "LABELS_ON_A_PART")]
    other = replace(QUICK, put_on=Place.PART if is_of_pictures else Place.AREA)
    code = "LABELS_ON_NO_TEXT" if is_of_pictures else "LABELS_ON_NO_PICTURE"
    assert refused(MIXED[what], other) == [
        (str(whole_line), "LABELS_ON_THE_WHOLE"),
        (str(part_line), code),
    ]


def test_what_is_left_out_knowingly_counts_as_left_open() -> None:
    whole = replace(QUICK, put_on=Place.WHOLE)
    found = examined(MIXED["a part and a whole"], whole, leave_out_faults=True)
    assert [(each.item, each.is_region) for each in found.export.annotations] == [("a", False)]
    assert found.measured.left_out == 1


@pytest.mark.parametrize("put_on", Place)
def test_nothing_on_an_item_and_what_was_given_up_fit_every_task(put_on: Place) -> None:
    given_up = box(7, "cat", by=4, was_cancelled=True)
    content = label_studio(task(1, NOTHING), task(2, GIVEN_UP, given_up))
    assert examined(content, replace(QUICK, put_on=put_on), leave_out_faults=False).export.faulty == 0


@pytest.mark.parametrize("what", MIXED)
def test_where_no_task_is_named_both_are_taken(what: str) -> None:
    assert examined(MIXED[what], QUICK, leave_out_faults=False).export.faulty == 0


@pytest.mark.parametrize("kind", LabelTask)
def test_the_task_says_what_labels_are_put_on(kind: LabelTask) -> None:
    areas = {LabelTask.BOX, LabelTask.SEGMENTATION}
    otherwise = Place.PART if kind is LabelTask.SPAN else Place.WHOLE
    assert terms_of(labeling_policy(task=kind)).put_on is (Place.AREA if kind in areas else otherwise)
    assert terms_of(labeling_policy(task=None)).put_on is None


def as_spans() -> bytes:
    """Of classes, drawn at random outside gold, where nine of ten are the same."""
    dice, lines = random.Random(3), []
    for item in range(2000):
        is_gold, true = item < 150, "ba"[item % 10 > 0]
        for who in "12":
            said = true if is_gold else "ba"[dice.random() > 0.1]
            lines.append(f"i{item},{who},{said},0,0,0,5")
        if is_gold:
            lines.append(f"i{item},9,{true},1,0,0,5")
    return table(*lines, **PARTS)


def test_classes_are_not_measured_as_parts_of_texts() -> None:
    """There, chance alone would agree in eight of ten."""
    whole = replace(QUICK, put_on=Place.WHOLE)
    told = refused(as_spans(), whole)
    assert {code for _line, code in told} == {"LABELS_ON_A_PART", "LABELS_MORE_FAULTS_ALIKE"}
    free = examined(as_spans(), QUICK, leave_out_faults=False).measured
    assert free.agreement.coefficient.value == "f1_at_half_overlap"
    assert (free.agreement.value or 0) > 0.8
    assert "LABELS_OF_ANOTHER_TASK" not in failed(findings_of(free, QUICK))
    assert "LABELS_OF_ANOTHER_TASK" in failed(findings_of(free, whole))


def test_what_was_kept_of_another_task_fails_when_it_is_measured_anew() -> None:
    said = SaidOfFile(labeled_by="7")
    kept = examined(in_cvat(20), QUICK, leave_out_faults=False, said=said).export.annotations
    for put_on, is_met in ((Place.AREA, True), (None, True), (Place.WHOLE, False)):
        terms = replace(QUICK, put_on=put_on)
        found = [each for each in findings_of(measure(kept, (), terms), terms) if each.check == "L05"]
        assert [each.outcome is Outcome.PASSED for each in found] == [is_met]
