"""How far annotators drew the same: F1 of the shapes that overlap by half and are labeled alike, and mean
Dice of the areas that each label covers.

Sources: M. Everingham et al., The Pascal Visual Object Classes Challenge (2010); L. Dice, Measures of the
amount of ecologic association between species (1945).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from apps.labeling.measures.nearby import nearby
from apps.labeling.measures.scanning import Grid, grid_of, scanned
from apps.labeling.measures.shapes import Area, Box, Shape, Span, overlap_of_boxes, overlap_of_spans
from apps.labeling.measures.stretches import Stretches, length, shared, united

OVERLAP = 0.5
FINE = 1000
"""Rows for boxes alone, which know no points."""
Drawn = Sequence[tuple[str, Shape]]
ByLabel = Mapping[str, float]
"""How far two agree on each label that either drew."""
Called = tuple[str, str]
"""Two labels in the order of their names."""
NOTHING_CALLED: Mapping[Called, int] = MappingProxyType({})


class Item:
    """What is drawn on one item, read row by row once it is asked for."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._shapes = tuple(shapes)
        self._grid: Grid | None = None
        self._read: dict[int, tuple[Shape, Stretches, float]] = {}

    def overlap(self, one: Shape, other: Shape) -> float:
        """Shared over covered (IoU). Shapes of different kinds share nothing."""
        if isinstance(one, Box) and isinstance(other, Box):
            return overlap_of_boxes(one, other)
        if isinstance(one, Span) or isinstance(other, Span):
            are_spans = isinstance(one, Span) and isinstance(other, Span)
            return overlap_of_spans(one, other) if are_spans else 0.0  # type: ignore[arg-type]
        if one == other:
            return 1.0
        (first, size), (second, size_too) = self._of(one), self._of(other)
        both = shared(first, second)
        return both / (size + size_too - both) if both else 0.0

    def dice(self, first: Sequence[Shape], second: Sequence[Shape]) -> float:
        """Twice what both cover, of what each covers; what one of them drew twice counts once. Nothing is as
        small as a point of the picture: such shapes are the same or not."""
        one, other = self._covered(first), self._covered(second)
        covered = length(one) + length(other)
        if not covered:
            return float(set(first) == set(second))
        return min(1.0, 2 * shared(one, other) / covered)

    def _covered(self, shapes: Sequence[Shape]) -> Stretches:
        return united([self._of(each)[0] for each in shapes]) if shapes else ()

    def _of(self, shape: Shape) -> tuple[Stretches, float]:
        known = self._read.get(id(shape))
        if known is None:
            found = (shape.start, shape.end) if isinstance(shape, Span) else scanned(shape, self._points())
            known = self._read[id(shape)] = shape, found, length(found)
        return known[1:]

    def _points(self) -> Grid:
        if self._grid is None:
            areas = [each for each in self._shapes if isinstance(each, Area)]
            if areas:
                self._grid = grid_of(areas)
            else:
                boxes = [each for each in self._shapes if isinstance(each, Box)]
                across = max((each.left + each.width for each in boxes), default=1.0) or 1.0
                down = max((each.top + each.height for each in boxes), default=1.0) or 1.0
                self._grid = FINE / across, FINE / down
        return self._grid


def matched(item: Item, first: Sequence[Shape], second: Sequence[Shape]) -> int:
    """As many pairs that overlap by half as there can be, each shape once: whose come first, and in which
    order, changes nothing."""
    return _pairs(_near(item, first, second))


def _near(item: Item, first: Sequence[Shape], second: Sequence[Shape]) -> list[list[int]]:
    """Of each of the first, the places of those of the second that it overlaps by half."""
    return [
        [place for place in places if item.overlap(one, second[place]) >= OVERLAP]
        for one, places in zip(first, nearby(first, second), strict=True)
    ]


def _pairs(near: Sequence[list[int]]) -> int:
    given: dict[int, int] = {}
    taken: dict[int, int] = {}
    return sum(_is_paired(place, near, given, taken) for place in range(len(near)))


def _is_paired(start: int, near: Sequence[list[int]], given: dict[int, int], taken: dict[int, int]) -> bool:
    """Whether one more has a partner, where others may exchange theirs (an augmenting path)."""
    came: dict[int, int] = {}
    waiting = [start]
    for place in waiting:
        for other in near[place]:
            if other in came:
                continue
            came[other] = place
            if other in taken:
                waiting.append(taken[other])
                continue
            free: int | None = other
            while free is not None:
                by = came[free]
                before = given.get(by)
                given[by], taken[free] = free, by
                free = before
            return True
    return False


