"""Exports of CVAT: pictures, films, and shapes that are not read."""

from __future__ import annotations

import pytest

from apps.labeling.imports.reading import read_export
from tests.labeling.exports import cvat, labels_of


def test_cvat_tells_of_pictures() -> None:
    found = read_export(
        cvat(
            '<image id="0" name="one.jpg" width="20" height="20"><tag label="dog" source="auto"/>',
            '<box label="cat" xtl="1" ytl="2" xbr="5" ybr="9"/>',
            '<polygon label="cat" points="1,2;3,4;5,6"/></image>',
            '<image id="1" name="two.jpg" width="20" height="20"></image>',
        )
    )
    assert labels_of(found) == [("one.jpg", "", "dog"), ("one.jpg", "", "cat"), ("one.jpg", "", "cat")]
    assert [each.is_region for each in found.annotations] == [False, True, True]
    assert [each.is_machine for each in found.annotations] == [True, False, False]
    assert found.items == {"one.jpg", "two.jpg"}


def test_cvat_tells_of_films_where_something_is_seen() -> None:
    found = read_export(
        cvat(
            '<track id="0" label="cat"><box frame="3" outside="0" xtl="1" ytl="1" xbr="2" ybr="2"/>',
            '<box frame="4" outside="1" xtl="1" ytl="1" xbr="2" ybr="2"/></track>',
            meta="<original_size><width>20</width><height>20</height></original_size>",
        )
    )
    assert labels_of(found) == [("film.mp4#3", "", "cat")]


NESTED = {
    "points of a skeleton": (
        '<image id="0" name="one.jpg"><skeleton label="cat" points="">',
        '<points label="dog" outside="0" points="2,2"/>',
        '<points label="dog" outside="1" points="3,3"/>',
        '<points label="dog" outside="0" points="4,4"/></skeleton></image>',
    ),
    "track of a track": (
        '<track id="0" label="cat"><skeleton frame="1" outside="0" points="2,2"/><track id="0" label="dog">',
        '<points frame="1" outside="0" points="2,2"/>',
        '<points frame="2" outside="1" points="2,2"/>',
        '<points frame="3" outside="0" points="2,2"/></track></track>',
    ),
    "in a group": (
        '<image id="0" name="one.jpg"><tag label="cat"/><group>',
        '<box label="cat" xtl="1" ytl="2" xbr="5" ybr="9"/>',
        "</group>",
        '<sphere label="cat"/></image>',
    ),
    "in no item": (
        '<image id="0" name="one.jpg"><tag label="cat"/></image>',
        '<box label="cat" xtl="1" ytl="2" xbr="5" ybr="9"/>',
        "<group>",
        '<image id="1" name="two.jpg"/></group>',
    ),
}


@pytest.mark.parametrize("what", NESTED)
def test_no_shape_of_cvat_is_lost_without_a_word(what: str) -> None:
    found = read_export(cvat(*NESTED[what]))
    assert [each.label for each in found.annotations] == ["cat"]
    assert [(each.line, each.reason.code) for each in found.faults] == [
        (6, "LABELS_SHAPE_NOT_READ"),
        (8, "LABELS_SHAPE_NOT_READ"),
    ]
