"""The register on paper."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import IO, Any

from apps.compliance.exports import completeness
from apps.compliance.exports.columns import COLUMNS
from apps.compliance.exports.entry import Entry
from apps.compliance.exports.provenance import Order
from apps.kernel.pdf import Block, Document, Heading, Statements, Text, printed_apart, table, terms

BEFORE = 3
"""So many columns stand in the title of a record."""
WORDS = {
    "organization": "Organization",
    "register": "Register",
    "as_of": "As of",
    "made_at": "Made at",
    "made_by": "Made by",
    "portal": "Made with",
    "records": "Records",
    "part": "Part",
    "rows_sha256": "SHA-256 of the register as CSV",
}


RECORDS_OF_A_PART = 250


def is_divided(records: int) -> bool:
    """A register that is longer comes as several documents, one after the other, in a ZIP."""
    return records > RECORDS_OF_A_PART


@dataclass(frozen=True, kw_only=True)
class _Record:
    ref: str
    blocks: tuple[Block, ...]
    findings: tuple[tuple[str, ...], ...]


class Sheets:
    """Paper is set in one piece, part by part: what stands on it is kept until then."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.records: list[_Record] = []

    def write(self, entry: Entry, made: Sequence[tuple[str, ...]]) -> None:
        columns = COLUMNS[self.order.articles][BEFORE:]
        blocks: list[Block] = []
        for row in made:
            cells = zip(columns, row[BEFORE:], strict=True)
            blocks.append(Heading(text=f"{entry.ref}, version {entry.version}: {entry.name}"))
            blocks.append(
                Statements(rows=tuple((column.label, column.article, cell) for column, cell in cells))
            )
        findings = tuple(
            (finding.ref, finding.label, finding.article, finding.cell)
            for finding in completeness.findings(entry, self.order.articles, made)
        )
        self.records.append(_Record(ref=entry.ref, blocks=tuple(blocks), findings=findings))

    def close(self, into: IO[bytes], told: Mapping[str, Any]) -> None:
        """One document, or several in a ZIP: each says where it comes from, and which part of it it is."""
        if not is_divided(len(self.records)):
            into.write(self._part(self.records, told))
            return
        starts = range(0, len(self.records), RECORDS_OF_A_PART)
        with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
            for number, start in enumerate(starts, start=1):
                records = self.records[start : start + RECORDS_OF_A_PART]
                part = f"{number} of {len(starts)}: {records[0].ref} to {records[-1].ref}"
                stamp = self.order.made_at.astimezone(UTC).timetuple()[:6]
                name = f"register-part-{number:02}-{records[0].ref}-{records[-1].ref}.pdf"
                archive.writestr(
                    zipfile.ZipInfo(name, date_time=stamp), self._part(records, {**told, "part": part})
                )

    def _part(self, records: Sequence[_Record], told: Mapping[str, Any]) -> bytes:
        title = f"Register of processing activities, {self.order.organization}"
        blocks: list[Block] = [terms(*((WORDS.get(name, name), value) for name, value in told.items()))]
        findings = [finding for record in records for finding in record.findings]
        if findings:
            columns = ("Record", "What", "Article", "As it stands")
            blocks += [
                Heading(text="What the register does not say"),
                table(columns, findings, widths=(2, 3, 2, 6)),
            ]
        if not records:
            blocks.append(Text(text="No record held on that day."))
        blocks += [block for record in records for block in record.blocks]
        footer = f"{self.order.organization}, as of {self.order.as_of.isoformat()}"
        return printed_apart(Document(title=title, blocks=blocks, footer=footer), at=self.order.made_at)
