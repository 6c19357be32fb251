"""L08: what could not be held to the size of its item, as no file says how large that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome
from apps.policy.reason import declare

UNCHECKED = declare(
    "LABELS_EXTENT_UNCHECKED",
    "Whether %(regions)s regions lie inside their items was not checked: the file does not say how large"
    " those are.",
    "Export it with the width and the height of the pictures.",
)


def of_unsized(unsized: int, before: Sequence[Mapping[str, Any]] = ()) -> Iterator[Finding]:
    """Of a file, and of what was found of the labels that it is added to or that are measured anew."""
    regions = unsized + sum(
        int(each["reason"]["facts"]["regions"]) for each in before if each["reason"]["code"] == UNCHECKED
    )
    if regions:
        yield finding("L08", Outcome.NOTED, UNCHECKED, regions=regions)
