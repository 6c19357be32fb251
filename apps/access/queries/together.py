"""Requests that may be approved together: those that are alike, and wait for the reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils import timezone

from apps.access.queries.inbox import Waiting, inbox_of, waiting_of
from apps.kernel.actor import Actor


def waiting_together(actor: Actor, request_ids: Collection[UUID]) -> list[Waiting]:
    """Those of the requests that wait for somebody like the actor."""
    inbox = inbox_of(actor).filter(uid__in=request_ids)
    waiting = inbox.prefetch_related("revision__items__asset").order_by("pk")
    return waiting_of(list(waiting), at=timezone.now())


def are_alike(rows: Sequence[Waiting]) -> bool:
    """Whether there are some, all of low risk and under the same rules."""
    return len({row.alike for row in rows}) == 1 and all(row.alike for row in rows)
