"""Annotations held to the items that the version of the dataset has, and to those that were erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from apps.labeling.checks.around import Groups
from apps.labeling.imports.annotation import Annotation, Fault, fault
from apps.labeling.imports.reading import Export
from apps.policy.reason import declare

ITEM_OUTSIDE = declare(
    "LABELS_ITEM_OUTSIDE_VERSION",
    "The annotation is on «%(item)s», which is not among the items of this version of the dataset.",
    "Take it out, or register the next version of the dataset with that item in its list.",
)
ITEM_ERASED = declare(
    "LABELS_ITEM_ERASED",
    "The item of this line was erased on %(on)s.",
    "Take all that is about it out of the labeling tool, and export anew.",
)


def never(item: str) -> date | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Held:
    """`groups` are those of each item; empty where no list of the items was brought."""

    groups: Mapping[str, Groups] = field(default_factory=dict)
    erased_on: Callable[[str], date | None] = never

    @property
    def known(self) -> Collection[str] | None:
        return self.groups.keys() or None


NOTHING_KNOWN = Held()


def held_to_items(export: Export, held: Held) -> Export:
    """Annotations on other items are faults, and on erased ones. The name of what was erased is told
    nowhere; it is known by what the labeling tool calls it, for tokens differ from file to file."""
    found: dict[str, Fault | None] = {}

    def erased_on(item: str) -> date | None:
        return held.erased_on(export.originals.get(item, item))

    def fault_of(each: Annotation) -> Fault | None:
        if each.item not in found:
            found[each.item] = _fault(each, held, erased_on(each.item))
        told = found[each.item]
        return replace(told, line=each.line) if told else None

    faults = [each for each in map(fault_of, export.annotations) if each is not None]
    gone = {item for item in export.items if item not in found and erased_on(item) is not None}
    if not faults and not gone:
        return export
    return export.without(
        tuple(each for each in export.annotations if found[each.item] is None),
        faults,
        items=frozenset(item for item in export.items if item not in gone and found.get(item) is None),
    )


def _fault(each: Annotation, held: Held, day: date | None) -> Fault | None:
    if day is not None:
        return fault(ITEM_ERASED, each.line, "", on=day.isoformat())
    if held.known is not None and each.item not in held.known:
        return fault(ITEM_OUTSIDE, each.line, "", item=each.item[:200])
    return None
