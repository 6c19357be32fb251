"""A small table within a form: rows to write into, each fault at its row, rows added, moved and taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from apps.console.legal import Term

BLANK_ROWS = 2
MOST_ROWS = 100
PLACE = re.compile(r"row:(?P<number>\d+):(?P<column>\w*)")
ACT = re.compile(r"(?P<name>\w+):(?P<act>add|remove|up):(?P<number>\d{1,3})")


@dataclass(frozen=True, kw_only=True)
class Column:
    """`options` makes it a choice. `is_short`: a few letters; `is_long`: several lines."""

    name: str
    label: Any
    help: Any = ""
    options: tuple[tuple[str, Term], ...] = ()
    is_short: bool = False
    is_long: bool = False
    longest: int = 300


class Cells(forms.Widget):
    """Columns of one name each, read down into rows."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows = self.sent(data, name)
        return [rows[number] for number in self.filled(data, name)]

    def sent(self, data: Any, name: str) -> list[dict[str, str]]:
        """All rows, with those in which nothing stands."""
        given = [data.getlist(f"{name}-{column}")[:MOST_ROWS] for column in self.columns]
        longest = max(map(len, given), default=0)
        filled = [[*cells, *[""] * (longest - len(cells))] for cells in given]
        return [dict(zip(self.columns, cells, strict=True)) for cells in zip(*filled, strict=True)]

    def filled(self, data: Any, name: str) -> list[int]:
        """Which of the rows that were sent hold something."""
        rows = self.sent(data, name)
        return [number for number, row in enumerate(rows) if any(text.strip() for text in row.values())]


@dataclass(frozen=True, kw_only=True)
class Cell:
    id: str
    column: Column
    text: str
    is_wrong: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """`number` counts from 1. `is_next`: the blank one that is written into next."""

    id: str
    number: int
    cells: list[Cell]
    errors: list[str]
    is_next: bool


class Rows(forms.Field):
    """Filled rows, and some blank ones to write into."""

    shape = "rows"

    def __init__(self, *, columns: tuple[Column, ...], read: Callable[[dict[str, str]], Any], **options: Any):
        super().__init__(widget=Cells(tuple(column.name for column in columns)), required=False, **options)
        self.columns, self.read = columns, read

    def clean(self, value: Any) -> tuple[Any, ...]:
        rows: list[Any] = []
        wrong: list[forms.ValidationError] = []
        for number, row in enumerate(value or ()):
            try:
                rows.append(self.read({name: text.strip() for name, text in row.items()}))
            except forms.ValidationError as fault:
                told = fault.error_dict if hasattr(fault, "error_dict") else {"": [fault]}
                wrong += [
                    at_row(number, text, column)
                    for column, faults in told.items()
                    for each in faults
                    for text in each.messages
                ]
        if wrong:
            raise forms.ValidationError(wrong)
        return tuple(rows)


def at_row(number: int, text: Any, column: str = "") -> forms.ValidationError:
    return forms.ValidationError(text, code=f"row:{number}:{column}")


def place_of(error: forms.ValidationError) -> tuple[int, str] | None:
    """The row that an error is about, counted from 0, and its column; nothing where it is about no row."""
    found = PLACE.fullmatch(str(error.code or ""))
    return (int(found["number"]), found["column"]) if found else None


def errors_of(field: forms.BoundField) -> list[tuple[tuple[int, str] | None, str]]:
    """Each with the row that it is about."""
    found = field.form.errors.as_data().get(field.name, ())
    return [(place_of(each), str(text)) for each in found for text in each]


def rows_of(field: forms.BoundField) -> list[Row]:
    """The rows there are, and blank ones after them: as many as there were, one at the least."""
    table: Any = field.field
    filled = list(field.value() or ())
    blank = BLANK_ROWS
    if field.form.is_bound:
        blank = max(1, len(table.widget.sent(field.form.data, field.html_name)) - len(filled))
    return [
        _row(field, number, row, is_next=number == len(filled))
        for number, row in enumerate([*filled, *[{}] * blank])
    ]


def _row(field: forms.BoundField, number: int, row: dict[str, str], *, is_next: bool) -> Row:
    table: Any = field.field
    told, row_id = errors_of(field), f"{field.auto_id}_{number + 1}"
    wrong = {place for place, _ in told}
    return Row(
        id=row_id,
        number=number + 1,
        cells=[
            Cell(
                id=f"{row_id}_{column.name}",
                column=column,
                text=row.get(column.name) or "",
                is_wrong=(number, column.name) in wrong,
            )
            for column in table.columns
        ],
        errors=[text for place, text in told if place and place[0] == number],
        is_next=is_next,
    )


def told_in_place(field: forms.BoundField) -> list[tuple[str, list[str]]]:
    """Of every row as it was sent, blank ones among them: its id, and what is wrong with it."""
    table: Any = field.field
    filled = table.widget.filled(field.form.data, field.html_name)
    sent = range(len(table.widget.sent(field.form.data, field.html_name)))
    told: dict[str, list[str]] = {f"{field.auto_id}_{number + 1}": [] for number in sent}
    for place, text in errors_of(field):
        if place and place[0] < len(filled):
            told[f"{field.auto_id}_{filled[place[0]] + 1}"].append(text)
    return list(told.items())


def moved(sent: QueryDict, form: type[forms.Form]) -> tuple[QueryDict, str]:
    """What was sent, with a row more, without one, or with one further up, as its button says; and of which
    table. What is no such act changes nothing."""
    found = ACT.fullmatch(sent.get("rows", ""))
    table: Any = form.base_fields.get(found["name"]) if found else None
    if found is None or not isinstance(table, Rows):
        return sent, ""
    name, number, after = found["name"], int(found["number"]) - 1, sent.copy()
    rows = table.widget.sent(sent, name)
    if found["act"] == "add" and len(rows) < MOST_ROWS:
        rows.append(dict.fromkeys(table.widget.columns, ""))
    elif found["act"] == "remove" and 0 <= number < len(rows):
        del rows[number]
    elif found["act"] == "up" and 0 < number < len(rows):
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    for column in table.widget.columns:
        after.setlist(f"{name}-{column}", [row[column] for row in rows])
    return after, name
