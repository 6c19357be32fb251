"""An export held to what a labeling policy asks for: which labels there are, and what they are put on."""

from __future__ import annotations

from collections.abc import Collection

from apps.labeling.checks.terms import Place, Terms
from apps.labeling.imports.annotation import Annotation, Fault, fault
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
MISPLACED = {Place.WHOLE: ON_THE_WHOLE, Place.PART: ON_NO_PICTURE, Place.AREA: ON_NO_TEXT}
"""Where it was put, under a task that has it put elsewhere and not on whole items."""


def held_to_schema(export: Export, terms: Terms) -> Export:
    """What does not fit is a fault, however the tool let it in. What was given up counts nowhere, and that
    nothing is on an item fits every task."""
    known = {*terms.labels, ""} if terms.labels else None
    sound: list[Annotation] = []
    faults: list[Fault] = []
    for each in export.annotations:
        code = None if each.was_cancelled or not each.label else _wrong(each, known, terms.put_on)
        if code is None:
            sound.append(each)
        else:
            faults.append(fault(code, each.line, each.item, label=each.label))
    if not faults:
        return export
    return export.without(tuple(sound), faults)


def _wrong(each: Annotation, known: Collection[str] | None, asked: Place | None) -> str | None:
    if known is not None and each.label not in known:
        return OUTSIDE_SCHEMA
    if asked is None or asked is (put := _put(each)):
        return None
    return ON_A_PART if asked is Place.WHOLE else MISPLACED[put] if put else None


def _put(each: Annotation) -> Place | None:
    """`None` where it was put on something that covers nothing."""
    if not each.is_region:
        return Place.WHOLE
    if each.shape is None:
        return None
    return Place.PART if isinstance(each.shape, Span) else Place.AREA
