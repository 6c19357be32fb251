"""Label sets as pictures: agreement, what is confused, gold, coverage, and groups of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from apps.console.ranges import Heat, Measure, Ranges, heat_of, ranges_of
from apps.labeling.checks.terms import Terms
from apps.labeling.measures.rounding import down, up
from apps.labeling.rendering import words
from apps.labeling.rendering.coverage import coverage_of
from apps.labeling.rendering.report import Report

MOST_DRAWN = 20


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the table beside a picture: `cells` as the columns of its picture."""

    name: Any
    cells: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture with its table. Where there are too many rows to draw, the table has more."""

    id: str
    title: Any
    about: Any
    columns: tuple[Any, ...]
    rows: tuple[Row, ...]
    ranges: Ranges
    more: int = 0

    @property
    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Each cell with its column."""
        for row in self.rows:
            yield {"name": row.name, "cells": tuple(zip(self.columns, row.cells, strict=True))}


@dataclass(frozen=True, kw_only=True)
class Confusion:
    title: Any
    heat: Heat


def drawings_of(report: Report, terms: Terms) -> tuple[Drawing, ...]:
    found: list[Drawing] = [_agreement(report, terms)]
    for number, part in enumerate(report.parts):
        found += _classes(part, number)
    found += [_with_others(report), _gold_by_class(report, terms), _annotators(report, terms)]
    found += [_coverage(report, terms), _groups(report), _rates(report)]
    return tuple(each for each in found if each.rows)


def confusions_of(report: Report) -> tuple[Confusion, ...]:
    found = ((part, heat_of(part.get("confusion", {}))) for part in report.parts)
    return tuple(
        Confusion(title=_of(part, gettext("Which classes are confused")), heat=heat)
        for part, heat in found
        if heat
    )


def _of(part: Mapping[str, Any], title: str) -> str:
    """Of which part, where it is not about items as a whole."""
    return gettext("%(title)s, in regions") % {"title": title} if part.get("is_of_regions") else title


def _agreement(report: Report, terms: Terms) -> Drawing:
    measures = []
    rows = []
    for part in report.parts:
        name = _of(part, str(words.COEFFICIENTS.get(part["coefficient"], part["coefficient"])))
        measures.append(Measure(name=name, value=part["agreement"], lower=part["lower"], upper=part["upper"]))
        rows.append(
            Row(
                name=name,
                cells=(part["agreement"], down(part["lower"]), up(part["upper"]), part.get("overlapping", 0)),
            )
        )
        others = {gettext("Raw agreement"): part.get("raw"), "AC1": part.get("ac1")}
        others |= {
            str(words.COEFFICIENTS.get(each, each)): value for each, value in part.get("beside", {}).items()
        }
        rows += [
            Row(name=other, cells=(value, "", "", part.get("overlapping", 0)))
            for other, value in others.items()
            if value is not None
        ]
    return Drawing(
        id="agreement",
        title=gettext("Agreement"),
        about=gettext("With 95 percent it lies on the line; the lower end has to reach the mark."),
        columns=(gettext("Value"), gettext("At least"), gettext("At most"), gettext("Items")),
        rows=tuple(rows),
        ranges=ranges_of(measures, needed=terms.release_agreement),
    )


def _classes(part: Mapping[str, Any], number: int) -> Iterable[Drawing]:
    if part.get("by_label"):
        yield _labels(part["by_label"], number)
        return
    given = part.get("classes", [])
    drawn = [each for each in given if each["agreement"] is not None][:MOST_DRAWN]
    yield Drawing(
        id=f"classes-{number}",
        title=_of(part, gettext("Agreement by class")),
        about=_about_classes(part),
        columns=(
            gettext("Agreement"),
            gettext("At least"),
            gettext("At most"),
            gettext("Answers"),
            gettext("Share"),
        ),
        rows=tuple(
            Row(
                name=each["label"],
                cells=(
                    each["agreement"],
                    down(each.get("lower")),
                    up(each.get("upper")),
                    each["answers"],
                    each["share"],
                ),
            )
            for each in given
        ),
        ranges=ranges_of(
            Measure(
                name=each["label"],
                value=each["agreement"],
                lower=each.get("lower"),
                upper=each.get("upper"),
            )
            for each in drawn
        ),
        more=len(given) - len(drawn),
    )


def _labels(given: Sequence[Mapping[str, Any]], number: int) -> Drawing:
    """Where an item takes any number of labels."""
    return Drawing(
        id=f"labels-{number}",
        title=gettext("Agreement label by label"),
        about=gettext(
            "Each label by itself, given or not; the worst decides. How many pairs of answers to an item both"
            " have it, how many one of them alone, and how often it was given where gold says it is true."
        ),
        columns=(
            gettext("Agreement"),
            gettext("At least"),
            gettext("At most"),
            gettext("Both"),
            gettext("One alone"),
            gettext("Neither"),
            gettext("Given where it is true"),
        ),
        rows=tuple(
            Row(
                name=each["label"],
                cells=(
                    each["agreement"],
                    down(each["lower"]),
                    up(each["upper"]),
                    each["both"],
                    each["one"],
                    each["neither"],
                    each["found"]["value"],
                ),
            )
            for each in given
        ),
        ranges=ranges_of(
            Measure(name=each["label"], value=each["agreement"], lower=each["lower"], upper=each["upper"])
            for each in given[:MOST_DRAWN]
        ),
        more=max(0, len(given) - MOST_DRAWN),
    )


