"""E-mail addresses inside exports: personal data of those who annotate. They are counted and taken out."""

from __future__ import annotations

import re

NAME = re.compile(r"[\w.%+\-]")
HOST = re.compile(r"@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
ADDRESS = re.compile(NAME.pattern + "{1,64}" + HOST.pattern)
TAKEN_OUT = "[address removed]"


def addresses_in(text: str, start: int = 0, end: int | None = None) -> int:
    """How often there is one; looks only around each «@», so long texts cost little."""
    end = len(text) if end is None else end
    found, at = 0, text.find("@", start, end)
    while at >= 0:
        is_named = at > start and NAME.match(text, at - 1)
        host = HOST.match(text, at, end) if is_named else None
        found += host is not None
        at = text.find("@", host.end() if host else at + 1, end)
    return found


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
