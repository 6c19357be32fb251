"""Many names, looked for in what was told."""

from __future__ import annotations

import re
from collections.abc import Collection

BEGINS = re.compile(r"(?<!\w)")
ENDS = re.compile(r"(?!\w)")


class Names:
    """Every place where a name could stand is looked up, so ten thousand names cost as much as one."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in self._names})

    def is_one_in(self, text: str) -> bool:
        """Whether one of them stands there as a whole, and not within a word."""
        ends = {place.start() for place in ENDS.finditer(text)}
        return any(
            text[begin.start() : begin.start() + length] in self._names
            for begin in BEGINS.finditer(text)
            for length in self._lengths
            if begin.start() + length in ends
        )
