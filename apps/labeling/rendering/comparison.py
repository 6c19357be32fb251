"""Two reports beside each other: each check, each figure with its difference, each class with its share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.labeling.checks.terms import Outcome
from apps.labeling.imports.addresses import TOKEN_OF_PERSON
from apps.labeling.measures.rounding import down
from apps.labeling.rendering import words
from apps.labeling.rendering.report import Report

WORST_FIRST = tuple(words.OUTCOMES)
FIGURES = {
    "annotations": _("Annotations"),
    "items": _("Items"),
    "labeled": _("Labeled items"),
    "overlapping": _("Items with several answers"),
    "agreement": _("Agreement"),
    "lower": _("Agreement, at least"),
    "ac1": "AC1",
    "gold": _("Right on gold items"),
    "gold_lower": _("Right on gold items, at least"),
}


@dataclass(frozen=True, kw_only=True)
class CheckPair:
    """The worst that each report says of a check; nothing, where it says nothing of it."""

    code: str
    title: Any
    first: Outcome | None
    second: Outcome | None

    @property
    def is_same(self) -> bool:
        return self.first is self.second


@dataclass(frozen=True, kw_only=True)
class FigurePair:
    name: Any
    first: float | int | None
    second: float | int | None

    @property
    def difference(self) -> float | int | None:
        if self.first is None or self.second is None:
            return None
        return self.second - self.first


@dataclass(frozen=True, kw_only=True)
class Comparison:
    checks: tuple[CheckPair, ...]
    figures: tuple[FigurePair, ...]
    classes: tuple[FigurePair, ...]
    agreement: tuple[FigurePair, ...] = ()
    annotators: tuple[FigurePair, ...] = ()


def compared(first: Report, second: Report) -> Comparison:
    return Comparison(
        checks=tuple(_checks(first, second)),
        figures=tuple(_figures(first, second)),
        classes=tuple(_classes(first, second)),
        agreement=tuple(_agreement(first, second)),
        annotators=tuple(_annotators(first, second)),
    )


def _checks(first: Report, second: Report) -> Iterator[CheckPair]:
    one, other = _worst(first), _worst(second)
    for code in sorted({*one, *other}):
        title = words.CHECKS.get(code, code)
        yield CheckPair(code=code, title=title, first=one.get(code), second=other.get(code))


def _worst(report: Report) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for check in sorted(report.checks, key=lambda each: WORST_FIRST.index(each.outcome), reverse=True):
        found[check.code] = check.outcome
    return found


def _figures(first: Report, second: Report) -> Iterator[FigurePair]:
    one, other = _flat(first), _flat(second)
    for name, text in FIGURES.items():
        yield FigurePair(name=text, first=one.get(name), second=other.get(name))


def _flat(report: Report) -> dict[str, Any]:
    gold = report.figures.get("gold", {})
    right = gold["hits"] / gold["total"] if gold.get("total") else None
    own = {"annotations": report.label_set.annotations, "gold": right, "gold_lower": down(gold.get("lower"))}
    return {**report.figures, "lower": down(report.figures.get("lower")), **own}


def _classes(first: Report, second: Report) -> Iterator[FigurePair]:
    one, other = (
        {each["label"]: each["share"] for each in report.figures.get("classes", [])}
        for report in (first, second)
    )
    for label in sorted({*one, *other}):
        yield FigurePair(name=label, first=one.get(label, 0.0), second=other.get(label, 0.0))


def _agreement(first: Report, second: Report) -> Iterator[FigurePair]:
    """Of each class that either report tells, and at least so much of it with 95 percent."""
    one, other = (
        {each["label"]: each for each in report.figures.get("classes", [])} for report in (first, second)
    )
    yield from _bounded(one, other, "agreement")


def _annotators(first: Report, second: Report) -> Iterator[FigurePair]:
    """With the others, where the tool's own numbers are kept: no other is the same from file to file."""
    one, other = (_numbered(report) for report in (first, second))
    if all(report.label_set.policy.said.are_raw_kept is True for report in (first, second)):
        yield from _bounded(one, other, "value")


def _numbered(report: Report) -> Mapping[str, Mapping[str, Any]]:
    return {
        gettext("Annotator %(name)s") % {"name": each["annotator"]}: each["with_others"]
        for each in report.figures.get("annotators", [])
        if each.get("with_others") and not TOKEN_OF_PERSON.fullmatch(each["annotator"])
    }


def _bounded(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]], value: str
) -> Iterator[FigurePair]:
    nothing: Mapping[str, Any] = {}
    for name in sorted({*one, *other}):
        pair = one.get(name, nothing), other.get(name, nothing)
        yield FigurePair(name=name, first=pair[0].get(value), second=pair[1].get(value))
        lower = gettext("%(name)s, at least") % {"name": name}
        if any(each.get("lower") is not None for each in pair):
            yield FigurePair(name=lower, first=down(pair[0].get("lower")), second=down(pair[1].get("lower")))
