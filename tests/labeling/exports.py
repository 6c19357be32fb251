"""Small exports of each tool, with what is wrong in them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from apps.labeling.imports.reading import Export, read_export

ITEMS = 120
KINDS = ("sandstone", "shale")


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


def in_coco(
    items: int = ITEMS, *, wrong: int = 0, shift: float = 0, empty: Collection[int] = (), **said: Any
) -> bytes:
    """A box on every picture but the `empty` ones, of another class in the first `wrong` of them; `shift`:
    further to the right, as no two people draw the same."""
    images = [{"id": n + 1, "file_name": f"{n}.png", "width": 100, "height": 100} for n in range(items)]
    boxes = [
        {
            "id": n + 1,
            "image_id": n + 1,
            "category_id": (n + (n < wrong)) % 2 + 1,
            "bbox": [10 + shift, 10, 40, 30],
            **said,
        }
        for n in range(items)
        if n not in empty
    ]
    classes = [{"id": n + 1, "name": name} for n, name in enumerate(KINDS)]
    return coco(*boxes, images=images, categories=classes)


def in_cvat(items: int = ITEMS, *, wrong: int = 0, shift: float = 0, meta: str = "") -> bytes:
    pictures = (
        f'<image id="{n}" name="{n}.png" width="100" height="100">'
        f'<box label="{KINDS[(n + (n < wrong)) % 2]}" xtl="{10 + shift}" ytl="10" xbr="{50 + shift}"'
        ' ybr="40"/></image>'
        for n in range(items)
    )
    return cvat(*pictures, labels=KINDS, meta=meta)


def table(*lines: str, head: str = "item,annotator,label") -> bytes:
    return "\n".join((head, *lines, "")).encode()


def labels_of(export: Export) -> list[tuple[str, str, str]]:
    return [(each.item, each.annotator, each.label) for each in export.annotations]


def faults_of(content: bytes) -> list[tuple[int, str]]:
    return [(each.line, each.reason.code) for each in read_export(content).faults]
