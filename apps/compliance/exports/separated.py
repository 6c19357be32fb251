"""The register as CSV: UTF-8, CRLF, quotes only where RFC 4180 needs them, and nothing that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Protocol

from apps.compliance.exports.cells import escaped
from apps.compliance.exports.columns import COLUMNS, Articles


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Lines:
    """Writes lines as they come; nothing is kept."""

    def __init__(self, into: Writable) -> None:
        self.into = into
        self.buffer = io.StringIO(newline="")
        self.writer = csv.writer(self.buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")

    def write(self, rows: Iterable[tuple[str, ...]]) -> None:
        for row in rows:
            self.writer.writerow([escaped(cell) for cell in row])
        self.into.write(self.buffer.getvalue().encode())
        self.buffer.seek(0)
        self.buffer.truncate()


def head(articles: Articles) -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS[articles])
