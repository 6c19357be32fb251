"""Faults of a file as reasons of a refusal, or as what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from apps.labeling.errors import MORE_ALIKE, MORE_FAULTS
from apps.labeling.imports.annotation import Fault
from apps.labeling.imports.faulty import Beyond, beyond, with_first
from apps.labeling.imports.items import ITEM_ERASED, never
from apps.labeling.imports.reading import Export
from apps.policy.reason import Reason, Value

FAULTS_TOLD = 100
OF_LINES = frozenset({MORE_ALIKE, MORE_FAULTS})


def faults_of(export: Export, erased_on: Callable[[str], date | None]) -> tuple[Reason, ...]:
    """Those of an export of labels; `erased_on` knows items by what the labeling tool calls them."""

    def by_original(name: str) -> date | None:
        return erased_on(export.originals.get(name, name))

    return reasons_of(export.faults, export.faulty, export.beyond, by_original)


def reasons_of(
    faults: Sequence[Fault],
    faulty: int,
    others: Beyond,
    erased_on: Callable[[str], date | None] = never,
) -> tuple[Reason, ...]:
    """The first faults at their lines, and the first of each other kind; of all others the lines, as far as
    there is room, and how many more there are. What is about an erased item tells its line alone."""
    told = list(faults[:FAULTS_TOLD])
    alike: dict[str, int] = {}
    for each in told:
        alike.setdefault(each.reason.code, each.line)
    lines = beyond((), beyond(faults[FAULTS_TOLD:]), others)
    more: list[Reason] = []
    listed = 0
    for code, found in lines.items():
        if code not in alike:
            told.append(found.first)
        rest = found if code not in alike else with_first(found)
        if rest.count:
            like = alike.get(code, found.first.line)
            facts: dict[str, Value] = {"more": rest.count, "like": like, "lines": str(rest)}
            more.append(Reason(code=MORE_ALIKE, field="content", facts=facts))
            listed += rest.count
    unlisted = faulty - len(told) - listed
    if unlisted:
        more.append(Reason(code=MORE_FAULTS, field="content", facts={"more": unlisted}))
    return (*(hushed(_reason(each), erased_on) for each in told), *more)


def _reason(told: Fault) -> Reason:
    field = ".".join(filter(None, ("content", str(told.line), told.place)))
    return Reason(code=told.reason.code, facts=told.reason.facts, field=field)


def hushed(reason: Reason, erased_on: Callable[[str], date | None]) -> Reason:
    """Of its line alone, where it is about an item that was erased. Numbers of lines name none."""
    if reason.code in OF_LINES:
        return reason
    content, _, rest = reason.field.partition(".")
    line, _, place = rest.partition(".")
    days = map(erased_on, filter(None, (place, *map(str, reason.facts.values()))))
    day = next(filter(None, days), None)
    if day is None:
        return reason
    field = f"{content}.{line}" if line else content
    return Reason(code=ITEM_ERASED, field=field, facts={"on": day.isoformat()})
