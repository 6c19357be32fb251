"""Where regions of Label Studio lie, and which of them cover something: rectangles, polygons, ellipses, what
was brushed, and parts of texts and recordings. Places are percentages of the item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.labeling.imports.drawn import Misplaced, Placed, outline, oval, turned
from apps.labeling.imports.masks import of_bits
from apps.labeling.imports.pieces import around, number, positive
from apps.labeling.measures.shapes import Box, Span

WHOLE = 100.0
UNKNOWN = (10.0, 10.0)
"""Points to a percent, where the size of the picture is not told."""
POLYGONS = {"polygon", "polygonlabels"}
ADDRESS = "://"


def placed(result: Mapping[str, Any]) -> Placed:
    """Raises: Misplaced, Undrawable."""
    value, type_ = result["value"], result["type"]
    size = positive(result.get("original_width")), positive(result.get("original_height"))
    if "points" in value:
        return _polygon(value, size, is_closed=type_ in POLYGONS and value.get("closed") is not False)
    if "rle" in value:
        return Placed(shape=of_bits(value["rle"], *size))
    if "x" not in value:
        return Placed()
    x, y = _number(value, "x"), _number(value, "y")
    degrees = number(value.get("rotation", 0)) or 0.0
    if "radiusX" in value:
        wide, high = _number(value, "radiusX"), _number(value, "radiusY", "radiusX")
        box = Box(left=x - wide, top=y - high, width=2 * wide, height=2 * high)
        if degrees and _points_of(size) is None:
            return Placed(around=box)
        across, down = _points_of(size) or UNKNOWN
        return Placed(shape=oval(x, y, wide, high, degrees, across=across, down=down), around=box)
    if "height" not in value:  # a point: its width is that of the mark
        return Placed(around=Box(left=x, top=y, width=0.0, height=0.0))
    box = Box(
        left=x, top=y, width=_number(value, "width", otherwise=0), height=_number(value, "height", "width")
    )
    if "width" not in value:
        return Placed(around=box)
    points = _points_of(size)
    if not degrees or box.width < 0 or box.height < 0:
        return Placed(shape=box, around=box)
    if points is None:
        return Placed(around=box)
    return Placed(shape=turned(box, degrees, (x, y), across=points[0], down=points[1]), around=box)


def _number(value: Mapping[str, Any], name: str, part: str = "", otherwise: Any = None) -> float:
    found = number(value.get(name, otherwise))
    if found is None:
        raise Misplaced(part or name)
    return found


def _points_of(size: tuple[float | None, float | None]) -> tuple[float, float] | None:
    """Points to a percent."""
    width, height = size
    return (width / WHOLE, height / WHOLE) if width and height else None


def _polygon(value: Mapping[str, Any], size: tuple[float | None, float | None], *, is_closed: bool) -> Placed:
    points = value["points"]
    if not isinstance(points, list) or not points:
        raise Misplaced("points")
    found: list[tuple[float, float]] = []
    for point in points:
        pair = [number(each) for each in point] if isinstance(point, list) else []
        if len(pair) != 2 or pair[0] is None or pair[1] is None:
            raise Misplaced("points")
        found.append((pair[0], pair[1]))
    box = around(found)
    if not is_closed:
        return Placed(around=box)
    across, down = _points_of(size) or UNKNOWN
    return Placed(shape=outline([found], across=across, down=down), around=box)


def span_of(value: Mapping[str, Any]) -> Span | None:
    """In numbers alone: of marked-up texts the offsets in the whole, where they are told. A moment has no
    length, and what names elements or dates has no common measure."""
    told = value.get("globalOffsets", value)
    start, end = (told.get("start"), told.get("end")) if isinstance(told, dict) else (None, None)
    if value.get("instant") is True or isinstance(start, str) or isinstance(end, str):
        return None
    begin, until = number(start), number(end)
    return None if begin is None or until is None else Span(start=begin, end=until)


def length_of_text(data: Any) -> int | None:
    """In the units of the browser, where a task holds one text and no address of one."""
    texts = [each for each in data.values() if isinstance(each, str)] if isinstance(data, dict) else []
    named = data.get("text") if isinstance(data, dict) else None
    text = named if isinstance(named, str) else texts[0] if len(texts) == 1 else None
    if text is None or ADDRESS in text[:20]:
        return None
    return len(text.encode("utf-16-le", errors="replace")) // 2
