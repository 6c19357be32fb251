"""Where an item takes one label, nobody says two different things of it, and only one of them is true."""

from __future__ import annotations

from apps.labeling.imports.annotation import UNNAMED, Annotation, Fault, fault
from apps.labeling.imports.reading import Export
from apps.policy.reason import Value, declare

TWO_ANSWERS = declare(
    "LABELS_TWO_ANSWERS",
    "One annotator says «%(label)s» of this item here and said «%(first)s» in line %(before)s; an item takes"
    " one label.",
    "Keep the one that holds in the labeling tool. Left out knowingly, the first one counts.",
)
TWO_TRUTHS = declare(
    "LABELS_TWO_TRUTHS",
    "«%(first)s» is true of this item by line %(before)s, and «%(label)s» here; an item takes one label.",
    "Let experts settle which one is true. Left out knowingly, the first one counts.",
)


def held_to_one(export: Export) -> Export:
    """The second line is at fault. Which of two annotations of one person holds no labeling tool says: who
    corrects an answer there changes it, and has another id only for another opinion."""
    first: dict[tuple[str, str, bool], Annotation] = {}
    sound: list[Annotation] = []
    faults: list[Fault] = []
    for each in export.annotations:
        known = first.setdefault(key, each) if (key := _whose(each)) else each
        if known.label == each.label:
            sound.append(each)
        else:
            faults.append(_fault(known, each))
    if not faults:
        return export
    contradicting = export.contradicting + len(faults)
    return export.without(tuple(sound), faults, contradicting=contradicting)


def _whose(each: Annotation) -> tuple[str, str, bool] | None:
    """Gold is of everybody. Who is not named, drew, gave up, or settled something is not held to it."""
    if each.is_region or each.was_cancelled or each.is_machine:
        return None
    if each.is_gold:
        return each.item, UNNAMED, True
    if each.is_settled or each.annotator == UNNAMED:
        return None
    return each.item, each.annotator, False


def _fault(known: Annotation, each: Annotation) -> Fault:
    told: dict[str, Value] = {"first": known.label, "before": known.line, "label": each.label}
    if each.is_gold:
        return fault(TWO_TRUTHS, each.line, each.item, **told)
    return fault(TWO_ANSWERS, each.line, each.item, **told)
