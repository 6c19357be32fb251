"""One person is one rater, under however many numbers of the roster they labeled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from apps.labeling.imports.annotation import Annotation

Numbers = Mapping[str, str]
"""For each number of a person with several the first of them."""


def numbers_of(annotations: Sequence[Annotation], people: Mapping[str, str]) -> Numbers:
    """`people`: who stands behind a number, where the roster knows. Empty where nobody has several."""
    if not people:
        return {}
    codes: dict[str, list[str]] = defaultdict(list)
    for code in sorted({each.annotator for each in annotations}):
        if code in people:
            codes[people[code]].append(code)
    return {code: several[0] for several in codes.values() if len(several) > 1 for code in several}


def as_people(annotations: Sequence[Annotation], numbers: Numbers) -> Sequence[Annotation]:
    if not numbers:
        return annotations
    return [
        replace(each, annotator=numbers[each.annotator]) if each.annotator in numbers else each
        for each in annotations
    ]
