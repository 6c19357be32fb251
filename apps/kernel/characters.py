"""Which characters a text may hold: what cannot be stored, nowhere; what misleads the eye, in no name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from apps.kernel.errors import invalid
from apps.policy.reason import declare

CHARACTER_REFUSED = declare(
    "CHARACTER_REFUSED",
    "The text contains %(character)s, which no text may contain.",
    "Remove the character.",
)
NAME_CHARACTER = declare(
    "NAME_CHARACTER",
    "The name contains %(character)s, which cannot be seen and changes how what stands around it is read.",
    "Type the name anew, on one line.",
)

NOT_STORED = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL stores no NUL, and a surrogate by itself is no character."""
NOT_IN_LINE = frozenset({"Cc", "Zl", "Zp", "Cs"})
"""Unicode categories of controls and of what breaks a line."""
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs", "Cs"})
OVERRIDES = frozenset("\u202d\u202e")
ENDS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
"""What turns the direction of writing, and what ends it. Joiners and marks of scripts are not among them."""
TURNING = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Bidirectional classes (Unicode, annex 9) that change the order in which their neighbours are shown."""


def check_texts(arguments: Mapping[str, Any]) -> None:
    """Raises: InvalidInput where a text among the arguments, however deep, cannot be stored."""
    for field, text in _texts(arguments):
        if found := NOT_STORED.search(text):
            raise invalid(field, CHARACTER_REFUSED, character=codepoint(found[0]))


def check_name(name: str, field: str = "name") -> None:
    """Raises: InvalidInput where a name holds what would mislead whoever reads it, or a line around it.

    An override shows letters in another order than they stand in. What turns the direction and is never
    ended goes on turning the text behind the name.
    """
    open_ends: list[str] = []
    for character in name:
        if character in ENDS:
            open_ends.append(ENDS[character])
        elif open_ends and character == open_ends[-1]:
            open_ends.pop()
        elif is_misleading(character):
            raise invalid(field, NAME_CHARACTER, character=codepoint(character))
    if open_ends:
        opened = next(start for start, end in ENDS.items() if end == open_ends[-1] and start in name)
        raise invalid(field, NAME_CHARACTER, character=codepoint(opened))


def is_misleading(character: str) -> bool:
    """By itself, or as an end of nothing."""
    return (
        unicodedata.category(character) in NOT_IN_LINE or character in OVERRIDES or character in ENDS.values()
    )


def is_turning(text: str) -> bool:
    """Whether letters of it run the other way, and would turn what stands beside them."""
    return any(unicodedata.bidirectional(letter) in TURNING for letter in text)


def kept_apart(name: str, longest: int) -> str:
    """A name inside a longer one: cut where it is too long, and by itself where it is of the other
    direction."""
    plain = "".join(each for each in name if each not in ENDS and each not in ENDS.values())
    return f"\u2068{plain[: longest - 2]}\u2069" if is_turning(plain) else plain[:longest]


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen."""
    return all(unicodedata.category(character) in UNSEEN for character in text)


def codepoint(character: str) -> str:
    return f"U+{ord(character):04X}"


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text with its place: fields of an object by their names alone, members of a list by number."""
    for name, value in values.items():
        if is_dataclass(value) and not isinstance(value, type):
            yield from _texts({field.name: getattr(value, field.name) for field in fields(value)})
        else:
            yield from _within(name, value)


def _within(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(f"{path}.{field.name}", getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _within(f"{path}.{key}", member)
    elif isinstance(value, Collection) and not isinstance(value, bytes | bytearray | memoryview):
        for position, member in enumerate(value):
            yield from _within(f"{path}.{position}", member)
