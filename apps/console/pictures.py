"""Pictures drawn by the server: where things stand, in pixels or percent. Each has a table beside it.

Nothing here is styled; colors and type come from static/css/pictures.css.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.catalog.queries import Edge, Lineage

BAR = 20
STEP = 44
NODE_WIDTH = 190
NODE_HEIGHT = 52
GAP_ACROSS = 70
GAP_DOWN = 22
LONGEST_NAME = 24


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`y` in pixels, `width` in percent of the picture; `tone` as in the design system."""

    label: Any
    value: int
    text: str
    tone: str
    y: int
    width: float


@dataclass(frozen=True, kw_only=True)
class Bars:
    height: int
    bars: tuple[Bar, ...]

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for bar in self.bars)


def bars_of(rows: Iterable[tuple[Any, int, str]], *, most: float = 86) -> Bars:
    """Of label, value and tone. The longest bar takes `most` percent, so that its figure fits beside it."""
    given = list(rows)
    highest = max((value for _, value, _ in given), default=0) or 1
    bars = tuple(
        Bar(
            label=label,
            value=value,
            text=str(value),
            tone=tone,
            y=number * STEP,
            width=round(most * value / highest, 2),
        )
        for number, (label, value, tone) in enumerate(given)
    )
    return Bars(height=max(len(bars) * STEP - (STEP - BAR - 20), 1), bars=bars)


@dataclass(frozen=True, kw_only=True)
class Node:
    version: Any
    name: str
    x: int
    y: int
    is_start: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """A curve from the right side of one node to the left side of another, as the data of an SVG path."""

    path: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Graph:
    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def graph_of(lineage: Lineage) -> Graph:
    """Inputs stand left of what was made from them, each as far right as its outputs allow."""
    versions = {lineage.version.pk: lineage.version}
    for edge in lineage.edges:
        versions |= {edge.input.pk: edge.input, edge.output.pk: edge.output}
    columns = _columns(lineage.edges, versions)
    places = _places(columns)
    nodes = tuple(
        Node(
            version=version,
            name=_short(version.asset.name),
            x=places[key][0],
            y=places[key][1],
            is_start=key == lineage.version.pk,
        )
        for key, version in versions.items()
    )
    lines = tuple(
        Line(path=_curve(places[edge.input.pk], places[edge.output.pk]), role=edge.role)
        for edge in lineage.edges
    )
    return Graph(
        width=max(node.x for node in nodes) + NODE_WIDTH + 2,
        height=max(node.y for node in nodes) + NODE_HEIGHT + 2,
        nodes=nodes,
        lines=lines,
    )


def _columns(edges: Sequence[Edge], keys: Iterable[int]) -> dict[int, int]:
    """The longest way that leads to each; there are no circles, and no more rounds than nodes are needed."""
    column = dict.fromkeys(keys, 0)
    for _ in range(len(column)):
        before = dict(column)
        for edge in edges:
            column[edge.output.pk] = max(column[edge.output.pk], column[edge.input.pk] + 1)
        if column == before:
            break
    for edge in edges:  # what only feeds a later column stands right before it
        if all(other.output.pk != edge.input.pk for other in edges):
            outputs = [column[other.output.pk] for other in edges if other.input.pk == edge.input.pk]
            column[edge.input.pk] = min(outputs) - 1
    return column


def _places(columns: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Left upper corners; a short column stands in the middle of the tallest."""
    by_column: dict[int, list[int]] = defaultdict(list)
    for key, column in columns.items():
        by_column[column].append(key)
    tallest = max(len(keys) for keys in by_column.values())
    places = {}
    for column, keys in by_column.items():
        above = (tallest - len(keys)) * (NODE_HEIGHT + GAP_DOWN) // 2
        for row, key in enumerate(keys):
            x = 1 + column * (NODE_WIDTH + GAP_ACROSS)
            places[key] = (x, 1 + above + row * (NODE_HEIGHT + GAP_DOWN))
    return places


def _curve(begin: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = begin[0] + NODE_WIDTH, begin[1] + NODE_HEIGHT // 2
    x2, y2 = end[0] - 6, end[1] + NODE_HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
