"""A register that somebody brings, read as lines of text: XLSX or CSV, within limits; nothing of it is run.

What a file is, its bytes tell. A workbook is a zip of XML: what it would unfold to is looked at before
anything is unfolded, documents that declare types are refused, and formulas are read as the value they had.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from apps.kernel.characters import NOT_STORED
from apps.kernel.errors import rule_broken
from apps.policy.reason import declare

LARGEST = 3 * 1024 * 1024
MOST_UNFOLDED = 60 * 1024 * 1024
MOST_PARTS = 500
MOST_LINES = 1000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
SEPARATORS = (";", ",", "\t")
NOT_SHOWN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

SHEET_TOO_LARGE = declare(
    "IMPORT_TOO_LARGE",
    "The file is too large: %(what)s.",
    "Divide it: up to %(lines)s records of %(columns)s columns, %(megabytes)s MB in all.",
)
SHEET_UNREADABLE = declare(
    "IMPORT_UNREADABLE",
    "The file cannot be read as a table: %(why)s.",
    "Save it anew as a workbook (.xlsx) or as CSV, with the names of the columns in the first line.",
)
SHEET_EMPTY = declare(
    "IMPORT_EMPTY", "The file holds no records.", "The first line names the columns; records stand below it."
)
HEAD_TWICE = declare(
    "IMPORT_HEAD_TWICE",
    "Two columns are called «%(name)s».",
    "Give every column a name of its own.",
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """`number` as a spreadsheet or an editor counts it; as many cells as the head has."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    head: tuple[str, ...]
    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """Raises: RuleBroken, saying what is wrong and what mends it."""
    if len(content) > LARGEST:
        raise _too_large(f"{len(content)} bytes")
    read = _workbook if content.startswith(b"PK") else _separated
    try:
        return _sheet(read(content))
    except (csv.Error, zipfile.BadZipFile, UnicodeError) as fault:
        raise _unreadable(str(fault)) from fault


def _sheet(rows: Iterable[tuple[int, list[str]]]) -> Sheet:
    head: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, cells in rows:
        told = [NOT_SHOWN.sub("", NOT_STORED.sub("", cell)).strip() for cell in cells]
        while told and not told[-1]:
            told.pop()
        if not told:
            continue
        if len(told) > MOST_COLUMNS:
            raise _too_large(f"line {number} has {len(told)} columns")
        if longest := next((cell for cell in told if len(cell) > LONGEST_CELL), None):
            raise _too_large(f"a cell in line {number} has {len(longest)} characters")
        if not head:
            head = tuple(told)
            continue
        if len(lines) == MOST_LINES:
            raise _too_large(f"more than {MOST_LINES} records")
        beyond = [cell for cell in told[len(head) :] if cell]
        if beyond:
            raise _unreadable(f"line {number} has more cells than the first line names")
        lines.append(Line(number=number, cells=tuple(told[: len(head)] + [""] * (len(head) - len(told)))))
    if not lines:
        raise rule_broken(SHEET_EMPTY, field="content")
    for position, name in enumerate(head):
        if name and name in head[:position]:
            raise rule_broken(HEAD_TWICE, field="content", name=name[:100])
    return Sheet(head=head, lines=tuple(lines))


def _separated(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _text(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        yield reader.line_num, cells


def _text(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it; what is neither is Windows' own."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content:
        raise _unreadable("it holds bytes that no text holds")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_parts(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
            if number > 4 * MOST_LINES:
                raise _too_large(f"more than {4 * MOST_LINES} lines")
            yield number, [_shown(value) for value in row]
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, SyntaxError) as fault:
        raise _unreadable(type(fault).__name__) from fault


def _check_parts(content: bytes) -> None:
    """Raises: RuleBroken for what would unfold to too much, or declares types and entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        told = parts.infolist()
        if len(told) > MOST_PARTS:
            raise _too_large(f"{len(told)} parts")
        if (size := sum(part.file_size for part in told)) > MOST_UNFOLDED:
            raise _too_large(f"it unfolds to {size} bytes")
        for part in told:
            if part.flag_bits & 1:
                raise _unreadable("it is encrypted")
            if part.filename.endswith((".xml", ".rels", ".vml")):
                raw = parts.read(part)
                if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw or DECLARATION.search(raw):
                    raise _unreadable(f"{part.filename[:60]} declares types or entities")


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _too_large(what: str) -> Exception:
    return rule_broken(
        SHEET_TOO_LARGE,
        field="content",
        what=what,
        lines=MOST_LINES,
        columns=MOST_COLUMNS,
        megabytes=LARGEST // 1024 // 1024,
    )


def _unreadable(why: str) -> Exception:
    return rule_broken(SHEET_UNREADABLE, field="content", why=why[:200])
