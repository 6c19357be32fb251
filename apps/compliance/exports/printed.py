"""The register on paper: PDF/UA, so that it can be read aloud as well.

What records say goes to typst as data, never as source: nothing of it can be read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import typst

from apps.compliance.exports import completeness
from apps.compliance.exports.columns import COLUMNS, rows
from apps.compliance.exports.entry import Entry
from apps.compliance.exports.provenance import Order

TEMPLATE = Path(__file__).with_name("printed.typ")
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
    """Paper is set in one piece; what is kept until then are the cells."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.records: list[dict[str, Any]] = []
        self.findings: list[tuple[str, ...]] = []

    def write(self, entry: Entry) -> None:
        columns = COLUMNS[self.order.articles][BEFORE:]
        for row in rows(entry, self.order.articles):
            cells = zip(columns, row[BEFORE:], strict=True)
            told = [[column.label, column.article, cell] for column, cell in cells]
            title = f"{entry.ref}, version {entry.version}: {entry.name}"
            self.records.append({"title": title, "rows": told})
        for finding in completeness.findings(entry, self.order.articles):
            self.findings.append((finding.ref, finding.label, finding.article, finding.cell))

    def close(self, into: IO[bytes], told: Mapping[str, Any]) -> None:
        on = self.order.made_at.date()
        said = {
            "title": f"Register of processing activities, {self.order.organization}",
            "portal": self.order.portal,
            "made_on": [on.year, on.month, on.day],
            "provenance": [[WORDS.get(name, name), str(value)] for name, value in told.items()],
            "findings": self.findings,
            "records": self.records,
        }
        paper = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"register": json.dumps(said)},
            pdf_standards="ua-1",
            timestamp=int(self.order.made_at.timestamp()),
        )
        into.write(paper)
