"""CSV: a line for each item of a version. The first line names the columns: `item`, and where there are such
`sha256`, `split`, `subject` and any number of `group:NAME`."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any

from apps.kernel.characters import NOT_STORED
from apps.kernel.errors import rule_broken
from apps.labeling.imports.addresses import TOKEN, Pseudonyms, addresses_in
from apps.labeling.imports.annotation import (
    ID_TWICE,
    PART_MALFORMED,
    TOO_LARGE,
    Fault,
    Format,
    fault,
    unreadable,
)
from apps.labeling.imports.faulty import Lines, note
from apps.labeling.imports.pieces import LONGEST_ITEM, LONGEST_LABEL, too_long
from apps.labeling.imports.reading import MOST_FAULTS
from apps.labeling.imports.table import SEPARATORS
from apps.policy.reason import declare

LARGEST = 64 * 1024 * 1024
MOST_ITEMS = 1_000_000
MOST_GROUPINGS = 20
LONGEST_SPLIT = 40
LONGEST_GROUP = 80
KNOWN = {"item", "sha256", "split", "subject"}
GROUP = "group:"
SHA256 = re.compile(r"[0-9a-f]{64}")

ADDRESS_AS_NAME = declare(
    "ITEMS_ADDRESS_AS_NAME",
    "The cell «%(what)s» holds an e-mail address.",
    "Name items and groups by ids that tell nobody's address: labels are held to these names.",
)
TOKEN_AS_NAME = declare(
    "ITEMS_TOKEN_AS_NAME",
    "«%(name)s» looks like what stands for an e-mail address in files of labels.",
    "Give the item another name, in the labeling tool as well.",
)
EMPTY = declare(
    "ITEMS_NONE",
    "The file names no items.",
    "Bring a CSV whose first line names item, and where they are known sha256, split, subject and group:NAME,"
    " with a line for each item.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    line: int
    name: str
    sha256: str = ""
    split: str = ""
    subject: str = ""
    groups: tuple[tuple[str, str], ...] = ()


@dataclass(kw_only=True)
class Manifest:
    """What a file says. `faulty` counts all faults, `faults` holds the first of them and `beyond` the
    lines of the others."""

    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    beyond: dict[str, Lines] = field(default_factory=dict)
    addresses: int = 0

    def add_fault(self, found: Fault) -> None:
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(found)
        else:
            note(self.beyond, found)


def read_manifest(content: bytes) -> Manifest:
    """Raises: RuleBroken where it is no such table, is empty or too large."""
    if len(content) > LARGEST:
        raise rule_broken(TOO_LARGE, field="content", what=f"{len(content)} bytes, where {LARGEST} are taken")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _unreadable(f"byte {wrong.start} is no UTF-8") from wrong
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        head = _head(next(lines, []))
        found = _read(lines, head)
    except csv.Error as wrong:
        raise _unreadable(f"line {lines.line_num}: {wrong}") from wrong
    if not found.items and not found.faulty:
        raise rule_broken(EMPTY, field="content")
    return found


def _unreadable(why: str) -> Exception:
    return unreadable(Format.CSV.value, why)


def _head(cells: list[str]) -> tuple[str, ...]:
    """Raises: RuleBroken where a column is missing, unknown or there twice."""
    head = tuple(NOT_STORED.sub("", cell).strip().casefold() for cell in cells)
    groupings = [name for name in head if name.startswith(GROUP)]
    is_known = all(name in KNOWN or _is_grouping(name) for name in head)
    if "item" not in head or not is_known or len(set(head)) != len(head):
        raise _unreadable(f"its columns are {', '.join(head)[:200]}")
    if len(groupings) > MOST_GROUPINGS:
        raise _unreadable(f"it has {len(groupings)} groupings, where {MOST_GROUPINGS} are taken")
    return head


def _is_grouping(name: str) -> bool:
    said = name.removeprefix(GROUP).strip()
    return name.startswith(GROUP) and 0 < len(said) <= LONGEST_GROUP and not addresses_in(said)


def _read(lines: Any, head: tuple[str, ...]) -> Manifest:
    found, named = Manifest(), Pseudonyms()
    seen: dict[str, int] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.items) >= MOST_ITEMS:
            raise rule_broken(TOO_LARGE, field="content", what=f"more than {MOST_ITEMS} items")
        each = _line(cells, head, lines.line_num, named)
        if isinstance(each, Item) and each.name in seen:
            each = fault(ID_TWICE, each.line, "item", id=each.name[:200], first=seen[each.name])
        if isinstance(each, Fault):
            found.add_fault(each)
            continue
        seen[each.name] = each.line
        found.items.append(each)
        if "subject" in head:
            found.addresses += addresses_in(cells[head.index("subject")])
    return found


def _line(cells: list[str], head: tuple[str, ...], line: int, named: Pseudonyms) -> Item | Fault:
    if len(cells) != len(head):
        return fault(PART_MALFORMED, line, "", what=f"One of {len(head)} cells")
    given = {name: NOT_STORED.sub("", cell).strip() for name, cell in zip(head, cells, strict=True)}
    sha256 = given.get("sha256", "").casefold()
    if not given["item"] or (sha256 and not SHA256.fullmatch(sha256)):
        wrong = "sha256" if given["item"] else "item"
        return fault(PART_MALFORMED, line, wrong, what=f"The cell «{wrong}»")
    if TOKEN.search(given["item"]):
        return fault(TOKEN_AS_NAME, line, "item", name=given["item"][:200])
    for name, value in given.items():
        if name != "subject" and "@" in value and addresses_in(value):
            return fault(ADDRESS_AS_NAME, line, name, what=name)
        longest = {"item": LONGEST_ITEM, "split": LONGEST_SPLIT, "subject": LONGEST_LABEL}
        if long := too_long(f"The cell «{name}»", value, longest.get(name, LONGEST_GROUP), line, name):
            return long
    return Item(
        line=line,
        name=given["item"],
        sha256=sha256,
        split=given.get("split", "").casefold(),
        subject=named.in_place(given.get("subject", "")),
        groups=tuple(
            (name.removeprefix(GROUP).strip(), value)
            for name, value in given.items()
            if name.startswith(GROUP) and value
        ),
    )
