"""Which shapes of an export can be held against each other, as what they are read, and what is none."""

from __future__ import annotations

from typing import Any

import pytest

from apps.labeling.imports.reading import read_export
from apps.labeling.measures.regions import Item
from apps.labeling.measures.scanning import grid_of, scanned
from apps.labeling.measures.shapes import Area, Box, Shape, Span, unpacked
from apps.labeling.measures.stretches import length
from tests.labeling.exports import coco, cvat, label_studio, table, task

PLACE = {"x": 1, "y": 2, "width": 5, "height": 9, "rectanglelabels": ["cat"]}
TURNED = {**PLACE, "x": 50, "y": 50, "rotation": 30}
HALF = {"points": [[10, 20], [50, 20], [50, 90]], "polygonlabels": ["cat"]}
ROUND = {"x": 50, "y": 50, "radiusX": 20, "radiusY": 10, "ellipselabels": ["cat"]}
SIZE = {"original_width": 400, "original_height": 200}


def drawn(type_: str, value: dict[str, Any], **more: Any) -> bytes:
    given = {"id": 1, "completed_by": 1, "result": [{"type": type_, "value": value, **more}]}
    return label_studio(task(1, given))


def shape_in(content: bytes) -> Shape | None:
    (made,) = read_export(content).annotations
    assert made.is_region
    return made.shape


def size_of(shape: Shape | None) -> float:
    """In points of the picture."""
    assert isinstance(shape, Area)
    assert unpacked(shape.packed) == shape
    return length(scanned(shape, grid_of([shape])))


def faults_of(content: bytes) -> list[str]:
    found = read_export(content)
    assert found.annotations == ()
    return [each.reason.code for each in found.faults]


@pytest.mark.parametrize("value", [PLACE, {**PLACE, "rotation": 0.0}])
def test_an_upright_rectangle_is_a_box(value: dict[str, Any]) -> None:
    assert shape_in(drawn("rectanglelabels", value)) == Box(left=1, top=2, width=5, height=9)


@pytest.mark.parametrize(
    ("type_", "value", "size"),
    [
        ("polygonlabels", HALF, 160 * 140 / 2),
        ("rectanglelabels", TURNED, 20 * 18),
        ("ellipselabels", ROUND, 3.14159 * 80 * 20),
        ("ellipselabels", {**ROUND, "rotation": 30}, 3.14159 * 80 * 20),
    ],
)
def test_an_area_of_label_studio_is_as_large_as_it_was_drawn(
    type_: str, value: dict[str, Any], size: float
) -> None:
    """A percent of this picture is four points across and two down, and angles are of the picture."""
    assert size_of(shape_in(drawn(type_, value, **SIZE))) == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize("value", [TURNED, {**ROUND, "rotation": 30}])
def test_what_is_turned_needs_the_size_of_its_picture(value: dict[str, Any]) -> None:
    type_ = "ellipselabels" if "radiusX" in value else "rectanglelabels"
    assert shape_in(drawn(type_, value)) is None


def test_a_triangle_along_a_diagonal_is_half_of_its_box_and_two_of_them_share_nothing() -> None:
    lower = {"points": [[10, 20], [10, 90], [50, 90]], "polygonlabels": ["cat"]}
    upper = {"points": [[10, 20], [50, 20], [50, 90]], "polygonlabels": ["cat"]}
    one, other = (shape_in(drawn("polygonlabels", value, **SIZE)) for value in (lower, upper))
    assert one is not None
    assert other is not None
    assert Item((one, other)).overlap(one, other) < 1e-9


def test_a_rectangle_drawn_as_a_polygon_is_a_box() -> None:
    square = {"points": [[10, 20], [50, 20], [50, 90], [10, 90]], "polygonlabels": ["cat"]}
    assert shape_in(drawn("polygonlabels", square)) == Box(left=10, top=20, width=40, height=70)


# Parts of texts and recordings


@pytest.mark.parametrize(
    ("type_", "value", "span"),
    [
        ("labels", {"start": 3, "end": 9}, Span(start=3, end=9)),
        ("timeserieslabels", {"start": 0.5, "end": 2, "instant": False}, Span(start=0.5, end=2)),
        ("timeserieslabels", {"start": 2, "end": 2, "instant": True}, None),
        ("timeserieslabels", {"start": "2020-01-01", "end": "2020-01-02"}, None),
        ("paragraphlabels", {"start": "0", "end": "1", "startOffset": 2, "endOffset": 4}, None),
        (
            "hypertextlabels",
            {"start": "/p[1]", "end": "/p[1]", "globalOffsets": {"start": 2, "end": 5}},
            Span(start=2, end=5),
        ),
    ],
)
def test_a_part_of_a_text_or_a_recording_is_told_in_numbers(
    type_: str, value: dict[str, Any], span: Span | None
) -> None:
    assert shape_in(drawn(type_, {**value, type_: ["name"]})) == span


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(4, 4, "LABELS_PART_EMPTY"), (5, 2, "LABELS_PART_EMPTY"), (3, 9, "LABELS_OUTSIDE_ITEM")],
)
def test_a_part_lies_inside_its_text(start: int, end: int, code: str) -> None:
    """Six letters and a sign of two units: a browser counts eight."""
    value = {"start": start, "end": end, "text": "da", "labels": ["name"]}
    result = {"type": "labels", "value": value}
    given = {"id": 1, "completed_by": 1, "result": [result]}
    assert faults_of(label_studio(task(1, given, text="Ada 𝄞 L"))) == [code]
    value |= {"start": 3, "end": 8}
    assert read_export(label_studio(task(1, given, text="Ada 𝄞 L"))).faults == ()
    value |= {"end": 800}
    assert read_export(label_studio(task(1, given, text="https://h.test/a.txt"))).faults == ()