@dataclass(frozen=True, kw_only=True)
class Drawings:
    """How far those who drew agree, from 0 to 1: by item; by label, of the items where somebody drew it; and
    by annotator, of the items that another drew on, too. `called`: what two called the same place."""

    items: tuple[float, ...] = ()
    labels: Mapping[str, Sequence[float]] = field(default_factory=dict)
    annotators: Mapping[str, Sequence[float]] = field(default_factory=dict)
    called: Mapping[Called, int] = field(default_factory=dict)


class Held(NamedTuple):
    """Two on an item, held against each other: in all, and by label. `None` where neither drew anything."""

    share: float | None
    labels: ByLabel
    called: Mapping[Called, int] = NOTHING_CALLED


Measure = Callable[[Item, Drawn, Drawn], Held]
ByItem = Mapping[str, Mapping[str, Drawn]]


def f1(item: Item, first: Drawn, second: Drawn) -> Held:
    """Two are confused where both drew the same place, and neither has any there of the other's label."""
    drawn = len(first) + len(second)
    if not drawn:
        return Held(None, {})
    hits, labels = 0, {}
    called: Counter[Called] = Counter()
    alone: tuple[list[tuple[str, Shape]], list[tuple[str, Shape]]] = [], []
    for label, one, other in _alike(first, second):
        near = _near(item, one, other)
        same, met = _pairs(near), set[int]().union(*near)
        hits += same
        labels[label] = 2 * same / (len(one) + len(other))
        if same:
            called[label, label] = same
        alone[0].extend((label, shape) for shape, places in zip(one, near, strict=True) if not places)
        alone[1].extend((label, shape) for place, shape in enumerate(other) if place not in met)
    others = [shape for _label, shape in alone[1]]
    for place, places in enumerate(_near(item, [shape for _label, shape in alone[0]], others)):
        for other_place in places:
            one_label, other_label = sorted((alone[0][place][0], alone[1][other_place][0]))
            called[one_label, other_label] += 1
    return Held(2 * hits / drawn, labels, called)


def dice(item: Item, first: Drawn, second: Drawn) -> Held:
    """The mean over the labels. Areas of a picture and parts of a text have no common measure."""
    found = {}
    for label, one, other in _alike(first, second):
        kinds = {isinstance(each, Span) for each in (*one, *other)}
        sides = [
            [[each for each in side if isinstance(each, Span) is kind] for side in (one, other)]
            for kind in sorted(kinds)
        ]
        found[label] = math.fsum(item.dice(*each) for each in sides) / len(sides)
    return Held(math.fsum(found.values()) / len(found) if found else None, found)


def _alike(first: Drawn, second: Drawn) -> Iterator[tuple[str, list[Shape], list[Shape]]]:
    """By label, in the order of their names."""
    found: dict[str, tuple[list[Shape], list[Shape]]] = {}
    for place, drawn in enumerate((first, second)):
        for label, shape in drawn:
            found.setdefault(label, ([], []))[place].append(shape)
    for label, (one, other) in sorted(found.items()):
        yield label, one, other


def drawings(by_item: ByItem, measure: Measure = f1) -> Drawings:
    """Of each item that two annotators or more worked on: the mean over the pairs of them."""
    items: list[float] = []
    labels: dict[str, list[float]] = defaultdict(list)
    annotators: dict[str, list[float]] = defaultdict(list)
    called: Counter[Called] = Counter()
    for _item, drawn in sorted(by_item.items()):
        if len(drawn) < 2:
            continue
        item = Item(shape for each in drawn.values() for _label, shape in each)
        found: list[float] = []
        of_labels: dict[str, list[float]] = defaultdict(list)
        of_people: dict[str, list[float]] = defaultdict(list)
        for one, other in combinations(sorted(drawn), 2):
            held = measure(item, drawn[one], drawn[other])
            if held.share is None:
                continue
            found.append(held.share)
            of_people[one].append(held.share)
            of_people[other].append(held.share)
            called.update(held.called)
            for label, value in held.labels.items():
                of_labels[label].append(value)
        if found:
            items.append(_mean(found))
        for into, given in ((labels, of_labels), (annotators, of_people)):
            for name, values in given.items():
                into[name].append(_mean(values))
    return Drawings(items=tuple(items), labels=dict(labels), annotators=dict(annotators), called=called)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
