"""Exports are read piece by piece: wherever one ends, the same is found, and nothing grows without bound."""

from __future__ import annotations

from typing import Any

import pytest

from apps.kernel.errors import RuleBroken
from apps.kernel.texts import sentence
from apps.labeling.imports import annotation, elements, reading, source
from apps.labeling.imports.reading import Export, read_export
from tests.labeling.exports import box, choice, coco, cvat, label_studio, table, task
from tests.labeling.test_imports import FAULTS, PICTURE, REFUSED

KIM = {"id": 14, "email": "kim@example.org"}
SOUND = {
    "tasks": label_studio(
        task(123, choice(11, "ça va", by=KIM), box(12, "cat")), task(124, choice(13, "猫"))
    ),
    "lists": coco({"id": 12, "image_id": 1, "category_id": 2, "bbox": [1.25, 2, 3e1, 4]}),
    "pictures": cvat(PICTURE, '<tag label="dog"/>', "</image>"),
    "table": "\ufeff".encode() + table('"a\nb",kim@example.org,çat', "c,7,cat", "c,8,cat\r"),
}


def found_in(content: bytes) -> Export | str:
    try:
        return read_export(content)
    except RuleBroken as refusal:
        return sentence(refusal.reasons[0])


@pytest.mark.parametrize("length", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("kind", [SOUND, {name: case[0] for name, case in {**FAULTS, **REFUSED}.items()}])
def test_wherever_a_piece_ends_the_same_is_found(
    kind: dict[str, bytes], length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {name: found_in(content) for name, content in kind.items()}
    monkeypatch.setattr(source, "PIECE", length)
    for name, content in kind.items():
        assert found_in(content) == whole[name], name


def test_a_byte_that_is_no_character_is_told_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in (1, 2, 5, source.PIECE):
        monkeypatch.setattr(source, "PIECE", piece)
        assert "byte 9 " in str(found_in("[\n ä ä\n".encode() + b"\xff]"))
        assert "byte 3 " in str(found_in(b"[ 1\xe4"))


@pytest.mark.parametrize(
    ("where", "bound", "most", "content"),
    [
        (elements, "LARGEST_ELEMENT", 60, SOUND["tasks"]),
        (source, "LONGEST_LINE", 12, SOUND["table"]),
        (annotation, "MOST_ELEMENTS", 1, SOUND["tasks"]),
        (annotation, "MOST_ELEMENTS", 2, SOUND["table"]),
        (annotation, "MOST_ELEMENTS", 3, SOUND["pictures"]),
        (annotation, "MOST_ELEMENTS", 2, SOUND["lists"]),
        (reading, "MOST_ANNOTATIONS", 1, SOUND["table"]),
    ],
)
def test_what_grows_without_bound_is_refused(
    where: Any, bound: str, most: int, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "PIECE", 16)
    assert isinstance(found_in(content), Export)
    monkeypatch.setattr(where, bound, most)
    assert "too large" in str(found_in(content))


def test_how_far_it_was_read_is_told_and_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PIECE", 64)
    for content in SOUND.values():
        told: list[tuple[int, int]] = []
        read_export(content, lambda at, size, told=told: told.append((at, size)))  # type: ignore[misc]
        assert told == sorted(told)
        assert told[-1] == (len(content), len(content))
