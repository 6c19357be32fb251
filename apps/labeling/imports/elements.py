"""JSON that is taken apart element by element: each with the line on which it begins, none held for long."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from apps.kernel.errors import rule_broken
from apps.labeling.imports.annotation import UNREADABLE, Format

BLANK = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, kw_only=True)
class Element:
    """`key` of the list that it stands in; empty where the whole document is the list. `start` and `end` say
    where its text stands."""

    key: str
    line: int
    value: Any
    start: int
    end: int


class Elements:
    """The members of the lists of a document: of itself, or under the keys of its outermost object."""

    def __init__(self, text: str, format: Format) -> None:
        self.text = text
        self.format = format
        self._decoder = json.JSONDecoder(parse_constant=self._no_number)
        self._line, self._counted = 1, 0

    def __iter__(self) -> Iterator[Element]:
        """Raises: RuleBroken where the document is no JSON, or goes too deep."""
        at = self._skip(0)
        if self.text.startswith("[", at):
            at = yield from self._list("", at)
        elif self.text.startswith("{", at):
            at = yield from self._object(at)
        else:
            raise self._malformed("it begins with neither a list nor an object", at)
        if self._skip(at) != len(self.text):
            raise self._malformed("something stands behind its end", at)

    def _object(self, at: int) -> Generator[Element, None, int]:
        at = self._skip(at + 1)
        seen: set[str] = set()
        while not self.text.startswith("}", at):
            key, at = self._value(at)
            if not isinstance(key, str) or not self.text.startswith(":", at := self._skip(at)):
                raise self._malformed("a key was expected", at)
            if key in seen:
                raise self._malformed(f"the key «{key[:50]}» stands there twice", at)
            seen.add(key)
            at = self._skip(at + 1)
            if self.text.startswith("[", at):
                at = yield from self._list(key, at)
            else:
                start = at
                value, at = self._value(at)
                yield Element(key=key, line=self._line_of(start), value=value, start=start, end=at)
            at = self._next(at, "}")
        return at + 1

    def _list(self, key: str, at: int) -> Generator[Element, None, int]:
        at = self._skip(at + 1)
        while not self.text.startswith("]", at):
            start = at
            value, at = self._value(at)
            yield Element(key=key, line=self._line_of(start), value=value, start=start, end=at)
            at = self._next(at, "]")
        return at + 1

    def _next(self, at: int, closing: str) -> int:
        at = self._skip(at)
        if self.text.startswith(",", at):
            at = self._skip(at + 1)
            if self.text.startswith(closing, at):
                raise self._malformed("a comma stands before the end", at)
            return at
        if not self.text.startswith(closing, at):
            raise self._malformed(f"a comma or «{closing}» was expected", at)
        return at

    def _value(self, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self.text, at)
        except RecursionError as fault:
            raise self._malformed("it is nested too deeply", at) from fault
        except json.JSONDecodeError as fault:
            raise self._malformed(fault.msg, fault.pos) from fault
        except ValueError as fault:
            raise self._malformed("a number in it is none", at) from fault

    def _skip(self, at: int) -> int:
        found = BLANK.match(self.text, at)
        return found.end() if found else at

    def _line_of(self, at: int) -> int:
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _malformed(self, why: str, at: int) -> Exception:
        line = 1 + self.text.count("\n", 0, at)
        return rule_broken(UNREADABLE, field="content", format=self.format.value, why=f"line {line}: {why}")

    @staticmethod
    def _no_number(word: str) -> Any:
        raise ValueError(word)