def test_a_part_of_a_recording_may_be_longer_than_its_name() -> None:
    value = {"start": 3.5, "end": 99.5, "channel": 0, "labels": ["speech"]}
    given = {"id": 1, "completed_by": 1, "result": [{"type": "labels", "value": value}]}
    (made,) = read_export(label_studio(task(1, given, audio="/data/a.mp3"))).annotations
    assert made.shape == Span(start=3.5, end=99.5)


def test_a_table_tells_where_a_part_begins_and_ends() -> None:
    head = "item,annotator,label,start,end"
    found = read_export(table("a,7,name,3,9", "a,7,name,10,12.5", "a,8,name,,", head=head))
    assert [each.shape for each in found.annotations] == [
        Span(start=3, end=9),
        Span(start=10, end=12.5),
        None,
    ]
    assert [each.is_region for each in found.annotations] == [True, True, False]
    wrong = ("a,7,name,3,3", "b,7,name,-1,3", "c,7,name,x,3", "d,7,name,3,")
    assert faults_of(table(*wrong, head=head)) == [
        "LABELS_PART_EMPTY",
        "LABELS_OUTSIDE_ITEM",
        "LABELS_PART_MALFORMED",
        "LABELS_PART_MALFORMED",
    ]


# Areas of COCO and CVAT


def segmented(segmentation: Any, **more: Any) -> bytes:
    return coco({"id": 1, "image_id": 1, "category_id": 1, "segmentation": segmentation, **more})


def test_coco_has_polygons_of_several_rings() -> None:
    """Put together: what lies in both counts once."""
    rings = [[0, 0, 10, 0, 0, 10], [0, 0, 10, 0, 0, 10], [20, 0, 30, 0, 20, 10]]
    assert size_of(shape_in(segmented(rings))) == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(
    "counts",
    [[1 * 50 + 2, 3, 47, 3, 47, 3, 5000 - 52 - 103 - 50], "d13_100000k4"],
    ids=["a list", "a text"],
)
def test_coco_has_masks_column_by_column(counts: Any) -> None:
    """Three columns of three points each, from the second column on."""
    if isinstance(counts, str):
        counts = packed([52, 3, 47, 3, 47, 3, 4845])
    counted = [52, 3, 47, 3, 47, 3, 4845]
    found = shape_in(segmented({"size": [50, 100], "counts": counts if isinstance(counts, str) else counted}))
    assert isinstance(found, Area)
    assert [place % (1 << 17) for place in scanned(found, (1, 1))] == [1, 4] * 3
    assert [int(place) >> 17 for place in scanned(found, (1, 1))] == [2, 2, 3, 3, 4, 4]


def packed(runs: list[int]) -> str:
    """As COCO writes them: an encoder of its own, beside the decoder that is tried."""
    signs = []
    for place, run in enumerate(runs):
        left = run - runs[place - 2] if place > 2 else run
        goes_on = True
        while goes_on:
            five, left = left & 31, left >> 5
            goes_on = left != (-1 if five & 16 else 0)
            signs.append(chr(48 + five + 32 * goes_on))
    return "".join(signs)


NO_AREA = {
    "odd": [[0, 0, 1, 0, 1]],
    "two places": [[0, 0, 1, 0]],
    "words": [["a", 0, 1, 0, 1, 1]],
    "no ring": [[]],
    "a number": 7,
    "too few points": {"size": [50, 100], "counts": [10, 20]},
    "another picture": {"size": [100, 50], "counts": [5000]},
    "below nothing": {"size": [50, 100], "counts": [5001, -1]},
    "no size": {"counts": [5000]},
    "a text of nothing": {"size": [50, 100], "counts": ""},
    "a text that ends early": {"size": [50, 100], "counts": "P"},
    "a text of other signs": {"size": [50, 100], "counts": "\u00ff"},
    "as large as nobody has it": {"size": [10**9, 10**9], "counts": [10**18]},
}


@pytest.mark.parametrize("what", NO_AREA)
def test_what_is_no_area_in_coco_is_told(what: str) -> None:
    assert faults_of(segmented(NO_AREA[what])) == ["LABELS_AREA_MALFORMED"]


def test_a_polygon_of_coco_lies_inside_its_picture() -> None:
    assert faults_of(segmented([[0, 0, 101, 0, 0, 10]])) == ["LABELS_OUTSIDE_ITEM"]


