"""Waiting for something to become true: with a deadline, and without sleeping past it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(condition: Callable[[], Found], *, within: float = 15.0, every: float = 0.05) -> Found:
    """The first truthy answer of `condition`; fails when there is none `within` seconds.

    An AssertionError inside the condition counts as "not yet", and is shown if it stays.
    """
    deadline = time.monotonic() + within
    pause = threading.Event()
    while True:
        complaint: AssertionError | None = None
        try:
            found = condition()
        except AssertionError as error:
            complaint = error
        else:
            if found:
                return found
        if time.monotonic() >= deadline:
            name = getattr(condition, "__name__", repr(condition))
            raise AssertionError(f"{name} did not come true within {within} s.") from complaint
        pause.wait(every)
