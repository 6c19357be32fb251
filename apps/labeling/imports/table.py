"""CSV: a line for each annotation. The first line names the columns: `item`, `annotator` and `label`, and
where there are such `at` (a day or a point in time), `seconds`, `role` (annotator, adjudicator or reviewer),
`ground_truth`, `cancelled` and `machine`, and `start` and `end` of a part of a text or a recording. A line
without a label that says it was not given up (`cancelled` is 0) was handed in with nothing on it."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from apps.kernel.characters import NOT_STORED
from apps.labeling.imports.addresses import addresses_in
from apps.labeling.imports.annotation import (
    ID_TWICE,
    LABEL_EMPTY,
    OUTSIDE,
    PART_EMPTY,
    PART_MALFORMED,
    Annotation,
    Fault,
    Format,
    Read,
    Tally,
    fault,
    unreadable,
)
from apps.labeling.imports.pieces import LONGEST_ITEM, LONGEST_LABEL, number, too_long, word
from apps.labeling.imports.source import Source
from apps.labeling.imports.worked import day_of
from apps.labeling.measures.shapes import Span

NEEDED = ("item", "annotator", "label")
FLAGS = ("ground_truth", "cancelled", "machine")
PART = ("start", "end")
KNOWN = {*NEEDED, *FLAGS, *PART, "at", "role", "seconds"}
ROLES = {"": False, "annotator": False, "adjudicator": True, "reviewer": True}
"""Whether they settle what others said."""
TRUE = {"1", "true", "yes"}
FALSE = {"0", "false", "no"}
FLAG = {**dict.fromkeys(TRUE, True), **dict.fromkeys(("", *FALSE), False)}
BITS = 24
"""For the number of a text: more than a file has."""
SEPARATORS = (",", ";", "\t")


def head_of(text: str) -> tuple[str, ...]:
    """The columns that the first line names, in small letters."""
    line = text.partition("\n")[0]
    separator = _separator(line)
    return tuple(cell.strip().strip('"').casefold() for cell in line.strip().split(separator))


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def read_table(source: Source, tally: Tally) -> Read:
    """Raises: RuleBroken where it is no table, or a column is missing, unknown or there twice."""
    first = next(source.lines())
    head = head_of(first)
    if len(set(head)) != len(head) or not set(NEEDED) <= set(head) or not set(head) <= KNOWN:
        raise _unreadable(f"its columns are {', '.join(head)[:200]}")
    lines = csv.reader(source.lines(), delimiter=_separator(first.partition("\n")[0]), strict=True)
    table = _Table(head, tally)
    try:
        next(lines)
        for cells in lines:
            if not any(cells) or not any(cell.strip() for cell in cells):
                continue
            tally.one_more()
            yield table.annotation(cells, lines.line_num)
    except csv.Error as wrong:
        raise _unreadable(f"line {lines.line_num}: {wrong}") from wrong


def _unreadable(why: str) -> Exception:
    return unreadable(Format.CSV.value, why)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sound:
    """What a cell comes to, the number of those before it, and how many addresses stand in it."""

    text: str
    number: int
    emails: int


class _Table:
    """Tables say the same again and again: each cell is looked at once, and each text is kept once."""

    def __init__(self, head: tuple[str, ...], tally: Tally) -> None:
        self._head = head
        self._tally = tally
        self._item, self._annotator, self._label = (head.index(name) for name in NEEDED)
        self._others = tuple((name, place) for place, name in enumerate(head) if name not in NEEDED)
        self._items: dict[str, _Sound] = {}
        self._annotators: dict[str, _Sound] = {}
        self._labels: dict[str, _Sound] = {}
        self._numbers: dict[str, int] = {}
        self._seen: dict[int | tuple[int, Span], int] = {}

    def annotation(self, cells: list[str], line: int) -> Annotation | Fault:
        made = self._read(cells, line)
        if isinstance(made, Fault):
            self._tally.emails += sum(map(addresses_in, cells))
        return made

    def _read(self, cells: list[str], line: int) -> Annotation | Fault:
        if len(cells) != len(self._head):
            return fault(PART_MALFORMED, line, "", what=f"One of {len(self._head)} cells")
        item = self._items.get(cells[self._item])
        annotator = self._annotators.get(cells[self._annotator])
        label = self._labels.get(cells[self._label])
        if item is None or annotator is None or label is None:
            looked = self._look_at(cells, line)
            if isinstance(looked, Fault):
                return looked
            item, annotator, label = looked
        others = {name: cells[place] for name, place in self._others}
        if not label.text and others.get("cancelled", "").strip().casefold() not in TRUE | FALSE:
            return fault(LABEL_EMPTY, line, "label")
        span = self._part(others, line) if "start" in others or "end" in others else None
        if isinstance(span, Fault):
            return span
        if not label.text and span is not None:
            return fault(LABEL_EMPTY, line, "label")
        number_of_it = item.number << 2 * BITS | annotator.number << BITS | label.number
        key = (number_of_it, span) if span else number_of_it
        if first := self._seen.get(key):
            said = f"{item.text}, {annotator.text}, {label.text}"
            return fault(ID_TWICE, line, "", id=said[:200], first=first)
        self._seen[key] = line
        flags = {name: _flag(others[name]) if name in others else False for name in FLAGS}
        for name, flag in flags.items():
            if flag is None:
                return fault(PART_MALFORMED, line, name, what=f"The cell «{name}»")
        if flags["ground_truth"] and flags["machine"]:
            return fault(PART_MALFORMED, line, "machine", what="The cell «machine», beside «ground_truth»,")
        took = others.get("seconds", "").strip()
        seconds = number(took) if took else None
        if took and (seconds is None or seconds < 0):
            return fault(PART_MALFORMED, line, "seconds", what="The cell «seconds»")
        is_settled = ROLES.get(others.get("role", "").strip().casefold())
        if is_settled is None:
            return fault(PART_MALFORMED, line, "role", what="The cell «role»")
        if (
            "at" in others
            and not flags["machine"]
            and (wrong := self._worked(annotator.text, others["at"].strip(), seconds, line))
        ):
            return wrong
        self._tally.items.add(item.text)
        self._tally.emails += item.emails + annotator.emails + label.emails
        return Annotation(
            line=line,
            item=item.text,
            annotator=annotator.text,
            label=label.text,
            shape=span,
            is_region=span is not None,
            is_gold=flags["ground_truth"] is True,
            was_cancelled=flags["cancelled"] is True,
            is_machine=flags["machine"] is True,
            is_settled=is_settled,
            seconds=seconds,
        )

    @staticmethod
    def _part(others: dict[str, str], line: int) -> Span | Fault | None:
        start, end = (others.get(name, "").strip() for name in PART)
        if not start and not end:
            return None
        begin, until = number(start), number(end)
        if begin is None or until is None:
            return fault(PART_MALFORMED, line, "start", what="The cell «start» or «end»")
        if until <= begin:
            return fault(PART_EMPTY, line, "end", start=f"{begin:g}", end=f"{until:g}")
        if begin < 0:
            return fault(OUTSIDE, line, "start", where=f"{begin:g} to {until:g}")
        return Span(start=begin, end=until)

    def _worked(self, annotator: str, at: str, seconds: float | None, line: int) -> Fault | None:
        day = day_of(at) if at else None
        if at and day is None:
            return fault(PART_MALFORMED, line, "at", what="The cell «at»")
        self._tally.work[annotator].add(seconds, day)
        return None

    def _look_at(self, cells: list[str], line: int) -> tuple[_Sound, _Sound, _Sound] | Fault:
        """Cells of which one at least was not seen before."""
        people = self._tally.named
        given = cells[self._item], cells[self._annotator], cells[self._label]
        item, label = word(given[0], people), word(given[2], people)
        annotator = people.of(NOT_STORED.sub("", given[1]).strip())
        if not item or not annotator:
            missing = "annotator" if item else "item"
            return fault(PART_MALFORMED, line, missing, what=f"The cell «{missing}»")
        for what, value, longest in (
            ("The name of an item", item, LONGEST_ITEM),
            ("The name of an annotator", annotator, LONGEST_LABEL),
            ("A label", label, LONGEST_LABEL),
        ):
            if long := too_long(what, value, longest, line, ""):
                return long
        return (
            self._kept(self._items, given[0], item),
            self._kept(self._annotators, given[1], annotator),
            self._kept(self._labels, given[2], label),
        )

    def _kept(self, among: dict[str, _Sound], cell: str, text: str) -> _Sound:
        number_of_it = self._numbers.setdefault(text, len(self._numbers))
        return among.setdefault(cell, _Sound(text=text, number=number_of_it, emails=addresses_in(cell)))


def _flag(cell: str) -> bool | None:
    said = FLAG.get(cell)
    return FLAG.get(cell.strip().casefold()) if said is None else said
