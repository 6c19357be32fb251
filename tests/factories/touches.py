"""Requests that keys made, as the logs of lakes would tell them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.credentials.commands import LogPlace, Noted, note_use
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.lakes.providers.logs import Answered, Batch, Doing, LogKind, Touch

MOMENT = datetime(2026, 11, 27, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def touch(lease: Lease, key: str = "ds/a/part.csv", **changes: Any) -> Touch:
    """The object was read by the key, a second after the key was made."""
    told: dict[str, Any] = {
        "lease_id": lease.uid,
        "request_id": f"request-{next(_numbers)}",
        "at": lease.created_at + timedelta(seconds=1),
        "doing": Doing.READ,
        "bucket": "vault-one",
        "key": key,
        "answered": Answered.ALLOWED,
        "size": 5,
        **changes,
    }
    if told["answered"] is not Answered.ALLOWED:
        told["size"] = 0
    return Touch(**told)


def denied(lease: Lease, key: str = "ds/b/part.csv", **changes: Any) -> Touch:
    return touch(lease, key, answered=Answered.DENIED, **changes)


def noted(lease: Lease, *touches: Touch, **changes: Any) -> Noted:
    """As if the log of the lease's lake had told them."""
    log = changes.pop("log", LogPlace(kind=LogKind.RGW, place="/run/ceph/ops.sock"))
    done: Noted = note_use(
        actor=SYSTEM,
        lake_id=lease.lake.uid,
        log=log,
        batch=Batch(touches=touches, **changes),
        at=database_now(),
    )
    return done
