"""Exports of labeling tools: what is taken, what is told by its line, and what is refused as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.kernel.errors import RuleBroken
from apps.kernel.texts import remedy, sentence
from apps.labeling.checks.terms import Terms
from apps.labeling.imports import reading, source
from apps.labeling.imports.addresses import Pseudonyms, addresses_in
from apps.labeling.imports.annotation import Annotation, Format
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.schema import held_to_schema
from tests.labeling.exports import (
    box,
    choice,
    coco,
    cvat,
    faults_of,
    label_studio,
    labels_of,
    table,
    task,
)


def test_label_studio_tells_who_gave_which_label() -> None:
    found = read_export(
        label_studio(
            task(7, choice(1, "cat", by=3), choice(2, "dog", by={"id": 4, "email": "kim@example.org"})),
            task(8, choice(3, "cat", "dog"), image="/data/one.jpg"),
            task(9, choice(4, "cat", by=None)),
        )
    )
    assert found.format is Format.LABEL_STUDIO
    assert labels_of(found) == [
        ("7", "3", "cat"),
        ("7", "4", "dog"),
        ("/data/one.jpg", "1", "cat"),
        ("/data/one.jpg", "1", "dog"),
        ("9", "", "cat"),
    ]
    assert found.emails == 1
    assert found.items == {"7", "/data/one.jpg", "9"}


def test_label_studio_tells_what_counts_how() -> None:
    machine = box(4, "cat")
    machine["result"][0]["origin"] = "prediction"
    found = read_export(
        label_studio(
            task(
                1,
                choice(1, "cat", was_cancelled=True),
                choice(2, "cat", ground_truth=True),
                choice(3, "cat", lead_time=4.5),
                machine,
                {"id": 5, "completed_by": 1, "result": [], "was_cancelled": True},
            )
        )
    ).annotations
    assert [each.was_cancelled for each in found] == [True, False, False, False, True]
    assert [each.is_gold for each in found] == [False, True, False, False, False]
    assert [each.is_machine for each in found] == [False, False, False, True, False]
    assert found[2].seconds == 4.5


def test_nothing_drawn_is_an_answer() -> None:
    given = {"id": 1, "completed_by": 4, "result": []}
    found = read_export(label_studio(task(1, given, box(2, "cat", by=5))))
    assert labels_of(found) == [("1", "4", ""), ("1", "5", "cat")]
    assert [each.is_empty for each in found.annotations] == [True, False]
    assert held_to_schema(found, Terms(labels=("cat",))).annotations == found.annotations


def test_a_place_that_covers_nothing_is_a_region_without_a_shape() -> None:
    value = {"x": 1, "y": 3, "width": 0.5, "keypointlabels": ["eye"]}
    given = {"id": 1, "completed_by": 1, "result": [{"type": "keypointlabels", "value": value}]}
    marked = read_export(label_studio(task(1, given))).annotations[0]
    assert (marked.is_region, marked.shape) == (True, None)


@pytest.mark.parametrize(
    ("type_", "value", "label"),
    [
        ("polygonlabels", {"points": [[1, 2], [5, 2], [5, 9]], "polygonlabels": ["cat"]}, "cat"),
        ("keypointlabels", {"x": 100, "y": 3, "width": 0.5, "keypointlabels": ["eye"]}, "eye"),
        ("ellipselabels", {"x": 9, "y": 9, "radiusX": 2, "radiusY": 3, "ellipselabels": ["cat"]}, "cat"),
        ("labels", {"start": 3, "end": 9, "text": "Ada", "labels": ["name"]}, "name"),
        ("rating", {"rating": 4}, "4"),
        ("number", {"number": 2.5}, "2.5"),
        ("taxonomy", {"taxonomy": [["animal", "cat"]]}, "animal / cat"),
        ("pairwise", {"selected": "left"}, "left"),
    ],
)
def test_label_studio_has_many_ways_to_label(type_: str, value: dict[str, Any], label: str) -> None:
    given = {"id": 1, "completed_by": 1, "result": [{"type": type_, "value": value}, {"type": "relation"}]}
    assert labels_of(read_export(label_studio(task(1, given)))) == [("1", "1", label)]


def test_coco_names_items_and_classes_apart_and_nobody() -> None:
    found = read_export(
        coco(
            {"id": 1, "image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4]},
            {"id": 2, "image_id": 1, "category_id": 1},
        )
    )
    assert labels_of(found) == [("one.jpg", "", "dog"), ("one.jpg", "", "cat")]
    assert [each.is_region for each in found.annotations] == [True, False]
    assert [each.line for each in found.annotations] == [4, 5]


def test_a_table_names_its_columns() -> None:
    content = table(
        "a;kim;cat;3.5;no;",
        "a;ole;dog;;yes;",
        "b;kim;;;;yes",
        head="item;annotator;label;seconds;ground_truth;cancelled",
    )
    found = read_export(b"\xef\xbb\xbf" + content)
    assert labels_of(found) == [
        ("a", "annotator-1", "cat"),
        ("a", "annotator-2", "dog"),
        ("b", "annotator-1", ""),
    ]
    assert [each.was_cancelled for each in found.annotations] == [False, False, True]
    assert (found.annotations[0].seconds, found.annotations[1].is_gold) == (3.5, True)


def test_what_differs_by_an_address_alone_stays_apart() -> None:
    found = read_export(
        table(
            "s3://b/anna@example.org/1.png,7,cat",
            "s3://b/bert@example.org/1.png,7,cat",
            "s3://b/Anna@example.org/1.png,7,cat",
            "s3://b/[address 1]/1.png,7,cat",
            "s3://b/anna@example.org/2.png,7,cat",
        )
    )
    assert [each.item for each in found.annotations] == [
        f"s3://b/[address {number}]/{file}.png" for number, file in [(1, 1), (2, 1), (3, 1), (4, 1), (1, 2)]
    ]


def test_nobody_can_be_named_what_another_is_given() -> None:
    people = ("kim@example.org", "annotator-1", "ada@localhost", "Ada Lovelace", "7", "annotator-1")
    found = read_export(table(*(f"{item},{who},cat" for item, who in enumerate(people))))
    assert [each.annotator for each in found.annotations] == [
        "annotator-1",
        "annotator-2",
        "annotator-3",
        "annotator-4",
        "7",
        "annotator-2",
    ]


def test_a_class_that_is_named_by_an_address_is_known_where_it_is_declared() -> None:
    content = cvat(f'{PICTURE}<tag label="ask ada@example.org"/></image>', labels=("ask ada@example.org",))
    assert labels_of(read_export(content)) == [("one.jpg", "", "ask [address 1]")]


def test_addresses_are_counted_and_nowhere_kept() -> None:
    found = read_export(
        table(
            "a,kim@example.org,cat",
            "b,ole@example.org,cat",
            "c,Kim@Example.org,cat",
            "mail of ada@example.org,7,x",
        )
    )
    assert found.emails == 4
    assert [each.annotator for each in found.annotations] == [
        "annotator-1",
        "annotator-2",
        "annotator-1",
        "7",
    ]
    assert "@" not in repr(found)
    studio = read_export(
        label_studio(task(1, choice(1, "ask ada@example.org", by={"email": "kim@example.org"})))
    )
    assert labels_of(studio) == [("1", "annotator-1", "ask [address 1]")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a@b.de", 1),
        ("@", 0),
        ("@" * 50_000, 0),
        ("x" * 200_000 + "@", 0),
        ("a@b.de,c@d.org", 2),
        ("user@host", 0),
    ],
)
def test_looking_for_addresses_is_swift_whatever_stands_there(text: str, count: int) -> None:
    assert addresses_in(text) == count
    assert addresses_in(Pseudonyms().in_place(text)) == 0


PICTURE = '<image id="0" name="one.jpg" width="20" height="20">'
FAULTS = {
    "no id": (label_studio(task(1, choice(1, "cat")), {"annotations": []}), 3, "LABELS_PART_MALFORMED"),
    "no task": (label_studio(7), 2, "LABELS_PART_MALFORMED"),
    "task twice": (label_studio(task(1), task(2), task(1)), 4, "LABELS_ID_TWICE"),
    "annotation twice": (
        label_studio(task(1, choice(9, "cat")), task(2, choice(9, "cat"))),
        3,
        "LABELS_ID_TWICE",
    ),
    "no label": (label_studio(task(1, choice(1))), 2, "LABELS_LABEL_EMPTY"),
    "box beyond": (label_studio(task(1, box(1, "cat", x=90))), 2, "LABELS_OUTSIDE_ITEM"),
    "no value": (
        label_studio(task(1, {"id": 1, "result": [{"type": "choices"}]})),
        2,
        "LABELS_PART_MALFORMED",
    ),
    "no result": (label_studio(task(1, {"id": 1, "result": "none"})), 2, "LABELS_PART_MALFORMED"),
    "endless label": (label_studio(task(1, choice(1, "x" * 301))), 2, "LABELS_TEXT_TOO_LONG"),
    "unknown class": (coco({"id": 1, "image_id": 1, "category_id": 9}), 4, "LABELS_LABEL_UNKNOWN"),
    "unknown item": (coco({"id": 1, "image_id": 9, "category_id": 1}), 4, "LABELS_ITEM_UNKNOWN"),
    "no class": (coco({"id": 1, "image_id": 1}), 4, "LABELS_LABEL_EMPTY"),
    "coco box beyond": (
        coco({"id": 1, "image_id": 1, "category_id": 1, "bbox": [90, 0, 11, 5]}),
        4,
        "LABELS_OUTSIDE_ITEM",
    ),
    "coco box malformed": (
        coco({"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, "x"]}),
        4,
        "LABELS_PART_MALFORMED",
    ),
    "coco id twice": (
        coco(*({"id": 1, "image_id": 1, "category_id": 1} for _twice in range(2))),
        5,
        "LABELS_ID_TWICE",
    ),
    "class twice": (coco(categories=[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]), 2, "LABELS_ID_TWICE"),
    "label undeclared": (cvat(PICTURE, '<tag label="fox"/></image>'), 6, "LABELS_LABEL_UNKNOWN"),
    "label empty": (cvat(PICTURE, '<tag label=""/></image>'), 6, "LABELS_LABEL_EMPTY"),
    "cvat box beyond": (
        cvat(PICTURE, '<box label="cat" xtl="1" ytl="2" xbr="21" ybr="9"/></image>'),
        6,
        "LABELS_OUTSIDE_ITEM",
    ),
    "box inside out": (
        cvat(PICTURE, '<box label="cat" xtl="9" ytl="2" xbr="1" ybr="9"/></image>'),
        6,
        "LABELS_OUTSIDE_ITEM",
    ),
    "points malformed": (
        cvat(PICTURE, '<polygon label="cat" points="1,2;3"/></image>'),
        6,
        "LABELS_PART_MALFORMED",
    ),
    "picture twice": (cvat(f"{PICTURE}</image>", f"{PICTURE}</image>"), 6, "LABELS_ID_TWICE"),
    "line twice": (table("a,kim,cat", "a,kim,cat"), 3, "LABELS_ID_TWICE"),
    "cells missing": (table("a,kim"), 2, "LABELS_PART_MALFORMED"),
    "nobody": (table("a,,cat"), 2, "LABELS_PART_MALFORMED"),
    "line without label": (table("a,kim,"), 2, "LABELS_LABEL_EMPTY"),
    "flag unknown": (
        table("a,kim,cat,perhaps", head="item,annotator,label,machine"),
        2,
        "LABELS_PART_MALFORMED",
    ),
    "seconds unknown": (
        table("a,kim,cat,-1", head="item,annotator,label,seconds"),
        2,
        "LABELS_PART_MALFORMED",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_is_told_with_its_line(what: str) -> None:
    content, line, code = FAULTS[what]
    assert faults_of(content) == [(line, code)]
    for each in read_export(content).faults:
        assert sentence(each.reason)
        assert remedy(each.reason)


BOMB = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><annotations>&c;</annotations>'
OUTSIDE_FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotations>&b;</annotations>'
REFUSED = {
    "entities": (BOMB, "entities"),
    "files": (OUTSIDE_FILE, "entities"),
    "another document type": (b"<!DOCTYPE html><annotations/>", "document type"),
    "another root": (b"<html/>", "html"),
    "deep XML": (b"<annotations>" + b"<a>" * 40, "nested too deeply"),
    "XML cut off": (cvat(PICTURE), "line 6"),
    "deep JSON": (b"[" * 100_000, "nested too deeply"),
    "JSON cut off": (label_studio(task(1))[:-2], "line 2"),
    "no number": (b'[{"id": 1, "annotations": [], "x": NaN}]', "line 1"),
    "a number without end": (b'[{"id": ' + b"1" * 10_000 + b"}]", "line 1"),
    "two documents": (b"[] []", "behind its end"),
    "a key twice": (b'{"images": [], "images": []}', "twice"),
    "no images": (b'{"images": [], "annotations": []}', "no list of images"),
    "no UTF-8": (b"[\xff]", "UTF-8"),
    "another table": (b"name,age\na,1\n", "no export"),
    "a column more": (table("a,kim,cat,1", head="item,annotator,label,color"), "color"),
    "a column twice": (table("a,kim,cat,x", head="item,annotator,label,label"), "label, label"),
    "a quote without end": (table('a,kim,"cat'), "line"),
    "nothing": (b"", "no export"),
    "a program": (b"\x7fELF", "no export"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_export_is_refused_as_a_whole(what: str) -> None:
    content, told = REFUSED[what]
    with pytest.raises(RuleBroken) as refusal:
        read_export(content)
    assert told in sentence(refusal.value.reasons[0])
    assert remedy(refusal.value.reasons[0])


def test_what_is_too_large_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    content = table("a,kim,cat")
    monkeypatch.setattr(source, "LARGEST", len(content))
    assert read_export(content).annotations
    monkeypatch.setattr(source, "LARGEST", len(content) - 1)
    with pytest.raises(RuleBroken):
        read_export(content)


def test_faults_without_number_are_counted_and_the_first_of_them_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_FAULTS", 3)
    found = read_export(table(*(f"{item},,cat" for item in range(9))))
    assert (len(found.faults), found.faulty) == (3, 9)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "id",
    "annotations",
    "result",
    "type",
    "value",
    "completed_by",
    "points",
    "x",
    "choices",
    "bbox",
    "data",
)


@given(
    tasks=st.lists(
        st.recursive(
            JSON,
            lambda inner: st.dictionaries(st.sampled_from(KEYS), inner | st.lists(inner, max_size=3)),
            max_leaves=12,
        ),
        max_size=4,
    ),
    is_coco=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_there_is_taken_told_or_refused(tasks: list[Any], is_coco: bool) -> None:
    """Nothing else escapes."""
    document = {"images": tasks, "annotations": tasks, "categories": tasks} if is_coco else tasks
    try:
        found = read_export(json.dumps(document).encode())
    except RuleBroken:
        return
    assert all(isinstance(each, Annotation) for each in found.annotations)
    assert len(found.annotations) + found.faulty >= (0 if is_coco else len(tasks) - len(found.items))
