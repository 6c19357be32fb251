"""Reading the logs of lakes, each from where it was left. A batch is one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from apps.credentials.commands.noting import SEEN_FOR, LogPlace, Noted, note_use
from apps.credentials.models import LogFile
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.lakes.providers.logs import (
    Batch,
    LogKind,
    NotReadable,
    events_in,
    lines_in,
    lines_told_by,
)

PACKED = "*.json.gz"
LONGEST_NAME = 300


def read_lines(lake_id: UUID, path: Path, kind: LogKind) -> Iterator[Noted]:
    """What was added to a file of lines; from its beginning where it is another file by now, or shorter.

    Raises: NotReadable.
    """
    found = _stat(path)
    log = LogPlace(kind=kind, place=str(path), file=path.name, identity=f"{found.st_dev}:{found.st_ino}")
    start = _position(lake_id, log)
    batches = lines_in(path, kind, start=start if start <= found.st_size else 0)
    yield from _noted(lake_id, log, batches)


def read_stream(
    lake_ids: Iterable[UUID], path: Path, kind: LogKind, goes_on: Callable[[], bool] = lambda: True
) -> Iterator[Noted]:
    """What a server writes into its socket, until it closes it or the reader is to stop; one socket may tell
    of several lakes.

    Raises: NotReadable.
    """
    log, lakes = LogPlace(kind=kind, place=str(path)), list(lake_ids)
    for batch in lines_told_by(path, kind, goes_on):
        for lake_id in lakes:
            yield from _noted(lake_id, log, [batch])


def read_folder(lake_id: UUID, folder: Path, *, at: datetime | None = None) -> Iterator[Noted]:
    """The files of CloudTrail in a folder and below, the oldest first. A file that is older than what is
    remembered is left alone: nothing in it could be counted.

    Raises: NotReadable.
    """
    _stat(folder)
    oldest = ((at or database_now()) - SEEN_FOR).timestamp()
    files = [(_stat(path), path) for path in folder.rglob(PACKED)]
    log = LogPlace(kind=LogKind.CLOUDTRAIL, place=str(folder))
    whole = set(_files(lake_id, log).filter(is_whole=True).values_list("name", "identity"))
    for found, path in sorted(files, key=_by_age):
        name = str(path.relative_to(folder))[-LONGEST_NAME:]
        one = replace(log, file=name, identity=f"{found.st_size}:{found.st_mtime_ns}")
        if found.st_mtime >= oldest and (one.file, one.identity) not in whole:
            yield from _noted(lake_id, one, events_in(path, start=_position(lake_id, one)))


def _noted(lake_id: UUID, log: LogPlace, batches: Iterable[Batch]) -> Iterator[Noted]:
    for batch in batches:
        yield note_use(actor=SYSTEM, lake_id=lake_id, log=log, batch=batch)


def _position(lake_id: UUID, log: LogPlace) -> int:
    kept = _files(lake_id, log).filter(name=log.file, identity=log.identity)
    return kept.values_list("position", flat=True).first() or 0


def _files(lake_id: UUID, log: LogPlace) -> QuerySet[LogFile]:
    return LogFile.objects.filter(log__lake__uid=lake_id, log__kind=log.kind, log__place=log.place)


def _by_age(each: tuple[os.stat_result, Path]) -> tuple[int, str]:
    return each[0].st_mtime_ns, str(each[1])


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as fault:
        raise NotReadable(f"{path} cannot be read: {fault.strerror}.") from fault
