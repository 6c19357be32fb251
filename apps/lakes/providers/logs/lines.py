"""Lines out of bytes that come in pieces. One that is too long is passed over, and told."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_LINE = 64 * 1024


class Splitter:
    """`taken` counts the bytes of all lines that were given out: where to go on after a stop."""

    def __init__(self) -> None:
        self.taken = 0
        self._rest = b""
        self._passed_over = 0

    def feed(self, piece: bytes) -> Iterator[bytes | None]:
        """Every line that is whole by now; None for one that was too long."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        for line in whole:
            is_whole = not self._passed_over and len(line) <= LONGEST_LINE
            self.taken += self._passed_over + len(line) + 1
            self._passed_over = 0
            yield line if is_whole else None
        if len(self._rest) > LONGEST_LINE:
            self._passed_over += len(self._rest)
            self._rest = b""
