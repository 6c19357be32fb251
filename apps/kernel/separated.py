"""Tables as CSV: UTF-8, CRLF, quotes only where RFC 4180 needs them, and nothing that is a formula.

Whatever leaves the house as a table is written here, or escaped here: a cell that a spreadsheet would carry
out is marked as the text it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Protocol

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet."""


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


def escaped(cell: str) -> str:
    """Text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


class Lines:
    """Writes lines as they come; nothing is kept."""

    def __init__(self, into: Writable) -> None:
        self.into = into
        self.buffer = io.StringIO(newline="")
        self.writer = csv.writer(self.buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            self.writer.writerow([escaped(cell) for cell in row])
        self.into.write(self.buffer.getvalue().encode())
        self.buffer.seek(0)
        self.buffer.truncate()


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A whole table, its first line the names of its columns."""
    into = io.BytesIO()
    lines = Lines(into)
    lines.write([columns])
    lines.write(rows)
    return into.getvalue()
