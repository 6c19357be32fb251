"""Values that recur in a policy set: a line of text, several of them, a whole number, known words."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Any

from apps.policy.house.faults import Faults
from apps.policy.house.text import Place

MOST_WORDS = 200
_NOT_IN_LINE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of what breaks a line, is not seen, or turns the direction of writing."""


def is_number(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def is_line(value: Any, longest: int) -> bool:
    is_text = isinstance(value, str) and len(value.strip()) > 0 and len(value) <= longest
    return is_text and not any(unicodedata.category(each) in _NOT_IN_LINE for each in value)


def read_line(faults: Faults, stated: dict[str, Any], place: Place, *, longest: int) -> str:
    value = stated[str(place[-1])]
    if is_line(value, longest):
        return str(value)
    faults.wrong(place, f"one line of text of at most {longest} characters")
    return ""


def read_lines(faults: Faults, stated: dict[str, Any], place: Place, *, longest: int) -> tuple[str, ...]:
    value = stated[str(place[-1])]
    if isinstance(value, list) and len(value) <= MOST_WORDS and all(is_line(each, longest) for each in value):
        return tuple(value)
    faults.wrong(place, "a list of lines of text")
    return ()


def read_words(faults: Faults, value: Any, place: Place, known: Collection[str] = ()) -> frozenset[str]:
    """A word, or a list of words; `known` empty: any word."""
    words = value if isinstance(value, list) else [value]
    is_text = all(is_line(word, 100) for word in words)
    is_some = 0 < len(words) <= MOST_WORDS
    if is_text and is_some and (not known or set(words) <= set(known)):
        return frozenset(words)
    faults.wrong(place, f"one or several of: {', '.join(sorted(known))}" if known else "a list of words")
    return frozenset()


def read_number(faults: Faults, value: Any, place: Place, low: int, high: int) -> int | None:
    if is_number(value, low, high):
        return int(value)
    faults.wrong(place, f"a whole number from {low} to {high}")
    return None


def read_flag(faults: Faults, value: Any, place: Place) -> bool:
    if isinstance(value, bool):
        return value
    faults.wrong(place, "true or false")
    return False
