"""Ending processes that are not our children, and knowing when they are gone."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

import psutil

POLL_SECONDS = 0.05


def end_all(
    find: Callable[[], list[psutil.Process]], signals: Sequence[signal.Signals], *, patience: float
) -> None:
    """Send each signal in turn to what `find` finds, until it finds nothing and what it found is dead.

    Both, because an ending process first loses what it is known by, and only then its sockets and files.
    """
    found: set[psutil.Process] = set()
    for number in signals:
        found.update(find())
        for process in found:
            _send(process, number)
        if _are_gone(find, found, patience):
            return


def _are_gone(find: Callable[[], list[psutil.Process]], found: set[psutil.Process], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while any(is_alive(process) for process in found) or find():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Where nobody reaps orphans, a dead process keeps its number."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
