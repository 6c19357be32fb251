"""What was measured, as it is kept with a set for reports. All of it is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from apps.labeling.checks.coefficients import Coefficient
from apps.labeling.checks.labelwise import OfLabel
from apps.labeling.checks.measured import AnnotatorRow, Measured
from apps.labeling.checks.parts import Part
from apps.labeling.checks.subgroups import Subgroup, Within
from apps.labeling.measures.agreement import ClassAgreement
from apps.labeling.measures.confusion import Pairs
from apps.labeling.measures.proportions import ItemShare

MOST_CLASSES = 200
MOST_CONFUSED = 12
MOST_ANNOTATORS = 100
OTHERS = ""
"""Stands for all classes that are not told one by one."""


def figures_of(found: Measured, *, are_named: bool) -> dict[str, Any]:
    """Annotators are numbered by how much they answered where they may not be named."""
    told = found.agreement
    return {
        "items": found.items,
        "labeled": found.labeled,
        "answers": found.answers,
        "unsure": found.unsure,
        "asked": found.asked,
        "cancelled": found.cancelled,
        "machine_items": found.machine_items,
        "verified": found.verified,
        "left_out": found.left_out,
        "overlapping": found.overlapping,
        "coefficient": told.coefficient.value,
        "agreement": told.value,
        "lower": told.interval.lower,
        "upper": told.interval.upper,
        "ac1": told.ac1,
        "classes": _classes(found.classes),
        "gold": _share(found.gold),
        "parts": [_part(each) for each in found.parts],
        "annotators": _annotators(found.by_answers, are_named=are_named),
        "annotators_in_all": len(found.annotators),
        "groups": [_group(each, within) for each in found.subgroups[:MOST_CLASSES] for within in each.within],
        "group_rates": _rates(found.subgroups[:MOST_CLASSES])[:MOST_CLASSES],
    }


def _rates(groups: Sequence[Subgroup]) -> list[dict[str, Any]]:
    """How often each label was given in each group, so that those of a label stand beside each other."""
    told = [
        (each.grouping, label, each.group, share) for each in groups for label, share in each.shares.items()
    ]
    return [
        {"name": f"{grouping}: {group}", "label": label, "share": share}
        for grouping, label, group, share in sorted(told)
    ]


def _group(group: Subgroup, within: Within) -> dict[str, Any]:
    """Regions are told apart from labels of whole items."""
    of = {Coefficient.F1: " (F1)", Coefficient.DICE: " (Dice)"}.get(within.coefficient, "")
    bounds = within.interval
    return {
        "name": f"{group.grouping}: {group.group}{of}",
        "value": within.value,
        "lower": bounds.lower,
        "upper": bounds.upper,
    }


def _part(part: Part) -> dict[str, Any]:
    told = part.agreement
    return {
        "is_of_regions": part.is_of_regions,
        "items": part.items,
        "answered": part.answered,
        "overlapping": part.overlapping,
        "coefficient": told.coefficient.value,
        "agreement": told.value,
        "lower": told.interval.lower,
        "upper": told.interval.upper,
        "raw": told.raw,
        "ac1": told.ac1,
        "beside": {coefficient.value: value for coefficient, value in told.beside.items()},
        "classes": _classes(part.classes),
        "gold": _share(part.gold),
        "gold_by_class": {
            label: _share(share) for label, share in list(part.gold_by_class.items())[:MOST_CLASSES]
        },
        "confusion": _confusion(part.pairs, part.classes),
        "by_label": _by_label(part.by_label),
    }


def _classes(classes: Iterable[ClassAgreement]) -> list[dict[str, Any]]:
    """Those that were given most, in the order in which they stand."""
    given = tuple(classes)
    kept = set(sorted(given, key=lambda each: -each.answers)[:MOST_CLASSES])
    return [
        {
            "label": each.value,
            "answers": each.answers,
            "share": each.share,
            "agreement": each.agreement,
            "lower": each.lower,
            "upper": each.upper,
        }
        for each in given
        if each in kept
    ]


def _by_label(rows: Sequence[OfLabel]) -> list[dict[str, Any]]:
    """How often two people gave it to the same item, one alone or neither, and how far they agree by it."""
    kept = set(sorted((row.label for row in rows), key=_often(rows))[:MOST_CLASSES])
    return [
        {
            "label": row.label,
            "agreement": row.agreement.value,
            "lower": row.agreement.interval.lower,
            "upper": row.agreement.interval.upper,
            "raw": row.agreement.raw,
            "ac1": row.agreement.ac1,
            "both": row.both,
            "one": row.one,
            "neither": row.neither,
            "found": _share(row.found),
            "left_out": _share(row.left_out),
        }
        for row in rows
        if row.label in kept
    ]


def _often(rows: Sequence[OfLabel]) -> Callable[[str], int]:
    answers = {row.label: row.told.answers for row in rows}
    return lambda label: -answers[label]


def _confusion(pairs: Pairs, classes: Sequence[ClassAgreement]) -> dict[str, Any]:
    """A row and a column for each class that was given most; the rest is one."""
    often = sorted(classes, key=lambda each: -each.answers)[:MOST_CONFUSED]
    labels = [each.value for each in classes if each in often]
    if len(classes) > len(labels):
        labels.append(OTHERS)
    places = {label: place for place, label in enumerate(labels)}
    counts = [[0] * len(labels) for _label in labels]
    for (one, other), count in pairs.items():
        first, second = (places.get(each, len(labels) - 1) for each in (one, other))
        counts[first][second] += count
        if first != second:
            counts[second][first] += count
    return {"labels": labels, "counts": counts} if pairs else {"labels": [], "counts": []}


def _annotators(rows: Sequence[AnnotatorRow], *, are_named: bool) -> list[dict[str, Any]]:
    return [
        {
            "annotator": row.annotator if are_named else str(number),
            "answers": row.answers,
            "commonest": row.commonest,
            "median_seconds": row.median_seconds,
            "gold": _share(row.gold),
            "with_others": _with_others(row),
        }
        for number, row in enumerate(rows[:MOST_ANNOTATORS], start=1)
    ]


def _with_others(row: AnnotatorRow) -> Mapping[str, Any]:
    """How far they agree with each other who answered the same items."""
    rate, (lower, upper) = row.with_others, row.bounds
    if rate is None:
        return {"value": None, "lower": None, "upper": None, "items": 0}
    return {"value": rate.value, "lower": lower, "upper": upper, "items": rate.items}


def _share(share: ItemShare) -> Mapping[str, Any]:
    return {
        "hits": share.hits,
        "total": share.total,
        "items": share.items,
        "value": share.value,
        "lower": share.lower,
        "upper": share.upper,
    }
