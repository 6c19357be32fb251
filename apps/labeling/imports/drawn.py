"""Outlines of what was drawn: polygons, ellipses and turned boxes, without trusting what an export says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from apps.labeling.measures.scanning import LARGEST_SIDE, ellipse, polygon
from apps.labeling.measures.shapes import Area, Box, Shape

Point = tuple[float, float]
FEWEST = 3
"""Places of a polygon."""


class Undrawable(ValueError):
    """It is no area, for the reason that is told."""


class Misplaced(ValueError):
    """The part of that name is missing, or no place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """`shape`: what can be held against another. `around`: what has to lie inside the item."""

    shape: Shape | None = None
    around: Box | None = None


def outline(rings: Sequence[Sequence[Point]], *, across: float = 1.0, down: float = 1.0) -> Area | Box:
    """One ring or several; a rectangle along the axes is a box, which is held against another at once.

    Raises: Undrawable.
    """
    for ring in rings:
        if len(ring) < FEWEST:
            raise Undrawable(f"a polygon has {FEWEST} places at least")
        if any(abs(x) * across > LARGEST_SIDE or abs(y) * down > LARGEST_SIDE for x, y in ring):
            raise Undrawable(f"a place in it lies beyond {LARGEST_SIDE} points")
    box = upright(rings[0]) if len(rings) == 1 else None
    if box is not None:
        return box
    return polygon([[at for place in ring for at in place] for ring in rings], across=across, down=down)


def upright(ring: Sequence[Point]) -> Box | None:
    places = ring[:-1] if len(ring) == 5 and ring[0] == ring[-1] else ring
    if len(places) != 4:
        return None
    (left, top), (x, y), (right, bottom), (x_too, y_too) = places
    if (x, y, x_too, y_too) not in {(right, top, left, bottom), (left, bottom, right, top)}:
        return None
    return Box(left=min(left, right), top=min(top, bottom), width=abs(right - left), height=abs(bottom - top))


def turned(box: Box, degrees: float, around: Point, *, across: float = 1.0, down: float = 1.0) -> Area | Box:
    """`around` which place it is turned, clockwise as pictures are seen. Angles are of the picture, whatever
    unit its places have.

    Raises: Undrawable.
    """
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = []
    for x, y in ((0.0, 0.0), (box.width, 0.0), (box.width, box.height), (0.0, box.height)):
        right, below = (box.left + x - around[0]) * across, (box.top + y - around[1]) * down
        corners.append(
            (
                around[0] + (right * cos - below * sin) / across,
                around[1] + (right * sin + below * cos) / down,
            )
        )
    return outline([corners], across=across, down=down)


def oval(
    x: float, y: float, wide: float, high: float, degrees: float, *, across: float = 1.0, down: float = 1.0
) -> Area:
    """Raises: Undrawable."""
    if wide < 0 or high < 0 or abs(degrees) > LARGEST_SIDE:
        raise Undrawable("half an axis is below 0")
    if max(abs(x) + wide, abs(y) + high) * max(across, down) > LARGEST_SIDE:
        raise Undrawable(f"it reaches beyond {LARGEST_SIDE} points")
    return ellipse(x, y, wide, high, degrees, across=across, down=down)
