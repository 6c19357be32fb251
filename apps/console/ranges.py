"""Shares as pictures: a bar to what was measured, a line for its bounds, and a mark where it has to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from apps.labeling.measures.rounding import down, up

STEP = 44
LONGEST_NAME = 26
HEAT = ("heat-none", "heat-few", "heat-some", "heat-many", "heat-most")
"""From nothing to nearly all."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """`value`, `lower` and `upper` are shares of 1, or nothing; places are in percent of the picture."""

    name: Any
    label: str
    text: str
    bounds: str
    tone: str
    y: int
    at: float | None
    begin: float | None
    end: float | None


@dataclass(frozen=True, kw_only=True)
class Ranges:
    height: int
    rows: tuple[Range, ...]
    needed: float | None
    needed_text: str

    @property
    def has_bounds(self) -> bool:
        return any(row.begin is not None for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One row to be drawn."""

    name: Any
    value: float | None
    lower: float | None = None
    upper: float | None = None


def ranges_of(measures: Iterable[Measure], *, needed: float | None = None, is_most: bool = False) -> Ranges:
    """`needed` is the least that will do, or with `is_most` the most that may be."""
    rows = tuple(_range(number, each, needed, is_most=is_most) for number, each in enumerate(tuple(measures)))
    return Ranges(
        height=max(len(rows) * STEP, 1),
        rows=rows,
        needed=None if needed is None else _percent(needed),
        needed_text="" if needed is None else said(needed),
    )


def said(value: float | None) -> str:
    return gettext("undefined") if value is None else f"{value:.3f}"


def _range(number: int, given: Measure, needed: float | None, *, is_most: bool) -> Range:
    has_bounds = given.lower is not None and given.upper is not None
    name = str(given.name)
    return Range(
        name=given.name,
        label=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
        text=said(given.value),
        bounds=f"{said(down(given.lower))} – {said(up(given.upper))}" if has_bounds else "",
        tone=_tone(given, needed, is_most=is_most),
        y=number * STEP,
        at=None if given.value is None else _percent(given.value),
        begin=_percent(given.lower) if has_bounds and given.lower is not None else None,
        end=_percent(given.upper) if has_bounds and given.upper is not None else None,
    )


def _tone(given: Measure, needed: float | None, *, is_most: bool) -> str:
    """Bounds decide where there are some, as they do in the checks."""
    if needed is None or given.value is None:
        return "info"
    if is_most:
        return "success" if given.value <= needed else "danger"
    least = given.value if given.lower is None else given.lower
    return "success" if least >= needed else "danger"


def _percent(share: float) -> float:
    return round(100 * min(1.0, max(0.0, share)), 2)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`share` of its row, in whole percent."""

    count: int
    share: int
    heat: str
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class Heat:
    """Rows and columns bear the same names."""

    names: tuple[Any, ...]
    rows: tuple[tuple[Any, tuple[Cell, ...]], ...]


def heat_of(told: Mapping[str, Any]) -> Heat | None:
    """Of counts of pairs; a pair of equal answers is one of its row twice."""
    names = tuple(label or gettext("All others") for label in told.get("labels", ()))
    counts: Sequence[Sequence[int]] = told.get("counts", ())
    if not names:
        return None
    return Heat(
        names=names,
        rows=tuple((name, _cells(place, counts[place])) for place, name in enumerate(names)),
    )


def _cells(row: int, counts: Sequence[int]) -> tuple[Cell, ...]:
    weights = [2 * count if place == row else count for place, count in enumerate(counts)]
    total = sum(weights)
    return tuple(
        _cell(counts[place], weight / total if total else 0.0, is_same=place == row)
        for place, weight in enumerate(weights)
    )


def _cell(count: int, share: float, *, is_same: bool) -> Cell:
    level = 0 if not count else min(len(HEAT) - 1, 1 + int(share * (len(HEAT) - 1)))
    return Cell(count=count, share=round(100 * share), heat=HEAT[level], is_same=is_same)
