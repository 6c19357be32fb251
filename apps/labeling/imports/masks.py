"""Areas that were painted point by point, as labeling tools pack them: each into rows of points.

Nothing is made as large as a picture is said to be: work and memory follow what stands in the file.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from apps.labeling.imports.drawn import Undrawable
from apps.labeling.measures.scanning import LARGEST_SIDE, mask
from apps.labeling.measures.shapes import Area

MOST_RUNS = 4_000_000
"""Of one mask, in rows."""
WORD_BITS = 5
SIZE_BITS = 4
SIZES = 4
CHANNELS = 4
"""Of a point: red, green, blue, and how opaque it is."""


def of_columns(counts: Any, size: Any) -> Area:
    """Column by column, as COCO has it, by turns out and in; a text of them packs the differences.

    Raises: Undrawable.
    """
    height, width = _size(size)
    runs = _unpacked(counts) if isinstance(counts, str) else _counted(counts)
    if sum(runs) != height * width:
        raise Undrawable(f"its runs sum up to {sum(runs)}, and it has {height} × {width} points")
    return mask(_by_rows(runs, height, width), left=0, top=0, width=width)


def of_window(text: str, left: Any, top: Any, width: Any, height: Any) -> Area:
    """Row by row of a window, as CVAT has it, in a text with commas.

    Raises: Undrawable.
    """
    window = _size((height, width))
    place = _whole(left), _whole(top)
    if place[0] + window[1] > LARGEST_SIDE or place[1] + window[0] > LARGEST_SIDE:
        raise Undrawable("it lies too far out")
    runs = _counted([_whole(each) for each in text.split(",")])
    if sum(runs) != window[0] * window[1]:
        raise Undrawable(f"its runs sum up to {sum(runs)}, and it has {window[0]} × {window[1]} points")
    return mask(runs, left=place[0], top=place[1], width=window[1])


def of_bits(given: Any, width: Any, height: Any) -> Area:
    """Row by row as Label Studio packs it: bytes of a stream of bits, in which runs of one value and values
    one by one take turns, four for each point.

    Raises: Undrawable.
    """
    high, wide = _size((height, width))
    if not isinstance(given, list) or not all(type(each) is int and 0 <= each < 256 for each in given):
        raise Undrawable("it is no list of bytes")
    runs = array("I", [0])
    is_in, total = False, 0
    for opaque, points in _points(_Bits(bytes(given)), CHANNELS * wide * high):
        if opaque is not is_in:
            runs.append(0)
            is_in = opaque
        runs[-1] += points
        total += points
    if total != wide * high:
        raise Undrawable(f"it has {total} points, and the picture {high} × {wide}")
    return mask(runs, left=0, top=0, width=wide, across=wide / 100, down=high / 100)


def _size(given: Any) -> tuple[int, int]:
    """Height and width."""
    sides = [_whole(each) for each in given] if isinstance(given, list | tuple) else []
    if len(sides) != 2 or not all(0 < side <= LARGEST_SIDE for side in sides):
        raise Undrawable(f"its size is none, or above {LARGEST_SIDE}")
    return sides[0], sides[1]


def _whole(given: Any) -> int:
    """Not below 0."""
    if isinstance(given, str):
        given = given.strip()
        if given.isascii() and given.isdigit() and len(given) < 12:
            return int(given)
        whole, _dot, rest = given.partition(".")
        if not rest.strip("0") and whole.isascii() and whole.isdigit() and len(whole) < 12:
            return int(whole)
    elif (
        isinstance(given, int | float) and not isinstance(given, bool) and given >= 0 and given == given // 1
    ):
        return int(given)
    raise Undrawable("a number in it is none, or below 0")


def _counted(given: Any) -> Sequence[int]:
    if not isinstance(given, list) or not given:
        raise Undrawable("it has no list of runs")
    runs = [_whole(each) for each in given]
    if len(runs) > MOST_RUNS or max(runs) > LARGEST_SIDE**2:
        raise Undrawable("it has too many runs, or too long ones")
    return runs


def _unpacked(text: str) -> Sequence[int]:
    """Five bits to a sign, the least first; from the third on each number is the difference from the one
    before the last."""
    runs: list[int] = []
    value = shift = 0
    for sign in text:
        five = ord(sign) - 48
        if not 0 <= five < 64 or shift > 35:
            raise Undrawable("a sign in it stands for nothing")
        value |= (five & 31) << shift
        shift += 5
        if five & 32:
            continue
        if five & 16:
            value -= 1 << shift
        run = value + runs[-2] if len(runs) > 2 else value
        if not 0 <= run <= LARGEST_SIDE**2:
            raise Undrawable("a run in it is below 0, or too long")
        runs.append(run)
        value = shift = 0
    if shift or not runs:
        raise Undrawable("it ends within a number")
    return runs


def _by_rows(runs: Sequence[int], height: int, width: int) -> Sequence[int]:
    """Where a row goes in and out is where a column differs from the one before it."""
    turns: dict[int, list[int]] = defaultdict(list)
    found = 0
    before: tuple[int, list[int]] = (-1, [])
    for column, edges in _columns(runs, height, width):
        former = before[1] if before[0] == column - 1 else []
        if former is not before[1]:
            found += _turn(turns, before[0] + 1, before[1])
        found += _turn(turns, column, _either(former, edges))
        if found > MOST_RUNS:
            raise Undrawable("it goes in and out too often")
        before = column, edges
    _turn(turns, before[0] + 1, before[1])
    return _joined(turns, width)


def _columns(runs: Sequence[int], height: int, width: int) -> Iterator[tuple[int, list[int]]]:
    """Those with something in, each with the rows where it goes in and out."""
    at, column, edges = 0, 0, list[int]()
    for begin, end in _in(runs):
        at = begin
        while at < end:
            here, row = divmod(at, height)
            if here != column and edges:
                yield column, edges
                edges = []
            column = here
            taken = min(end - at, height - row)
            if edges and edges[-1] == row:
                edges[-1] = row + taken
            else:
                edges += [row, row + taken]
            at += taken
    if edges:
        yield column, edges


def _in(runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = 0
    for place, run in enumerate(runs):
        if place % 2 and run:
            yield at, at + run
        at += run


def _either(one: Iterable[int], other: Iterable[int]) -> list[int]:
    """The edges of what lies in one of both and not in the other."""
    once: set[int] = set()
    for edge in (*one, *other):
        once ^= {edge}
    return sorted(once)


def _turn(turns: dict[int, list[int]], column: int, edges: Sequence[int]) -> int:
    found = 0
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        found += end - begin
        if found > MOST_RUNS:
            raise Undrawable("it goes in and out too often")
        for row in range(begin, end):
            turns[row].append(column)
    return found


def _joined(turns: dict[int, list[int]], width: int) -> Sequence[int]:
    edges = [row * width + column for row, columns in sorted(turns.items()) for column in columns]
    return array("I", [end - begin for begin, end in pairwise([0, *edges])]) if edges else array("I", [0])


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, many: int) -> int:
        """Raises: Undrawable where there are not so many."""
        end = self._at + many
        if end > 8 * len(self._data):
            raise Undrawable("it ends before all its points are told")
        first, last = self._at // 8, (end + 7) // 8
        value = int.from_bytes(self._data[first:last]) >> (8 * last - end)
        self._at = end
        return value & ((1 << many) - 1)


def _points(bits: _Bits, values: int) -> Iterator[tuple[bool, int]]:
    """Whether points are opaque, and how many of them follow each other."""
    if bits.read(32) != values:
        raise Undrawable("it is of another size than the picture")
    word = bits.read(WORD_BITS) + 1
    sizes = [bits.read(SIZE_BITS) + 1 for _size in range(SIZES)]
    at = 0
    while at < values:
        is_run = bits.read(1)
        end = at + 1 + bits.read(sizes[bits.read(2)])
        if end > values:
            raise Undrawable("it has more points than the picture")
        if is_run:
            value = bits.read(word)
            if points := end // CHANNELS - at // CHANNELS:
                yield value > 0, points
        else:
            for place in range(at, end):
                value = bits.read(word)
                if place % CHANNELS == CHANNELS - 1:
                    yield value > 0, 1
        at = end
