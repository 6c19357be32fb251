"""Leases and clocks in the tests of faults."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.credentials.models import Lease
from apps.credentials.tasks import reap
from apps.kernel.clock import database_now

INSIDE = "ds/a/part.csv"


class HoursLater:
    """The reaper at a later hour: twice, for what the first pass gives up the second one revokes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def __call__(self, wait: timedelta) -> None:
        with self._patch.context() as patch:
            for module in ("apps.credentials.tasks", "apps.audit.command"):
                patch.setattr(f"{module}.database_now", lambda: database_now() + wait)
            reap()
            reap()


def only_lease() -> Lease:
    return Lease.objects.get()
