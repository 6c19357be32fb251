"""An export held to what a labeling policy asks for: which labels there are, and what they are put on."""

from __future__ import annotations

from collections.abc import Collection

from apps.labeling.checks.terms import Place, Terms
from apps.labeling.imports.annotation import LABEL_EMPTY, UNNAMED, Annotation, Fault, Format, fault
from apps.labeling.imports.attribution import SAID_BY_BRINGER
from apps.labeling.imports.pieces import number
from apps.labeling.imports.reading import Export
from apps.labeling.measures.shapes import Span
from apps.policy.reason import declare

OUTSIDE_SCHEMA = declare(
    "LABELS_LABEL_OUTSIDE_SCHEMA",
    "The label «%(label)s» is not in the schema of the labeling policy.",
    "Correct the annotation, or add the label in a new version of the policy and have that approved.",
)
ON_A_PART = declare(
    "LABELS_ON_A_PART",
    "«%(label)s» was put on a part of the item; by the task of the policy labels are said of whole items.",
    "Bring it under a policy whose task it is, or leave it out knowingly.",
)
ON_THE_WHOLE = declare(
    "LABELS_ON_THE_WHOLE",
    "«%(label)s» is said of the whole item; by the task of the policy labels are put on parts of it.",
    "Bring it under a policy whose task it is, or leave it out knowingly.",
)
ON_NO_TEXT = declare(
    "LABELS_ON_NO_TEXT",
    "«%(label)s» was put on an area of a picture; by the task of the policy labels are put on parts of a text"
    " or a recording.",
    "Bring it under a policy whose task it is, or leave it out knowingly.",
)
ON_NO_PICTURE = declare(
    "LABELS_ON_NO_PICTURE",
    "«%(label)s» was put on a part of a text or a recording; by the task of the policy labels are put on"
    " areas of a picture.",
    "Bring it under a policy whose task it is, or leave it out knowingly.",
)
COVERS_NOTHING = declare(
    "LABELS_COVERS_NOTHING",
    "What «%(label)s» was put on covers neither an area nor a part of a text (a line, points, a cuboid, a"
    " skeleton, or something turned in a picture of unknown size), so nothing can be held against it.",
    "Draw it as a box or an area, or leave it out knowingly: the others are measured then.",
)
NOTHING_AND_SOMETHING = declare(
    "LABELS_NOTHING_AND_SOMETHING",
    "Here no label applies to this item, and one does in line %(before)s, by the same annotator or as gold;"
    " or the other way round.",
    "Keep the one that holds in the labeling tool. Left out knowingly, the first one counts.",
)
NO_NUMBER = declare(
    "LABELS_NO_NUMBER",
    "«%(label)s» is no number, and no label of the policy that leaves it open.",
    "Correct it in the labeling tool, or add the label in a new version of the policy, as one that leaves it"
    " open.",
)


GOLD = "\0gold"
"""Nobody's name."""


def held_to_schema(export: Export, terms: Terms) -> Export:
    """What does not fit is a fault, however the tool let it in. What was given up counts nowhere. That
    nothing is on an item fits every task where a tool hands it in; in a table, where it says something."""
    export = _held_to_task(export, terms)
    return _without_contradictions(export) if terms.is_by_label else export


def _held_to_task(export: Export, terms: Terms) -> Export:
    takes_none = export.format is not Format.CSV or terms.is_by_label or terms.put_on is not Place.WHOLE
    known = {*terms.labels, ""} if terms.labels and not terms.scale.is_of_numbers else None
    sound: list[Annotation] = []
    faults: list[Fault] = []
    for each in export.annotations:
        code = None if each.was_cancelled or not each.label else _wrong(each, known, terms)
        if code is not None:
            faults.append(fault(code, each.line, each.item, label=each.label))
        elif each.is_empty and each.line != SAID_BY_BRINGER and not takes_none:
            faults.append(fault(LABEL_EMPTY, each.line, "label"))
        else:
            sound.append(each)
    return _with(export, sound, faults)


def _with(export: Export, sound: list[Annotation], faults: list[Fault]) -> Export:
    if not faults:
        return export
    return export.without(tuple(sound), faults)


def _without_contradictions(export: Export) -> Export:
    """Whoever says that no label applies gives none. What is true is of everybody."""
    nothing = {_whose(each) for each in export.annotations if each.is_empty} - {None}
    if not nothing:
        return export
    first: dict[tuple[str, str] | None, Annotation] = {}
    sound: list[Annotation] = []
    faults: list[Fault] = []
    for each in export.annotations:
        key = _whose(each)
        known = first.setdefault(key, each) if key in nothing else each
        if known.is_empty is each.is_empty:
            sound.append(each)
        else:
            faults.append(fault(NOTHING_AND_SOMETHING, each.line, each.item, before=known.line))
    return _with(export, sound, faults)


def _whose(each: Annotation) -> tuple[str, str] | None:
    if each.is_region or each.was_cancelled or each.is_machine or each.is_settled:
        return None
    if each.is_gold:
        return each.item, GOLD
    return None if each.annotator == UNNAMED else (each.item, each.annotator)


def _wrong(each: Annotation, known: Collection[str] | None, terms: Terms) -> str | None:
    """Numbers stand in no schema: of it, only what leaves it open is a word."""
    if known is not None and each.label not in known:
        return OUTSIDE_SCHEMA
    if terms.scale.is_of_numbers and each.label not in terms.unsure and number(each.label) is None:
        return NO_NUMBER
    return _misplaced(each, terms.put_on)


def _misplaced(each: Annotation, asked: Place | None) -> str | None:
    if not each.is_region:
        return None if asked in {None, Place.WHOLE} else ON_THE_WHOLE
    if asked is Place.WHOLE:
        return ON_A_PART
    if each.shape is None:
        return COVERS_NOTHING
    if isinstance(each.shape, Span):
        return ON_NO_PICTURE if asked is Place.AREA else None
    return ON_NO_TEXT if asked is Place.PART else None
