"""One file of a register, in one of the formats, written as its entries come."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import IO, Protocol

from apps.compliance.exports import completeness, linked, printed, workbook
from apps.compliance.exports.columns import concerns, rows
from apps.compliance.exports.entry import Entry
from apps.compliance.exports.provenance import Hashed, Order
from apps.compliance.exports.separated import head
from apps.kernel.separated import Lines


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"
    JSONLD = "jsonld"
    COMPLETENESS = "completeness"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
    Format.JSON: "application/json",
    Format.JSONLD: "application/ld+json",
    Format.COMPLETENESS: "text/csv; charset=utf-8",
}
ENDINGS = {Format.COMPLETENESS: "completeness.csv"}


def ending_of(format: Format, records: int) -> str:
    return "zip" if _is_divided(format, records) else ENDINGS.get(format, format.value)


def media_type_of(format: Format, records: int) -> str:
    return "application/zip" if _is_divided(format, records) else MEDIA_TYPES[format]


def _is_divided(format: Format, records: int) -> bool:
    return format is Format.PDF and printed.is_divided(records)


Rows = list[tuple[str, ...]]


class Sheet(Protocol):
    """A way to write entries, each with its rows, in one format; `close` says where the file comes from."""

    def write(self, entry: Entry, made: Rows) -> None: ...

    def close(self, into: IO[bytes], told: dict[str, object]) -> None: ...


class _Csv:
    """The rows are written for their hash anyway; here they are also kept."""

    def write(self, entry: Entry, made: Rows) -> None:
        """Nothing besides."""

    def close(self, into: IO[bytes], told: dict[str, object]) -> None:
        """A register as CSV is its rows and nothing else; where it comes from stands in the trail."""


class _Completeness:
    def __init__(self, order: Order, into: IO[bytes]) -> None:
        self.articles, self.lines = order.articles, Lines(into)
        self.lines.write([completeness.HEAD])

    def write(self, entry: Entry, made: Rows) -> None:
        self.lines.write(map(completeness.line, completeness.findings(entry, self.articles, made)))

    def close(self, into: IO[bytes], told: dict[str, object]) -> None:
        """What is missing, and nothing else."""


class _Linked:
    def __init__(self, order: Order, into: IO[bytes], register: str) -> None:
        self.graph = linked.Graph(into, order, register)

    def write(self, entry: Entry, made: Rows) -> None:
        self.graph.write([entry])

    def close(self, into: IO[bytes], told: dict[str, object]) -> None:
        self.graph.close(told)


def write(
    order: Order, format: Format, chunks: Iterable[list[Entry]], into: IO[bytes], *, register: str
) -> dict[str, object]:
    """Answers with what the file says of where it comes from. `register` names the register in a graph."""
    hashed = Hashed(into if format is Format.CSV else None)
    lines = Lines(hashed)
    lines.write([head(order.articles)])
    sheet = _sheet(order, format, into, register)
    count = 0
    for chunk in chunks:
        for entry in chunk:
            if not concerns(entry, order.articles):
                continue
            count += 1
            made = rows(entry, order.articles)
            lines.write(made)
            sheet.write(entry, made)
    told: dict[str, object] = order.told(count=count, rows_sha256=hashed.sha256)
    sheet.close(into, told)
    return told


def _sheet(order: Order, format: Format, into: IO[bytes], register: str) -> Sheet:
    match format:
        case Format.XLSX:
            return workbook.Sheets(order)
        case Format.PDF:
            return printed.Sheets(order)
        case Format.JSONLD:
            return _Linked(order, into, register)
        case Format.COMPLETENESS:
            return _Completeness(order, into)
    return _Csv()
