"""When what was not taken is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 30
"""At the longest wait this is a day."""


def wait_after(attempts: int) -> timedelta:
    """Doubled each time, up to the longest."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
