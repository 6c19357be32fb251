"""Which shapes have a box that can be held against another, and who drew them."""

from __future__ import annotations

from typing import Any

import pytest

from apps.labeling.imports.reading import read_export
from tests.labeling.exports import cvat, label_studio, task

PLACE = {"x": 1, "y": 2, "width": 5, "height": 9, "rectanglelabels": ["cat"]}
TURNED = {**PLACE, "rotation": 90}
HALF = {"points": [[1, 2], [5, 2], [5, 9]], "polygonlabels": ["cat"]}
ROUND = {"x": 9, "y": 9, "radiusX": 2, "radiusY": 3, "ellipselabels": ["cat"]}


@pytest.mark.parametrize(
    ("type_", "value", "has_box"),
    [
        ("rectanglelabels", PLACE, True),
        ("rectanglelabels", {**PLACE, "rotation": 0.0}, True),
        ("rectanglelabels", TURNED, False),
        ("polygonlabels", HALF, False),
        ("ellipselabels", ROUND, False),
    ],
)
def test_the_box_around_another_shape_does_not_say_how_far_two_of_them_overlap(
    type_: str, value: dict[str, Any], has_box: bool
) -> None:
    """Two halves of a square lie in one box and share nothing."""
    given = {"id": 1, "completed_by": 1, "result": [{"type": type_, "value": value}]}
    (made,) = read_export(label_studio(task(1, given))).annotations
    assert (made.is_region, made.box is not None) == (True, has_box)


def test_cvat_says_of_a_track_that_a_machine_drew_it_and_of_a_box_that_it_is_turned() -> None:
    box = 'xtl="1" ytl="2" xbr="5" ybr="9"'
    found = read_export(
        cvat(
            f'<track id="0" label="cat" source="auto"><box frame="1" outside="0" {box}/></track>',
            f'<track id="1" label="cat" source="manual"><box frame="1" outside="0" {box}/></track>',
            '<image id="0" name="one.jpg" width="20" height="20">',
            f'<box label="cat" rotation="90" {box}/></image>',
        )
    )
    assert [each.is_machine for each in found.annotations] == [True, False, False]
    assert [each.box is not None for each in found.annotations] == [True, True, False]
