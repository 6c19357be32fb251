"""A region that covers nothing is told at its line, and hides nothing of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import Examined, examined
from apps.labeling.checks.terms import Place, Terms
from apps.labeling.imports.attribution import SaidOfFile
from tests.labeling.exports import KINDS, box, cvat, in_cvat, label_studio, task

TERMS = Terms(labels=KINDS, resamples=20, put_on=Place.AREA)
BY = SaidOfFile(labeled_by="7")
LINE = '<polyline label="shale" points="1,1;9,9"/>'
SHAPES = {
    "a line": LINE,
    "points": '<points label="shale" points="1,1;9,9"/>',
    "a cuboid": '<cuboid label="shale" xtl1="1" ytl1="1"/>',
    "a skeleton": '<skeleton label="shale"></skeleton>',
}


def with_one(shape: str) -> bytes:
    """On the picture of line 5, as the last of its shapes."""
    return in_cvat(60).replace(b"</image>", f"\n{shape}</image>".encode(), 1)


def read(content: bytes, terms: Terms = TERMS, *, is_left_out: bool = True) -> Examined:
    return examined(content, terms, leave_out_faults=is_left_out, said=BY)


@pytest.mark.parametrize("what", SHAPES)
@pytest.mark.parametrize("put_on", [Place.AREA, None])
def test_it_is_a_fault_at_its_line(what: str, put_on: Place | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(with_one(SHAPES[what]), replace(TERMS, put_on=put_on), is_left_out=False)
    assert [(each.code, each.field, each.facts) for each in refused.value.reasons] == [
        ("LABELS_COVERS_NOTHING", "content.6.0.png", {"label": "shale"})
    ]


@pytest.mark.parametrize("what", SHAPES)
def test_left_out_knowingly_the_others_are_measured_as_they_were(what: str) -> None:
    with_it, without = read(with_one(SHAPES[what])), read(in_cvat(60))
    (part,), (same,) = with_it.measured.parts, without.measured.parts
    assert part == same
    assert part.has_shapes
    assert (with_it.measured.left_out, with_it.export.faulty) == (1, 1)


def test_every_line_of_it_is_told() -> None:
    drawn = cvat(
        f'<image id="0" name="0.png" width="100" height="100">{LINE}',
        f'{LINE}<box label="shale" xtl="1" ytl="1" xbr="9" ybr="9"/>',
        f"{LINE}</image>",
        labels=KINDS,
    )
    assert [each.line for each in read(drawn).export.faults] == [5, 6, 7]


@pytest.mark.parametrize(
    ("size", "codes"),
    [({}, ["LABELS_COVERS_NOTHING"]), ({"original_width": 640, "original_height": 480}, [])],
)
def test_what_was_turned_needs_the_size_of_its_picture(size: dict[str, int], codes: list[str]) -> None:
    turned = box(1, "shale")
    turned["result"][0] |= size
    turned["result"][0]["value"]["rotation"] = 30
    found = read(label_studio(task(1, turned, box(2, "shale", by=2))))
    assert [each.reason.code for each in found.export.faults] == codes
