"""Many clients at once: one thread and one database connection each, let go by a barrier."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

PATIENCE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one client got: a value, or the exception it met."""

    value: Any = None
    error: Exception | None = None

    @property
    def name(self) -> str:
        return type(self.error).__name__ if self.error else "done"


class Crowd:
    """Clients that live from round to round and keep their connections."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._pool = ThreadPoolExecutor(max_workers=size)

    def at_once(self, calls: Sequence[Callable[[], Any]]) -> list[Outcome]:
        """As many calls as there are clients; every one begins when all are ready."""
        assert len(calls) == self.size
        start = threading.Barrier(self.size)

        def client(call: Callable[[], Any]) -> Outcome:
            start.wait(PATIENCE_SECONDS)
            try:
                return Outcome(value=call())
            except Exception as error:  # noqa: BLE001 - every outcome is an outcome of the race
                return Outcome(error=error)

        # The barrier keeps a client from taking two calls: each waits until all have one.
        futures = [self._pool.submit(client, call) for call in calls]
        return [future.result(PATIENCE_SECONDS) for future in futures]

    def disperse(self) -> None:
        self.at_once([connection.close] * self.size)
        self._pool.shutdown()


@contextmanager
def crowd_of(size: int) -> Iterator[Crowd]:
    crowd = Crowd(size)
    try:
        yield crowd
    finally:
        crowd.disperse()


def names(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(outcome.name for outcome in outcomes)


def unexpected(outcomes: Sequence[Outcome], *expected: type[Exception]) -> list[Exception]:
    """Errors of any other kind: a deadlock, a broken constraint, a lost connection."""
    return [one.error for one in outcomes if one.error and not isinstance(one.error, expected)]
