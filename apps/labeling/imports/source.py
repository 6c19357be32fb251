"""The text of a file, gone through piece by piece as often as a format asks for; it is never held whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from apps.kernel.errors import rule_broken
from apps.labeling.imports.annotation import TOO_LARGE, unreadable

LARGEST = 400 * 1024 * 1024
HEAD = 4096
PIECE = 1 << 18
LONGEST_LINE = 1 << 20
"""Of a table: no cell in it may be longer than the reader of tables takes."""

Told = Callable[[int, int], None]
"""How many bytes were gone through, of how many."""


class Source:
    """UTF-8, with or without a mark at its beginning. `told` hears how far it was read, piece by piece."""

    def __init__(self, file: BinaryIO, told: Told | None = None) -> None:
        """Raises: RuleBroken where it is too large, or no UTF-8."""
        self._file = file
        self._told = told
        self._furthest = 0
        self.size = file.seek(0, io.SEEK_END)
        if self.size > LARGEST:
            what = f"{self.size} bytes, where {LARGEST} are taken"
            raise rule_broken(TOO_LARGE, field="content", what=what)
        self._check_characters()
        file.seek(0)
        self.head = file.read(HEAD).decode("utf-8-sig", errors="ignore")

    def pieces(self) -> Iterator[str]:
        """From the beginning."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield decoder.decode(piece)
            self._tell()

    def lines(self) -> Iterator[str]:
        """From the beginning, each with its end.  Raises: RuleBroken where one is far too long."""
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding="utf-8-sig", newline="")
        try:
            for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE), ""), 1):
                if len(line) == LONGEST_LINE:
                    what = f"line {number} has more than {LONGEST_LINE} characters"
                    raise rule_broken(TOO_LARGE, field="content", what=what)
                yield line
                if not number % 10_000:
                    self._tell()
            self._tell()
        finally:
            text.detach()

    def _tell(self) -> None:
        at = self._file.tell()
        if self._told and at > self._furthest:
            self._furthest = at
            self._told(at, self.size)

    def _check_characters(self) -> None:
        """Once for all passes, so that none of them breaks off over a byte."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        self._file.seek(0)
        begun, is_over = 0, False
        while not is_over:
            piece = self._file.read(PIECE)
            is_over = not piece
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(piece, final=is_over)
            except UnicodeDecodeError as wrong:
                why = f"byte {begun - held + wrong.start} is no UTF-8"
                raise unreadable("text", why) from wrong
            begun += len(piece)
