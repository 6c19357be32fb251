"""What lies nowhere on its item is told, whether the file says how large that is or not; so are bad times."""

from __future__ import annotations

from typing import Any

import pytest

from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.actor import SYSTEM
from apps.labeling.commands import review_label_set
from apps.labeling.imports.reading import read_export
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels
from tests.labeling.exports import choice, coco, cvat, faults_of, in_coco, label_studio, task

UNSIZED = [{"id": 1, "file_name": "one.jpg"}]
HALF = [{"id": 1, "file_name": "one.jpg", "height": 50}]


def drawn(images: Any, **shape: Any) -> bytes:
    return coco({"id": 1, "image_id": 1, "category_id": 1, **shape}, images=images)


@pytest.mark.parametrize("images", [UNSIZED, HALF, None], ids=["unsized", "half", "sized"])
@pytest.mark.parametrize(
    "shape",
    [
        {"bbox": [-5e8, 1, 9, 9]},
        {"bbox": [1, -1, 9, 9]},
        {"bbox": [20, 20, -9, 9]},
        {"bbox": [20, 20, 9, -9]},
        {"segmentation": [[-4, 1, 9, 1, 9, 9]]},
    ],
)
def test_no_item_begins_before_nought_and_nothing_is_inside_out(images: Any, shape: dict[str, Any]) -> None:
    assert faults_of(drawn(images, **shape)) == [(4, "LABELS_OUTSIDE_ITEM")]


def test_the_side_that_is_known_is_held_to() -> None:
    assert faults_of(drawn(HALF, bbox=[1, 1, 9, 60])) == [(4, "LABELS_OUTSIDE_ITEM")]
    assert faults_of(drawn(HALF, bbox=[1, 1, 900, 40])) == []


def test_how_many_could_not_be_checked_is_counted() -> None:
    far = {"bbox": [5, 1e12, 9, 9]}
    assert read_export(drawn(UNSIZED, **far)).unsized == 1
    assert read_export(drawn(UNSIZED)).unsized == 0
    assert read_export(drawn(None, bbox=[1, 1, 9, 9])).unsized == 0


@pytest.mark.parametrize(("size", "unsized"), [("", 1), (' width="20" height="20"', 0)])
def test_so_it_is_with_cvat(size: str, unsized: int) -> None:
    def export(left: int) -> bytes:
        shape = f'<box label="cat" xtl="{left}" ytl="1" xbr="9" ybr="9"/>'
        return cvat(f'<image id="0" name="one.jpg"{size}>{shape}</image>')

    assert read_export(export(1)).unsized == unsized
    assert faults_of(export(-1)) == faults_of(export(12)) == [(5, "LABELS_OUTSIDE_ITEM")]


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ({"lead_time": "soon"}, True),
        ({"lead_time": -1}, True),
        ({"lead_time": 1e300}, True),
        ({"created_at": "yesterday"}, True),
        ({"created_at": 1700000000}, True),
        ({"updated_at": {}}, True),
        ({"lead_time": None, "created_at": None}, False),
        ({"lead_time": 0, "created_at": "2022-03-07T13:43:06.054316Z", "updated_at": "2022-03-07"}, False),
    ],
)
def test_a_time_that_is_none_is_told_as_in_a_table(said: dict[str, Any], is_told: bool) -> None:
    found = read_export(label_studio(task(1), task(2, choice(1, "cat", **said))))
    places = [(each.line, each.place, each.reason.code) for each in found.faults]
    told = [(3, f"annotations.0.{next(iter(said))}", "LABELS_PART_MALFORMED")]
    assert (places, len(found.annotations)) == ((told, 0) if is_told else ([], 1))


def noted(found: Any) -> list[int]:
    told = (each["reason"] for each in found.findings if each["reason"]["code"] == "LABELS_EXTENT_UNCHECKED")
    return [each["facts"]["regions"] for each in told]


@pytest.mark.django_db
def test_it_stands_in_the_report_and_stays_there() -> None:
    domain = accounts.world().domain
    names = {"are_raw_kept": True, "raw_activity": domain.uid, "raw_retention": domain.uid}
    version: AssetVersion = labels.labeled_version(domain, task=LabelTask.BOX, **names)

    def brought(wrong: int, who: str, **given: Any) -> LabelSet:
        export = in_coco(12, wrong=wrong).replace(b', "width": 100, "height": 100', b"")
        return labels.brought(version, export, labeled_by=who, **given)

    one = brought(0, "7")
    assert noted(one) == noted(review_label_set(actor=SYSTEM, label_set_id=one.uid)) == [12]
    assert noted(brought(1, "8", together_with=one.uid)) == [24]
    assert noted(labels.brought(version, in_coco(12), labeled_by="7")) == []
