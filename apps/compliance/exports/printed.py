"""The register on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from apps.compliance.exports import completeness
from apps.compliance.exports.columns import COLUMNS, rows
from apps.compliance.exports.entry import Entry
from apps.compliance.exports.provenance import Order
from apps.kernel.pdf import Block, Document, Heading, Table, Text, pdf_of, table, terms

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
    "rows_sha256": "SHA-256 of the register as CSV",
}


class Sheets:
    """Paper is set in one piece: what stands on it is kept until then."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.records: list[Block] = []
        self.findings: list[tuple[str, ...]] = []

    def write(self, entry: Entry) -> None:
        columns = COLUMNS[self.order.articles][BEFORE:]
        for row in rows(entry, self.order.articles):
            cells = zip(columns, row[BEFORE:], strict=True)
            told = tuple((column.label, column.article, cell) for column, cell in cells)
            self.records.append(Heading(text=f"{entry.ref}, version {entry.version}: {entry.name}"))
            self.records.append(
                Table(columns=("What", "Article", "As it stands"), rows=told, widths=(3, 2, 6))
            )
        for finding in completeness.findings(entry, self.order.articles):
            self.findings.append((finding.ref, finding.label, finding.article, finding.cell))

    def close(self, into: IO[bytes], told: Mapping[str, Any]) -> None:
        title = f"Register of processing activities, {self.order.organization}"
        blocks: list[Block] = [terms(*((WORDS.get(name, name), value) for name, value in told.items()))]
        if self.findings:
            columns = ("Record", "What", "Article", "As it stands")
            blocks += [
                Heading(text="What the register does not say"),
                table(columns, self.findings, widths=(2, 3, 2, 6)),
            ]
        if not self.records:
            blocks.append(Text(text="No record held on that day."))
        footer = f"{self.order.organization}, as of {self.order.as_of.isoformat()}"
        document = Document(title=title, blocks=[*blocks, *self.records], footer=footer)
        into.write(pdf_of(document, at=self.order.made_at))
