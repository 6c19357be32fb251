"""Small exports of each tool, with what is wrong in them."""

from __future__ import annotations

import json
from typing import Any

from apps.labeling.imports.reading import Export, read_export


def task(id: int, *annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {"id": id, "data": data, "annotations": list(annotations), "predictions": []}


def choice(id: int, *labels: str, by: Any = 1, **more: Any) -> dict[str, Any]:
    result = {"id": "r", "type": "choices", "from_name": "kind", "value": {"choices": list(labels)}}
    return {"id": id, "completed_by": by, "result": [result], **more}


def box(id: int, label: str, *, by: Any = 1, x: float = 10, y: float = 10, **more: Any) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": [label]}
    result = {"id": "r", "type": "rectanglelabels", "value": value, "origin": "manual"}
    return {"id": id, "completed_by": by, "result": [result], **more}


def label_studio(*tasks: Any) -> bytes:
    return ("[\n" + ",\n".join(json.dumps(each) for each in tasks) + "\n]").encode()


def coco(*annotations: Any, images: Any = None, categories: Any = None) -> bytes:
    """An annotation to a line, the first on line 4."""
    pictures = [{"id": 1, "file_name": "one.jpg", "width": 100, "height": 50}] if images is None else images
    classes = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}] if categories is None else categories
    lines = ",\n".join(json.dumps(each) for each in annotations)
    declared = f'"images": {json.dumps(pictures)},\n"categories": {json.dumps(classes)}'
    return f'{{{declared},\n"annotations": [\n{lines}\n]}}'.encode()


def cvat(*elements: str, labels: tuple[str, ...] = ("cat", "dog"), meta: str = "") -> bytes:
    """Each element on lines of its own, the first on line 5."""
    named = "".join(f"<label><name>{each}</name></label>" for each in labels)
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            "<annotations><version>1.1</version>",
            f"<meta><task><labels>{named}</labels>{meta}</task><source>film.mp4</source></meta>",
            "",
            *elements,
            "</annotations>",
        )
    ).encode()


def table(*lines: str, head: str = "item,annotator,label") -> bytes:
    return "\n".join((head, *lines, "")).encode()


def labels_of(export: Export) -> list[tuple[str, str, str]]:
    return [(each.item, each.annotator, each.label) for each in export.annotations]


def faults_of(content: bytes) -> list[tuple[int, str]]:
    return [(each.line, each.reason.code) for each in read_export(content).faults]
