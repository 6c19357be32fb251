"""Which rows remain: comparisons of columns with what is written down, joined by AND and OR.

Read by hand and never run: there is nothing in it but columns, comparisons and constants. A comparison with a
missing value does not hold, so a row of which something is not known stays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.kernel.errors import InvalidInput, invalid
from apps.preparing.errors import ROWS_MALFORMED, ROWS_TOO_LONG

MOST_LETTERS = 2000
MOST_COMPARISONS = 50
DEEPEST = 10


class Comparing(StrEnum):
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, kw_only=True)
class Comparison:
    column: str
    how: Comparing
    value: str | Decimal


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Whether the value is missing, or there."""

    column: str
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class Joined:
    """All of them hold, or any of them."""

    parts: tuple[Rows, ...]
    takes_all: bool


Rows = Comparison | Missing | Joined


def columns_compared(rows: Rows | None) -> frozenset[str]:
    """What the rows that remain tell something about."""
    if rows is None:
        return frozenset()
    if isinstance(rows, Joined):
        return frozenset[str]().union(*(columns_compared(part) for part in rows.parts))
    return frozenset({rows.column})


def parsed_rows(text: str) -> Rows | None:
    """None where all rows remain.  Raises: InvalidInput, with the place where it cannot be read."""
    if not text.strip():
        return None
    if len(text) > MOST_LETTERS:
        raise invalid("rows", ROWS_TOO_LONG, most=MOST_LETTERS)
    return _Reading(text).whole()


def as_text(rows: Rows | None) -> str:
    """One way of writing it, whatever was typed."""
    match rows:
        case None:
            return ""
        case Missing():
            return f"{_quoted(rows.column)} IS {'NOT NULL' if rows.is_there else 'NULL'}"
        case Comparison():
            return f"{_quoted(rows.column)} {rows.how.value} {_constant(rows.value)}"
        case Joined():
            word = " AND " if rows.takes_all else " OR "
            return word.join(_in_brackets(part) for part in rows.parts)


def _in_brackets(part: Rows) -> str:
    return f"({as_text(part)})" if isinstance(part, Joined) else as_text(part)


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _constant(value: str | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else "'" + value.replace("'", "''") + "'"


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?![\w.]))
      | '(?P<text>(?:[^']|'')*)'
      | "(?P<column>(?:[^"]|"")+)"
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|=|<|>|\(|\))
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class _Token:
    kind: str
    text: str
    at: int

    def says(self, word: str) -> bool:
        return self.kind in {"word", "sign"} and self.text.upper() == word


class _Reading:
    """Recursive descent; AND binds closer than OR."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._comparisons = 0

    def whole(self) -> Rows:
        rows = self._either(0)
        if self._token.kind != "end":
            raise _unreadable(self._token.at)
        return rows

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, *words: str) -> _Token | None:
        token = self._token
        if not any(token.says(word) for word in words):
            return None
        self._next += 1
        return token

    def _either(self, depth: int) -> Rows:
        parts = [self._every(depth)]
        while self._take("OR"):
            parts.append(self._every(depth))
        return parts[0] if len(parts) == 1 else Joined(parts=tuple(parts), takes_all=False)

    def _every(self, depth: int) -> Rows:
        parts = [self._one(depth)]
        while self._take("AND"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Joined(parts=tuple(parts), takes_all=True)

    def _one(self, depth: int) -> Rows:
        opening = self._take("(")
        if opening is None:
            return self._comparison()
        if depth == DEEPEST:
            raise _unreadable(opening.at)
        rows = self._either(depth + 1)
        if not self._take(")"):
            raise _unreadable(self._token.at)
        return rows

    def _comparison(self) -> Rows:
        named = self._token
        self._comparisons += 1
        if named.kind not in {"column", "word"} or self._comparisons > MOST_COMPARISONS:
            raise _unreadable(named.at)
        self._next += 1
        if self._take("IS"):
            is_there = self._take("NOT") is not None
            if not self._take("NULL"):
                raise _unreadable(self._token.at)
            return Missing(column=named.text, is_there=is_there)
        how = self._take("=", "!=", "<>", "<", "<=", ">", ">=")
        value = self._token
        if how is None or value.kind not in {"number", "text"}:
            raise _unreadable(value.at)
        self._next += 1
        return Comparison(
            column=named.text,
            how=Comparing(how.text.replace("<>", "!=")),
            value=Decimal(value.text) if value.kind == "number" else value.text,
        )


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _unreadable(len(text) - len(text[at:].lstrip()))
        kind = found.lastgroup
        plain = found.group(kind)
        if kind in {"text", "column"}:
            mark = "'" if kind == "text" else '"'
            plain = plain.replace(mark * 2, mark)
        yield _Token(kind=kind, text=plain, at=found.start(kind))
        at = found.end()
    yield _Token(kind="end", text="", at=end)


def _unreadable(at: int) -> InvalidInput:
    return invalid("rows", ROWS_MALFORMED, position=at + 1)
