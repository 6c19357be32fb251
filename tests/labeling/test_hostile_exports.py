"""What is told of a hostile file can be kept, and tells nobody's address."""

from __future__ import annotations

import pytest

from apps.catalog.models import AssetVersion
from apps.kernel.errors import InvalidInput, RuleBroken
from apps.labeling.checks.examined import examined
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.told import reasons_of
from apps.labeling.lifecycle import ImportState
from apps.labeling.measures.agreement import Scale
from apps.labeling.models import LabelImport
from apps.labeling.work.job import worked
from tests.factories import accounts, labels
from tests.labeling.exports import coco
from tests.labeling.test_label_imports import brought

WHOLE = {
    "a column": b"item,annotator,label,s\0econds ada@example.org\n",
    "a key that stands there twice": b'{"images":[],"\\u0000 ada@example.org":1,"\\u0000 ada@example.org":1}',
    "half a surrogate": b'{"images":[],"a\\ud800":1,"a\\ud800":1}',
    "a root": b'<ada@example.org xmlns="a"/>',
}
LINES = {
    "an id": b'{"images":[],"annotations":[{"id":"\\u0000ada@example.org"},{"id":"\\u0000ada@example.org"}]}',
    "an item": b'{"images":[],"annotations":[{"id":1,"image_id":"\\ud800ada@example.org","category_id":1}]}',
}


def told_of(content: bytes) -> str:
    try:
        export = read_export(content)
    except InvalidInput as refusal:
        reasons = refusal.reasons
    else:
        assert export.faulty
        reasons = reasons_of(export.faults, export.faulty, export.beyond)
    return " ".join(str(part) for each in reasons for part in (each.field, *each.facts.values()))


@pytest.mark.parametrize("content", [*WHOLE.values(), *LINES.values()], ids=[*WHOLE, *LINES])
def test_what_is_told_is_text_without_addresses(content: bytes) -> None:
    told = told_of(content)
    assert "\0" not in told
    assert told.encode()
    assert "ada@" not in told


@pytest.mark.django_db
@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_worker_ends_with_a_refusal_that_is_kept(content: bytes) -> None:
    made = brought(labels.labeled_version(accounts.world().domain), content)
    worked(made.uid)
    made.refresh_from_db()
    assert (made.state, made.pieces.count()) == (ImportState.REFUSED, 0)


@pytest.mark.django_db
def test_one_that_is_brought_at_once_is_refused_as_such() -> None:
    version: AssetVersion = labels.labeled_version(accounts.world().domain)
    with pytest.raises(RuleBroken) as refused:
        labels.brought(version, WHOLE["a column"])
    assert refused.value.code == "LABELS_UNREADABLE"
    assert not LabelImport.objects.exists()


HUGE = {
    "seconds": b"item,annotator,label,seconds\na,7,x,1e308\nb,7,x,1e308\n",
    "labels": b"item,annotator,label\na,7,1e308\na,8,-1e308\nb,7,1e200\nb,8,2\n",
}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HUGE["seconds"], "LABELS_PART_MALFORMED"),
        (HUGE["labels"], "LABELS_NO_NUMBER"),
    ],
    ids=HUGE,
)
def test_numbers_that_nobody_can_add_up_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        examined(content, Terms(scale=Scale.INTERVAL), leave_out_faults=False)
    assert refused.value.code == code


def test_areas_that_would_take_too_long_are_refused_before_they_are_measured() -> None:
    """A zigzag over the whole of a picture is small in a file and met by many rows."""
    teeth = [place for tooth in range(400) for place in (tooth, 65_000 * (tooth % 2))]
    drawn = [
        {"id": number, "image_id": 1, "category_id": 1, "segmentation": [teeth]} for number in range(1, 6)
    ]
    pictures = [{"id": 1, "file_name": "one.jpg", "width": 65_000, "height": 65_000}]
    with pytest.raises(RuleBroken) as refused:
        read_export(coco(*drawn, images=pictures))
    assert [reason.code for reason in refused.value.reasons] == ["LABELS_TOO_LARGE"]
    assert read_export(coco(*drawn[:3], images=pictures)).faulty == 0
