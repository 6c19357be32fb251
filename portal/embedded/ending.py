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
    """Send each signal in turn to what `find` finds, until it finds nothing.

    Looked for anew instead of waited for: where nobody reaps orphans, an ended process keeps its number.
    """
    for number in signals:
        for process in find():
            _send(process, number)
        if _are_gone(find, patience):
            return


def _are_gone(find: Callable[[], list[psutil.Process]], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while find():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