def in_cvat(shape: str) -> bytes:
    return cvat('<image id="0" name="one.jpg" width="100" height="50">', f"{shape}</image>")


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ('<polygon label="cat" points="0,0;10,0;0,10"/>', 50),
        ('<ellipse label="cat" cx="50" cy="25" rx="20" ry="10"/>', 628.3),
        ('<ellipse label="cat" cx="50" cy="25" rx="20" ry="10" rotation="40"/>', 628.3),
        ('<box label="cat" xtl="40" ytl="20" xbr="60" ybr="30" rotation="45"/>', 200),
        ('<mask label="cat" rle="1, 2, 1, 2" left="10" top="20" width="3" height="2"/>', 4),
    ],
)
def test_areas_of_cvat_are_as_large_as_they_were_drawn(shape: str, size: float) -> None:
    assert size_of(shape_in(in_cvat(shape))) == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ('<polygon label="cat" points="0,0;10,0"/>', "LABELS_AREA_MALFORMED"),
        ('<ellipse label="cat" cx="50" cy="25" rx="-2" ry="10"/>', "LABELS_AREA_MALFORMED"),
        ('<ellipse label="cat" cx="95" cy="25" rx="20" ry="10"/>', "LABELS_OUTSIDE_ITEM"),
        ('<ellipse label="cat" cx="95" cy="25"/>', "LABELS_PART_MALFORMED"),
        ('<mask label="cat" rle="1,2,1" left="10" top="20" width="3" height="2"/>', "LABELS_AREA_MALFORMED"),
        ('<mask label="cat" rle="" left="10" top="20" width="3" height="2"/>', "LABELS_AREA_MALFORMED"),
        ('<mask label="cat" rle="6" left="99" top="20" width="3" height="2"/>', "LABELS_OUTSIDE_ITEM"),
    ],
)
def test_what_is_no_area_in_cvat_is_told(shape: str, code: str) -> None:
    assert faults_of(in_cvat(shape)) == [code]


@pytest.mark.parametrize("kind", ["polyline", "points", "cuboid", "skeleton"])
def test_what_covers_nothing_has_no_shape(kind: str) -> None:
    assert shape_in(in_cvat(f'<{kind} label="cat" points="1,2;3,4;5,9"/>')) is None


def test_cvat_says_of_a_track_that_a_machine_drew_it_and_of_a_box_that_it_is_turned() -> None:
    box = 'xtl="1" ytl="2" xbr="5" ybr="9"'
    found = read_export(
        cvat(
            f'<track id="0" label="cat" source="auto"><box frame="1" outside="0" {box}/></track>',
            f'<track id="1" label="cat" source="manual"><box frame="1" outside="0" {box}/></track>',
            '<image id="0" name="one.jpg" width="20" height="20">',
            f'<box label="cat" rotation="45" {box}/></image>',
        )
    )
    assert [each.is_machine for each in found.annotations] == [True, False, False]
    assert [type(each.shape) for each in found.annotations] == [Box, Box, Area]


# What was brushed


def brushed(runs: list[tuple[bool, int]], width: int = 5, height: int = 4) -> list[int]:
    """An encoder beside the decoder that is tried: runs of one value, and values one by one where short."""
    bits = f"{4 * width * height:032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, 16))
    for is_in, points in runs:
        values = 4 * points
        if values <= 8:
            bits += f"0{0:02b}{values - 1:03b}" + f"{255 * is_in:08b}" * values
        else:
            bits += f"1{2:02b}{values - 1:08b}{255 * is_in:08b}"
    bits += "0" * (-len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def with_brush(rle: Any, width: Any = 5, height: Any = 4) -> bytes:
    value = {"format": "rle", "rle": rle, "brushlabels": ["cat"]}
    return drawn("brushlabels", value, original_width=width, original_height=height)


def test_what_was_brushed_is_read_row_by_row() -> None:
    found = shape_in(with_brush(brushed([(False, 6), (True, 2), (False, 3), (True, 9)])))
    assert isinstance(found, Area)
    assert size_of(found) == 11
    rows = [(int(place) >> 17, place % (1 << 17)) for place in scanned(found, (0.05, 0.04))]
    assert rows == [(1, 1), (1, 3), (2, 1), (2, 5), (3, 0), (3, 5)]


@pytest.mark.parametrize(
    "content",
    [
        with_brush([1, 2]),
        with_brush("AAA="),
        with_brush([256]),
        with_brush(brushed([(True, 20)])[:-1]),
        with_brush(brushed([(True, 19)])),
        with_brush(brushed([(True, 20)]), width=6),
        with_brush(brushed([(True, 20)]), width=None),
        with_brush([255] * 40, width=65535, height=16385),
    ],
    ids=["short", "a text", "no byte", "cut", "too few", "other size", "no size", "size of its own"],
)
def test_what_was_brushed_badly_is_told(content: bytes) -> None:
    assert faults_of(content) == ["LABELS_AREA_MALFORMED"]
