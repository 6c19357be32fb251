"""Logs where they lie, in batches: each says how far it came, so that reading goes on from there."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import monotonic

from apps.lakes.providers.logs import cloudtrail, gate, rgw
from apps.lakes.providers.logs.lines import Splitter
from apps.lakes.providers.logs.touch import NotUnderstood, Touch

BATCH = 2000
PIECE = 64 * 1024
QUIET_SECONDS = 2.0
"""A stream that says nothing for so long hands over what it has."""
QUIET_BATCH_SECONDS = 60.0
"""A stream that says nothing for longer is told to be read nevertheless."""


class LogKind(StrEnum):
    """Who wrote it."""

    RGW = "rgw"
    CLOUDTRAIL = "cloudtrail"
    DEMO = "demo"


class NotReadable(Exception):
    """A log that cannot be opened; says which, for whoever runs the reader."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Entries in their order. `position` is behind the last: bytes of a file of lines, events of a document;
    nought of a stream, which cannot be read again. `others` were asked by no lease. `is_last`: the file is
    one that does not grow, and this was its end."""

    touches: tuple[Touch, ...] = ()
    others: int = 0
    unreadable: int = 0
    position: int = 0
    is_last: bool = False


@dataclass(frozen=True, kw_only=True)
class LineKind:
    bare: Callable[[bytes], bytes]
    touch_of: Callable[[bytes], Touch | None]


KINDS = {
    LogKind.RGW: LineKind(bare=rgw.bare, touch_of=rgw.touch_of),
    LogKind.DEMO: LineKind(bare=bytes.strip, touch_of=gate.touch_of),
}
"""Of those logs that are lines."""


def lines_of(kind: LogKind, lines: Iterable[bytes | None], *, position: int) -> Batch:
    """None stands for a line that was too long. Empty lines count for nothing."""
    form = KINDS[kind]
    bare = [None if line is None else form.bare(line) for line in lines]
    return _batch((line for line in bare if line != b""), form.touch_of, position=position)


def lines_in(path: Path, kind: LogKind, *, start: int) -> Iterator[Batch]:
    """What a file holds behind `start`; an unfinished last line waits.  Raises: NotReadable."""
    splitter, held = Splitter(), list[bytes | None]()
    try:
        with path.open("rb") as file:
            file.seek(start)
            while piece := file.read(PIECE):
                held.extend(splitter.feed(piece))
                if len(held) >= BATCH:
                    yield lines_of(kind, held, position=start + splitter.taken)
                    held.clear()
    except OSError as fault:
        raise NotReadable(f"{path} cannot be read: {fault.strerror}.") from fault
    yield lines_of(kind, held, position=start + splitter.taken)


def _always() -> bool:
    return True


def lines_told_by(path: Path, kind: LogKind, goes_on: Callable[[], bool] = _always) -> Iterator[Batch]:
    """What a server writes into its socket, until it closes it or the reader is to stop: then what was told
    by that time is handed over, too.  Raises: NotReadable."""
    splitter, held = Splitter(), list[bytes | None]()
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(QUIET_SECONDS)
        try:
            stream.connect(str(path))
        except OSError as fault:
            raise NotReadable(f"{path} cannot be opened: {fault.strerror}.") from fault
        told_at = monotonic()
        while goes_on() and (piece := _piece(stream)) != b"":
            held.extend(splitter.feed(piece or b""))
            is_due = monotonic() - told_at >= QUIET_BATCH_SECONDS or bool(held)
            if len(held) >= BATCH or (piece is None and is_due):
                yield lines_of(kind, held, position=0)
                held.clear()
                told_at = monotonic()
        stream.settimeout(0)
        while len(held) < BATCH and (piece := _piece(stream)):
            held.extend(splitter.feed(piece))
    yield lines_of(kind, held, position=0)


def events_in(path: Path, *, start: int) -> Iterator[Batch]:
    """The events of a file of CloudTrail behind `start`. A file that is none counts as one that was not
    understood.  Raises: NotReadable."""
    try:
        records = cloudtrail.records_in(path)[start:]
    except NotUnderstood:
        yield Batch(unreadable=1, position=start, is_last=True)
        return
    except OSError as fault:
        raise NotReadable(f"{path} cannot be read: {fault.strerror}.") from fault
    for first in range(0, max(1, len(records)), BATCH):
        some = records[first : first + BATCH]
        found = _batch(some, cloudtrail.touch_of, position=start + first + len(some))
        yield replace(found, is_last=first + BATCH >= len(records))


def _piece(stream: socket.socket) -> bytes | None:
    """None where nothing came for a while; empty where nothing comes any more."""
    try:
        return stream.recv(PIECE)
    except (TimeoutError, BlockingIOError):
        return None
    except ConnectionError:
        return b""


def _batch(entries: Iterable[object], touch_of: Callable[..., Touch | None], *, position: int) -> Batch:
    touches: list[Touch] = []
    others = unreadable = 0
    for entry in entries:
        try:
            touch = touch_of(entry) if entry is not None else _too_long()
        except NotUnderstood:
            unreadable += 1
            continue
        if touch is None:
            others += 1
        else:
            touches.append(touch)
    return Batch(touches=tuple(touches), others=others, unreadable=unreadable, position=position)


def _too_long() -> Touch | None:
    raise NotUnderstood
