"""What a register does not say: a cell that is MISSING is told here, with what demands it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.compliance.exports.columns import COLUMNS, Articles, rows
from apps.compliance.exports.entry import Entry

UNSAID = re.compile(r"(?:^|: |; |\(|\bv|ref |TIA |after |at most |valid to )MISSING(?=$|[;,) ])")
NAMES = frozenset({"record_ref", "activity_name"})
"""Cells that hold a name alone: whatever stands there is said."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    ref: str
    version: int
    name: str
    column: str
    label: str
    article: str
    cell: str


HEAD = ("record_ref", "record_version", "activity_name", "column", "article", "what")


def findings(entry: Entry, articles: Articles, made: Sequence[tuple[str, ...]] = ()) -> Iterator[Finding]:
    """Each column once, however many rows the entry has; then what keeps the processing from running.
    `made` are its rows, where they are there already."""
    told: set[str] = set()
    for row in made or rows(entry, articles):
        for column, cell in zip(COLUMNS[articles], row, strict=True):
            if column.name not in NAMES | told and UNSAID.search(cell):
                told.add(column.name)
                yield _finding(entry, column.name, column.label, column.article, cell)
    for why in entry.blocked_by:
        yield _finding(entry, "clearance", "Clearance", "Art. 5(2)", why)


def _finding(entry: Entry, column: str, label: str, article: str, cell: str) -> Finding:
    return Finding(
        ref=entry.ref,
        version=entry.version,
        name=entry.name,
        column=column,
        label=label,
        article=article,
        cell=cell,
    )


def line(finding: Finding) -> tuple[str, ...]:
    return (
        finding.ref,
        str(finding.version),
        finding.name,
        finding.column,
        finding.article,
        finding.cell,
    )
