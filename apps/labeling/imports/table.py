"""CSV: a line for each annotation. The first line names the columns: `item`, `annotator` and `label`, and
where there are such `seconds`, `ground_truth`, `cancelled` and `machine`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from apps.kernel.characters import NOT_STORED
from apps.kernel.errors import rule_broken
from apps.labeling.imports.addresses import addresses_in
from apps.labeling.imports.annotation import (
    ID_TWICE,
    LABEL_EMPTY,
    PART_MALFORMED,
    UNREADABLE,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
    fault,
)
from apps.labeling.imports.pieces import LONGEST_ITEM, LONGEST_LABEL, number, too_long, word

NEEDED = ("item", "annotator", "label")
FLAGS = ("ground_truth", "cancelled", "machine")
KNOWN = {*NEEDED, *FLAGS, "seconds"}
TRUE = {"1", "true", "yes"}
FALSE = {"", "0", "false", "no"}
SEPARATORS = (",", ";", "\t")


def head_of(text: str) -> tuple[str, ...]:
    """The columns that the first line names, in small letters."""
    line = text.partition("\n")[0]
    separator = _separator(line)
    return tuple(cell.strip().strip('"').casefold() for cell in line.strip().split(separator))


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def read_table(text: str, tally: Tally) -> Read:
    """Raises: RuleBroken where it is no table, or a column is missing, unknown or there twice."""
    head = head_of(text)
    if len(set(head)) != len(head) or not set(NEEDED) <= set(head) or not set(head) <= KNOWN:
        raise _unreadable(f"its columns are {', '.join(head)[:200]}")
    separator = _separator(text.partition("\n")[0])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    seen: dict[tuple[str, str, str], int] = {}
    try:
        next(lines)
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            tally.elements += 1
            tally.emails += sum(addresses_in(cell) for cell in cells)
            yield _line(cells, head, lines.line_num, seen, tally)
    except csv.Error as wrong:
        raise _unreadable(f"line {lines.line_num}: {wrong}") from wrong


def _unreadable(why: str) -> Exception:
    return rule_broken(UNREADABLE, field="content", format=Format.CSV.value, why=why)


def _line(
    cells: list[str],
    head: tuple[str, ...],
    line: int,
    seen: dict[tuple[str, str, str], int],
    tally: Tally,
) -> Annotation | Fault:
    if len(cells) != len(head):
        return fault(PART_MALFORMED, line, "", what=f"One of {len(head)} cells")
    given = dict(zip(head, cells, strict=True))
    people = tally.named
    item, label = word(given["item"], people), word(given["label"], people)
    annotator = people.of(NOT_STORED.sub("", given["annotator"]).strip())
    if not item or not annotator:
        missing = "annotator" if item else "item"
        return fault(PART_MALFORMED, line, missing, what=f"The cell «{missing}»")
    if not label and given.get("cancelled", "").strip().casefold() not in TRUE:
        return fault(LABEL_EMPTY, line, "label")
    for what, value, longest in (
        ("The name of an item", item, LONGEST_ITEM),
        ("The name of an annotator", annotator, LONGEST_LABEL),
        ("A label", label, LONGEST_LABEL),
    ):
        if long := too_long(what, value, longest, line, ""):
            return long
    key = item, annotator, label
    if key in seen:
        return fault(ID_TWICE, line, "", id=f"{item}, {annotator}, {label}"[:200], first=seen[key])
    seen[key] = line
    flags = _flags(given, line)
    if isinstance(flags, Fault):
        return flags
    seconds = number(given["seconds"]) if given.get("seconds", "").strip() else None
    if given.get("seconds", "").strip() and (seconds is None or seconds < 0):
        return fault(PART_MALFORMED, line, "seconds", what="The cell «seconds»")
    tally.items.add(item)
    return Annotation(
        line=line,
        item=item,
        annotator=annotator,
        label=label,
        is_gold=flags["ground_truth"],
        was_cancelled=flags["cancelled"],
        is_machine=flags["machine"],
        seconds=seconds,
    )


def _flags(given: Mapping[str, str], line: int) -> dict[str, bool] | Fault:
    found: dict[str, bool] = {}
    for name in FLAGS:
        said = given.get(name, "").strip().casefold()
        if said not in TRUE | FALSE:
            return fault(PART_MALFORMED, line, name, what=f"The cell «{name}»")
        found[name] = said in TRUE
    return found
