"""E-mail addresses inside exports: personal data of those who annotate. They are counted and taken out."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[\w.%+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
BEFORE = 64
AFTER = 255
TAKEN_OUT = "[address removed]"


def addresses_in(text: str, start: int = 0, end: int | None = None) -> int:
    """How often there is one; looks only around each «@», so long texts cost little."""
    end = len(text) if end is None else end
    found, at = 0, text.find("@", start, end)
    while at >= 0:
        match = _around(text, at, start, end)
        found += match is not None
        at = text.find("@", match.end() if match else at + 1, end)
    return found


def _around(text: str, at: int, start: int, end: int) -> re.Match[str] | None:
    begin = at
    while begin > max(start, at - BEFORE) and (text[begin - 1].isalnum() or text[begin - 1] in "._%+-"):
        begin -= 1
    return ADDRESS.match(text, begin, min(end, at + AFTER)) if begin < at else None


def without_addresses(text: str) -> str:
    return ADDRESS.sub(TAKEN_OUT, text) if "@" in text else text


class Pseudonyms:
    """A name for each annotator of a file. What is or holds an address becomes a number, by first sight."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def of(self, named: str) -> str:
        if "@" not in named or not ADDRESS.search(named):
            return named
        return self._given.setdefault(named.casefold(), f"annotator-{len(self._given) + 1}")
