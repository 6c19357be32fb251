"""JSON that is taken apart element by element: each with the line on which it begins, none held for long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.kernel.errors import rule_broken
from apps.labeling.imports.annotation import TOO_LARGE, Format, unreadable
from apps.labeling.imports.source import Source

BLANK = re.compile(r"[ \t\r\n]*")
LARGEST_ELEMENT = 1 << 23
"""In characters: what a single element becomes in memory is many times as large."""
LONGEST_SIGN = 16
"""What is wrong nearer to the end than this may be right with what follows."""


@dataclass(kw_only=True, slots=True)
class Element:
    """`key` of the list that it stands in; empty where the whole document is the list."""

    key: str
    line: int
    value: Any
    text: str


class _KeyTwice(ValueError):
    """In one object."""


class Elements:
    """The members of the lists of a document: of itself, or under the keys of its outermost object. `keys`:
    those that were met."""

    def __init__(self, source: Source, format: Format) -> None:
        self.format = format
        self._decoder = json.JSONDecoder(parse_constant=self._no_number, object_pairs_hook=self._no_key_twice)
        self._pieces = source.pieces()
        self._text, self._at = "", 0
        self._line, self._counted = 1, 0
        self.keys: set[str] = set()

    def __iter__(self) -> Iterator[Element]:
        """Raises: RuleBroken where the document is no JSON, or goes too deep."""
        first = self._next_sign()
        if first == "[":
            yield from self._list("")
        elif first == "{":
            yield from self._object()
        else:
            raise self._malformed("it begins with neither a list nor an object", self._at)
        if self._next_sign():
            raise self._malformed("something stands behind its end", self._at)

    def _object(self) -> Iterator[Element]:
        self._at += 1
        sign = self._next_sign()
        while sign != "}":
            key = self._value()
            if not isinstance(key, str) or self._next_sign() != ":":
                raise self._malformed("a key was expected", self._at)
            if key in self.keys:
                raise self._malformed(f"the key «{key[:50]}» stands there twice", self._at)
            self.keys.add(key)
            self._at += 1
            if self._next_sign() == "[":
                yield from self._list(key)
            else:
                yield self._element(key)
            sign = self._following("}")
        self._at += 1

    def _list(self, key: str) -> Iterator[Element]:
        self._at += 1
        sign = self._next_sign()
        while sign != "]":
            yield self._element(key)
            sign = self._following("]")
        self._at += 1

    def _element(self, key: str) -> Element:
        line = self._line_of(self._at)
        value = self._value()
        return Element(key=key, line=line, value=value, text=self._text[self._began : self._at])

    def _following(self, closing: str) -> str:
        """What comes after a member: the next of them, or the end."""
        sign = self._next_sign()
        if sign == ",":
            self._at += 1
            sign = self._next_sign()
            if sign == closing:
                raise self._malformed("a comma stands before the end", self._at)
            return sign
        if sign != closing:
            raise self._malformed(f"a comma or «{closing}» was expected", self._at)
        return sign

    def _value(self) -> Any:
        """From where the reader stands; more is read until it is whole."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as fault:
                raise self._malformed("it is nested too deeply", self._at) from fault
            except json.JSONDecodeError as fault:
                may_go_on = fault.msg.startswith("Unterminated") or self._is_near_end(fault.pos)
                if may_go_on and self._more():
                    continue
                raise self._malformed(fault.msg, fault.pos) from fault
            except _KeyTwice as fault:
                raise self._malformed(str(fault), self._at) from fault
            except ValueError as fault:
                raise self._malformed("a number in it is none", self._at) from fault
            if end == len(self._text) and self._more():
                continue  # a number may have further digits
            self._began, self._at = self._at, end
            return value

    def _is_near_end(self, place: int) -> bool:
        return place + LONGEST_SIGN > len(self._text)

    def _next_sign(self) -> str:
        """Behind blanks; empty at the end of the document."""
        while True:
            found = BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, and let go of what was gone through.  Raises: RuleBroken where an element has no end."""
        held = len(self._text) - self._at
        if held > LARGEST_ELEMENT:
            line = self._line_of(self._at)
            what = f"the element in line {line} has more than {LARGEST_ELEMENT} characters"
            raise rule_broken(TOO_LARGE, field="content", what=what)
        added: list[str] = []
        while sum(map(len, added)) <= held:
            piece = next(self._pieces, "")
            if not piece:
                break
            added.append(piece)
        if not added:
            return False
        self._line_of(self._at)
        self._text = "".join((self._text[self._at :], *added))
        self._at = self._counted = 0
        return True

    def _line_of(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _malformed(self, why: str, at: int) -> Exception:
        line = self._line + self._text.count("\n", self._counted, at)
        return unreadable(self.format.value, f"line {line}: {why}")

    @staticmethod
    def _no_number(word: str) -> Any:
        raise ValueError(word)

    @staticmethod
    def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """One of the two would be lost without a word."""
        made = dict(pairs)
        if len(made) != len(pairs):
            key = next(key for number, (key, _value) in enumerate(pairs) if key in dict(pairs[:number]))
            raise _KeyTwice(f"the key «{key[:50]}» stands there twice")
        return made
