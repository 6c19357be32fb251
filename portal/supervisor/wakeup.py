"""Sleeping until something happens: a child ended, somebody wants us to stop, or time is up."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopWanted(Exception):
    """SIGTERM, SIGINT or SIGHUP has come."""


class Wakeup:
    """Signals as something to wait for. Only one may exist: signal handlers belong to the process."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._is_stop_wanted = False
        for number in STOP_SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN or number == signal.SIGINT:  # nohup means it
                signal.signal(number, self._want_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def wait(self, seconds: float | None) -> None:
        """Return at the next signal or when time is up.

        Raises: StopWanted.
        """
        if not self._is_stop_wanted:
            select.select([self._reader], [], [], seconds)
            self._drain()
        self.raise_if_stop_wanted()

    def raise_if_stop_wanted(self) -> None:
        if self._is_stop_wanted:
            raise StopWanted

    def _want_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stop_wanted = True

    def _drain(self) -> None:
        try:
            while os.read(self._reader, 4096):
                continue
        except BlockingIOError:
            return
