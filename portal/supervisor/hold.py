"""One supervisor for one state directory, and nothing left of the one before."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from portal.embedded.ending import end_all
from portal.embedded.paths import Unusable

# Every child carries the state directory under this name: the proof that it is ours to end.
MARK = "LAKEWARDEN_SUPERVISED"
PATIENCE_SECONDS = 3.0


@contextmanager
def hold(state: Path) -> Iterator[None]:
    """Hold the state directory. The kernel lets go for a killed holder, so a lock is never stale."""
    path = state / "up.lock"
    descriptor = _lock(path, state)
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _lock(path: Path, state: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            os.close(descriptor)
            raise Unusable(
                f"Lakewarden already runs on {state} (process {holder}); stop that one first."
            ) from None
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)  # the holder before us removed it while we waited for nothing


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def end_leftovers(state: Path) -> None:
    """End the children of a supervisor that was killed: only what carries our mark."""

    def left() -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _carries_mark(process, state)]

    end_all(left, (signal.SIGTERM, signal.SIGKILL), patience=PATIENCE_SECONDS)


def _carries_mark(process: psutil.Process, state: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return bool(process.environ().get(MARK) == str(state))
    except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return False
