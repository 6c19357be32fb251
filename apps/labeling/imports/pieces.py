"""Reading a piece of an export without trusting it: the right kind of thing, or a fault."""

from __future__ import annotations

import math
from typing import Any

from apps.kernel.characters import NOT_STORED
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.annotation import OUTSIDE, TOO_LONG, Fault, fault
from apps.labeling.measures.shapes import Box

LONGEST_LABEL = 300
LONGEST_ITEM = 1000
LARGEST_NUMBER = 1e15
SLACK = 1e-6
"""Of the size of the item: tools round."""


def number(value: Any) -> float | None:
    """Of a size that seconds and places can have; a truth value is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= LARGEST_NUMBER else None


def digits(value: float) -> str:
    """All that there are, and none that say nothing."""
    return repr(value + 0.0).removesuffix(".0")


def positive(value: Any) -> float | None:
    found = number(value)
    return found if found is not None and found > 0 else None


def word(value: Any, named: Pseudonyms) -> str:
    """A name or a number as a text without addresses; empty for anything else."""
    if type(value) is int:
        return str(value)
    if not isinstance(value, str):
        return ""
    return named.in_place(NOT_STORED.sub("", value).strip())


def too_long(what: str, value: str, longest: int, line: int, place: str) -> Fault | None:
    if len(value) <= longest:
        return None
    return fault(TOO_LONG, line, place, what=what, length=len(value), longest=longest)


def outside(box: Box, width: float | None, height: float | None, line: int, place: str) -> Fault | None:
    """A fault where the box leaves an item of that size, or is turned inside out. No item begins before
    nought, and how far one of unknown size reaches nobody can tell."""
    right, bottom = box.left + box.width, box.top + box.height
    of_width, of_height = (math.inf if each is None else each for each in (width, height))
    over_x = SLACK * (right if width is None else width)
    over_y = SLACK * (bottom if height is None else height)
    is_inside = (
        box.left >= -abs(over_x)
        and box.top >= -abs(over_y)
        and right <= of_width + over_x
        and bottom <= of_height + over_y
        and box.width >= 0
        and box.height >= 0
    )
    if is_inside:
        return None
    size = f" of {width:g} × {height:g}" if width is not None and height is not None else ""
    return fault(OUTSIDE, line, place, where=f"({box.left:g}, {box.top:g}) to ({right:g}, {bottom:g}){size}")


def around(points: list[tuple[float, float]]) -> Box:
    """The smallest box that holds the points."""
    across = [x for x, _y in points]
    down = [y for _x, y in points]
    left, top = min(across), min(down)
    return Box(left=left, top=top, width=max(across) - left, height=max(down) - top)