def _about_classes(part: Mapping[str, Any]) -> str:
    if part.get("is_of_regions"):
        return gettext("How far people drew the same, on the items where one of them drew that class.")
    return gettext("Of those who said a class, how often another person said it of the same item.")


def _gold_by_class(report: Report, terms: Terms) -> Drawing:
    is_of_both = len(report.parts) > 1
    given = [
        (_of(part, label) if is_of_both else label, share)
        for part in report.parts
        for label, share in part.get("gold_by_class", {}).items()
    ]
    return _shares(
        "gold-classes",
        gettext("Right on gold items, by class"),
        gettext("How often answers are right where the truth is known."),
        given,
        terms.gold_accuracy,
    )


def _annotators(report: Report, terms: Terms) -> Drawing:
    given = [each for each in report.figures.get("annotators", []) if each["gold"]["total"]]
    return _shares(
        "annotators",
        gettext("Right on gold items, by annotator"),
        gettext("Few answers leave wide bounds: they say little yet."),
        ((gettext("Annotator %(name)s") % {"name": each["annotator"]}, each["gold"]) for each in given),
        terms.gold_accuracy,
    )


def _with_others(report: Report) -> Drawing:
    """Of reviews from before it was kept there is none."""
    told = ((each, each.get("with_others")) for each in report.figures.get("annotators", []))
    given = [(each["annotator"], share) for each, share in told if share and share["items"]]
    return Drawing(
        id="with-others",
        title=gettext("Agreement with the others, by annotator"),
        about=gettext(
            "How often an annotator says what each other says of the same item, or draws the same."
        ),
        columns=(gettext("Agreement"), gettext("At least"), gettext("At most"), gettext("Items")),
        rows=tuple(
            Row(
                name=gettext("Annotator %(name)s") % {"name": name},
                cells=(share["value"], down(share["lower"]), up(share["upper"]), share["items"]),
            )
            for name, share in given
        ),
        ranges=ranges_of(
            Measure(
                name=gettext("Annotator %(name)s") % {"name": name},
                value=share["value"],
                lower=share["lower"],
                upper=share["upper"],
            )
            for name, share in given[:MOST_DRAWN]
        ),
        more=max(0, len(given) - MOST_DRAWN),
    )


def _shares(
    id: str, title: str, about: str, given: Iterable[tuple[str, Mapping[str, Any]]], needed: float
) -> Drawing:
    shares = list(given)
    return Drawing(
        id=id,
        title=title,
        about=about,
        columns=(gettext("Right"), gettext("At least"), gettext("At most"), gettext("Answers")),
        rows=tuple(
            Row(name=name, cells=(share["value"], down(share["lower"]), up(share["upper"]), share["total"]))
            for name, share in shares
        ),
        ranges=ranges_of(
            (
                Measure(name=name, value=share["value"], lower=share["lower"], upper=share["upper"])
                for name, share in shares[:MOST_DRAWN]
            ),
            needed=needed,
        ),
        more=max(0, len(shares) - MOST_DRAWN),
    )


def _coverage(report: Report, terms: Terms) -> Drawing:
    counts = coverage_of(report.figures)
    return Drawing(
        id="coverage",
        title=gettext("Coverage"),
        about=gettext("%(needed)s of the items have to be labeled; %(unsure)s of the answers may be open.")
        % {"needed": f"{100 * terms.coverage:.0f} %", "unsure": f"{100 * terms.unsure_share:.0f} %"},
        columns=(gettext("Share"), gettext("Number"), gettext("Of")),
        rows=tuple(Row(name=each.name, cells=(each.share, each.part, each.whole)) for each in counts),
        ranges=ranges_of(Measure(name=each.name, value=each.share) for each in counts),
    )


def _groups(report: Report) -> Drawing:
    """Of whatever groups were measured; none before they were."""
    given = report.figures.get("groups", [])
    return Drawing(
        id="groups",
        title=gettext("Groups of items"),
        about=gettext("Where groups differ, a model learns to treat them differently."),
        columns=(gettext("Agreement"), gettext("At least"), gettext("At most")),
        rows=tuple(
            Row(name=each["name"], cells=(each["value"], down(each.get("lower")), up(each.get("upper"))))
            for each in given
        ),
        ranges=ranges_of(
            Measure(name=each["name"], value=each["value"], lower=each.get("lower"), upper=each.get("upper"))
            for each in given[:MOST_DRAWN]
        ),
        more=max(0, len(given) - MOST_DRAWN),
    )


def _rates(report: Report) -> Drawing:
    """Of reviews from before it was kept there is none."""
    given = [
        (f"{each['label']}, {each['name']}", each["share"]) for each in report.figures.get("group_rates", [])
    ]
    return Drawing(
        id="group-rates",
        title=gettext("How often each label was given, by group"),
        about=gettext("Of the answers in a group. Where a label is rare in one alone, see why."),
        columns=(gettext("Share"),),
        rows=tuple(Row(name=name, cells=(share,)) for name, share in given),
        ranges=ranges_of(Measure(name=name, value=share) for name, share in given[:MOST_DRAWN]),
        more=max(0, len(given) - MOST_DRAWN),
    )
