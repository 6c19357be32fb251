"""The labels of a set as they are now, read back as an export would tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Sum

from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.shapes import Box, Shape, Span, unpacked
from apps.labeling.models import Label, LabelSet

SAID = (
    "line",
    "item",
    "label",
    "is_region",
    "is_gold",
    "is_machine",
    "is_settled",
    "was_cancelled",
    "seconds",
)
"""Columns of a label that an annotation has under the same name."""


def annotations_of(label_set: LabelSet) -> tuple[Annotation, ...]:
    """In the order in which they were brought. Where it is not known who gave them, those who answered an
    item are told apart on that item alone."""
    texts: dict[str, str] = {}
    places: dict[str, dict[int, str]] = defaultdict(dict)
    annotations = []
    for row in Label.objects.filter(label_set=label_set).order_by("pk").iterator():
        row.item, row.label = (texts.setdefault(each, each) for each in (row.item, row.label))
        who = texts.setdefault(row.annotator, row.annotator)
        if not who and row.answer:
            of_item = places[row.item]
            who = of_item.setdefault(row.answer, str(len(of_item) + 1))
        annotations.append(_annotation(row, who))
    return tuple(annotations)


def unlabeled_in(label_set: LabelSet, named: Collection[str]) -> int:
    """How many items nobody labeled: they count, and their names were not kept."""
    erased: int = label_set.erased.aggregate(items=Sum("items"))["items"] or 0
    items: int = label_set.figures["items"]
    return max(0, items - erased - len(named))


def undated_answers(label_set: LabelSet) -> int:
    """Of sets from before they were counted: all, or none where some day is known."""
    told: int | None = label_set.figures.get("undated")
    if told is not None:
        return told
    return 0 if label_set.figures.get("first_day") else label_set.annotations


def _annotation(row: Label, annotator: str) -> Annotation:
    said: dict[str, Any] = {name: getattr(row, name) for name in SAID}
    return Annotation(annotator=annotator, shape=_shape(row), **said)


def _shape(row: Label) -> Shape | None:
    if row.area is not None:
        return unpacked(bytes(row.area))
    if row.left is None or row.width is None:
        return None
    if row.top is None or row.height is None:
        return Span(start=row.left, end=row.left + row.width)
    return Box(left=row.left, top=row.top, width=row.width, height=row.height)
