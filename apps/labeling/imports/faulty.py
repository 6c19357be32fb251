"""Faults of a file: the first of them as they are, and of all others the lines, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.labeling.imports.annotation import Fault

MOST_RANGES = 1000
"""Of lines, of one kind of fault."""
TO = "\N{EN DASH}"


@dataclass(kw_only=True, slots=True)
class Lines:
    """The `first` fault of a kind, and the lines of the others: from, to, and how many are there."""

    first: Fault
    ranges: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Without the first, and without what there was no room for."""
        return sum(count for _begin, _end, count in self.ranges)

    def add(self, begin: int, end: int, count: int) -> None:
        if self.ranges:
            known, last, before = self.ranges[-1]
            if known <= begin <= last + 1:
                self.ranges[-1] = known, max(last, end), before + count
                return
        if len(self.ranges) < MOST_RANGES:
            self.ranges.append((begin, end, count))

    def add_fault(self, fault: Fault) -> None:
        self.add(fault.line, fault.line, 1)

    def __str__(self) -> str:
        """Such as 4, 101 to 250, 300."""
        together: list[tuple[int, int]] = []
        for begin, end, _count in sorted(self.ranges):
            if together and begin <= together[-1][1] + 1:
                together[-1] = together[-1][0], max(together[-1][1], end)
            else:
                together.append((begin, end))
        return ", ".join(str(begin) if begin == end else f"{begin}{TO}{end}" for begin, end in together)


Beyond = Mapping[str, Lines]
"""By the code of the fault."""


def beyond(faults: Iterable[Fault], *before: Beyond) -> Beyond:
    """These faults by kind, behind those before."""
    found: dict[str, Lines] = {}
    for earlier in before:
        for code, lines in earlier.items():
            if code in found:
                found[code].add_fault(lines.first)
            mine = found.setdefault(code, Lines(first=lines.first))
            for part in lines.ranges:
                mine.add(*part)
    for each in faults:
        note(found, each)
    return found


def note(among: dict[str, Lines], fault: Fault) -> None:
    code = fault.reason.code
    if code in among:
        among[code].add_fault(fault)
    else:
        among[code] = Lines(first=fault)


def with_first(lines: Lines) -> Lines:
    """Where another fault of the kind is told, its lines hold that of the first of these as well."""
    found = Lines(first=lines.first)
    found.add_fault(lines.first)
    for part in lines.ranges:
        found.add(*part)
    return found
