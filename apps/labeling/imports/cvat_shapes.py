"""Where shapes of CVAT lie, and which of them cover an area: boxes, polygons, ellipses and masks do; lines,
points, cuboids and skeletons do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from apps.labeling.imports.drawn import Misplaced, Placed, Point, outline, oval, turned
from apps.labeling.imports.masks import of_window
from apps.labeling.imports.pieces import around, number
from apps.labeling.measures.shapes import Box

CORNERS = ("xtl", "ytl", "xbr", "ybr")
WINDOW = ("left", "top", "width", "height")


def placed(kind: str, given: Mapping[str, str]) -> Placed:
    """Raises: Misplaced, Undrawable."""
    read = KINDS.get(kind)
    return read(given) if read else Placed()


def _number(given: Mapping[str, str], name: str, otherwise: str | None = None) -> float:
    found = number(given.get(name, otherwise))
    if found is None:
        raise Misplaced(name)
    return found


def _box(given: Mapping[str, str]) -> Placed:
    left, top, right, bottom = (_number(given, corner) for corner in CORNERS)
    box = Box(left=left, top=top, width=right - left, height=bottom - top)
    degrees = _number(given, "rotation", "0")
    if not degrees or box.width < 0 or box.height < 0:
        return Placed(shape=box, around=box)
    middle = (left + right) / 2, (top + bottom) / 2
    return Placed(shape=turned(box, degrees, middle), around=box)


def _points(given: Mapping[str, str]) -> list[Point]:
    found: list[Point] = []
    for pair in given.get("points", "").split(";"):
        across, _comma, down = pair.partition(",")
        x, y = number(across), number(down)
        if x is None or y is None:
            raise Misplaced("points")
        found.append((x, y))
    return found


def _polygon(given: Mapping[str, str]) -> Placed:
    points = _points(given)
    return Placed(shape=outline([points]), around=around(points))


def _line(given: Mapping[str, str]) -> Placed:
    return Placed(around=around(_points(given)))


def _ellipse(given: Mapping[str, str]) -> Placed:
    """One that is turned may reach beyond the picture where its axes do not."""
    x, y, wide, high = (_number(given, name) for name in ("cx", "cy", "rx", "ry"))
    degrees = _number(given, "rotation", "0")
    shape = oval(x, y, wide, high, degrees)
    box = Box(left=x - wide, top=y - high, width=2 * wide, height=2 * high)
    return Placed(shape=shape, around=Box(left=x, top=y, width=0, height=0) if degrees else box)


def _mask(given: Mapping[str, str]) -> Placed:
    left, top, width, height = (_number(given, name) for name in WINDOW)
    shape = of_window(given.get("rle", ""), left, top, width, height)
    return Placed(shape=shape, around=Box(left=left, top=top, width=width, height=height))


KINDS: Mapping[str, Callable[[Mapping[str, str]], Placed]] = {
    "box": _box,
    "polygon": _polygon,
    "polyline": _line,
    "points": _line,
    "ellipse": _ellipse,
    "mask": _mask,
}
