"""Shapes as the rows of points that they cover: each row is cut through its middle, and all rows lie behind
each other in one long line.

A polygon covers what an odd number of its sides encloses; the parts of one with several rings are put
together. Nothing is made as large as a picture is said to be: only rows that a shape meets.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator, Sequence

from apps.labeling.measures.shapes import Area, AreaKind, Box
from apps.labeling.measures.stretches import NOTHING, Stretches, united

SIDE = 1 << 17
"""How far rows lie apart in the long line."""
LARGEST_SIDE = 65_535
"""Of a picture, in points."""
Grid = tuple[float, float]
"""How many points one unit is, across and down."""
Ring = Sequence[float]
"""x, y, x, y."""

_COUNT = struct.Struct("<I")
_ELLIPSE = struct.Struct("<5d")
_MASK = struct.Struct("<4I")


def polygon(rings: Sequence[Ring], *, across: float = 1.0, down: float = 1.0) -> Area:
    counts = b"".join(_COUNT.pack(each) for each in (len(rings), *map(len, rings)))
    data = counts + b"".join(array("d", ring).tobytes() for ring in rings)
    return Area(kind=AreaKind.POLYGON, data=data, across=across, down=down)


def ellipse(
    x: float, y: float, wide: float, high: float, turned: float, *, across: float = 1.0, down: float = 1.0
) -> Area:
    """`wide` and `high` are half its axes; `turned`: in degrees, clockwise as pictures are seen."""
    data = _ELLIPSE.pack(x, y, wide, high, turned)
    return Area(kind=AreaKind.ELLIPSE, data=data, across=across, down=down)


def mask(
    counts: Sequence[int], *, left: int, top: int, width: int, across: float = 1.0, down: float = 1.0
) -> Area:
    """`counts`: row by row of a window of that width, how many points are out and in by turns. The first are
    out."""
    data = _MASK.pack(left, top, width, len(counts)) + array("I", counts).tobytes()
    return Area(kind=AreaKind.MASK, data=data, across=across, down=down)


def grid_of(areas: Sequence[Area]) -> Grid:
    """The one that masks were painted in, or else the finest."""
    among = [each for each in areas if each.kind is AreaKind.MASK] or areas
    return max(each.across for each in among), max(each.down for each in among)


def scanned(shape: Area | Box, grid: Grid) -> Stretches:
    """A mask of another grid is of another picture: it covers nothing."""
    if isinstance(shape, Box):
        return _box(shape, grid)
    if shape.kind is AreaKind.MASK:
        return _mask(shape.data) if (shape.across, shape.down) == grid else NOTHING
    if shape.kind is AreaKind.ELLIPSE:
        return _ellipse(shape.data, grid)
    rings = [found for ring in _rings(shape.data) if len(found := _ring(ring, grid))]
    return united(rings) if rings else NOTHING


def rows_met(area: Area) -> int:
    """About how many stretches it takes, without making them."""
    if area.kind is AreaKind.POLYGON:
        rings = tuple(_rings(area.data))
        far = sum(math.fsum(abs(end - begin) for begin, end in _sides(ring[1::2])) for ring in rings)
        return sum(map(len, rings)) + int(far * area.down)
    if area.kind is AreaKind.ELLIPSE:
        _x, _y, wide, high, _turned = _ELLIPSE.unpack(area.data)
        return 2 + int(2 * max(high * area.down, wide * area.across))
    return len(area.data) // 4 + int(_MASK.unpack_from(area.data)[2])


def _rings(data: bytes) -> Iterator[Ring]:
    many = _COUNT.unpack_from(data)[0]
    at = (1 + many) * _COUNT.size
    for place in range(many):
        end = at + 8 * _COUNT.unpack_from(data, (1 + place) * _COUNT.size)[0]
        ring = array("d")
        ring.frombytes(data[at:end])
        yield ring
        at = end


def _sides(ring: Sequence[float]) -> Iterator[tuple[float, float]]:
    """From each place to the next, and from the last to the first."""
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _first_row(y: float) -> int:
    """The first whose middle lies below."""
    return max(0, math.ceil(min(y, LARGEST_SIDE) - 0.5))


def _ring(ring: Ring, grid: Grid) -> Stretches:
    across, down = grid
    found: list[float] = []
    for (x, x_too), (y, y_too) in zip(_sides(ring[::2]), _sides(ring[1::2]), strict=True):
        (left, high), (right, low) = sorted(
            ((x * across, y * down), (x_too * across, y_too * down)), key=lambda place: place[1]
        )
        first, end = _first_row(high), _first_row(low)
        if first >= end:
            continue
        slope = (right - left) / (low - high)
        at = left + (first + 0.5 - high) * slope
        for row in range(first, end):
            found.append(row * SIDE + min(max(at + (row - first) * slope, 0.0), LARGEST_SIDE))
    found.sort()
    pairs = zip(found[::2], found[1::2], strict=True)
    return _apart((begin, end) for begin, end in pairs if end > begin)


def _apart(pairs: Iterator[tuple[float, float]]) -> Stretches:
    found = array("d")
    for begin, end in pairs:
        if found and begin <= found[-1]:
            found[-1] = end
        else:
            found.append(begin)
            found.append(end)
    return found


def _box(box: Box, grid: Grid) -> Stretches:
    across, down = grid
    begin = min(max(box.left * across, 0.0), LARGEST_SIDE)
    end = min((box.left + box.width) * across, LARGEST_SIDE)
    rows = range(_first_row(box.top * down), _first_row((box.top + box.height) * down))
    return _apart((row * SIDE + begin, row * SIDE + end) for row in rows if end > begin)


def _ellipse(data: bytes, grid: Grid) -> Stretches:
    x, y, wide, high, turned = _ELLIPSE.unpack(data)
    x, y, wide, high = x * grid[0], y * grid[1], wide * grid[0], high * grid[1]
    if wide <= 0 or high <= 0:
        return NOTHING
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    tall = math.hypot(wide * sin, high * cos)
    square = (cos / wide) ** 2 + (sin / high) ** 2
    lean = cos * sin * (1 / wide**2 - 1 / high**2)
    rest = (sin / wide) ** 2 + (cos / high) ** 2

    def chords() -> Iterator[tuple[float, float]]:
        for row in range(_first_row(y - tall), _first_row(y + tall)):
            off = row + 0.5 - y
            root = math.sqrt(max(0.0, (lean * off) ** 2 - square * (rest * off**2 - 1)))
            begin, end = (x + (side * root - lean * off) / square for side in (-1, 1))
            begin, end = (min(max(place, 0.0), LARGEST_SIDE) for place in (begin, end))
            if end > begin:
                yield row * SIDE + begin, row * SIDE + end

    return _apart(chords())


def _mask(data: bytes) -> Stretches:
    left, top, width, _many = _MASK.unpack_from(data)
    counts = array("I")
    counts.frombytes(data[_MASK.size :])
    return _apart(_painted(counts, left, top, width))


def _painted(counts: Sequence[int], left: int, top: int, width: int) -> Iterator[tuple[float, float]]:
    """A run that goes on in the next row is cut at its end."""
    at = 0
    for place, count in enumerate(counts):
        if not place % 2:
            at += count
            continue
        end = at + count
        while at < end:
            row, column = divmod(at, width)
            taken = min(end - at, width - column)
            begin = (top + row) * SIDE + left + column
            yield begin, begin + taken
            at += taken
