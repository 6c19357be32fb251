"""Ending every key of a lake at once."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.credentials.commands.ending import end_key, queue_revocation
from apps.credentials.lifecycle import CUTTABLE, LeaseState
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM, Actor
from apps.lakes.commands import halt_lake, lake_resource
from apps.lakes.models import Lake

MAY_TAKE_SECONDS = 10
"""Whoever asked waits no longer; the reaper tells the provider the rest."""


def cut_lake(
    *, actor: Actor, lake_id: UUID, reason: str, seen_impact: str | None = None, at: datetime | None = None
) -> Lake:
    """Disable a lake and end every key that it gave, as many as can be before answering.

    Two transactions: a key that is being made meanwhile is either seen by the second, or finds the lake
    disabled and is thrown away.
    Raises: NotFound, NotPermitted, PreconditionMissing, InvalidInput.
    """
    lake: Lake = halt_lake(actor=actor, lake_id=lake_id, reason=reason, seen_impact=seen_impact, at=at)
    cut_keys_of_lake(lake_id)
    return lake


def cut_keys_of_lake(lake_id: UUID) -> None:
    """End every key of a halted lake; what cannot be told to the provider now is retried without end."""
    ends_at = monotonic() + MAY_TAKE_SECONDS
    for lease in request_revocations_of_lake(actor=SYSTEM, lake_id=lake_id):
        if monotonic() > ends_at:
            return
        end_key(lease.uid)


@command(lock=Lake)
def request_revocations_of_lake(*, actor: Actor, lake_id: UUID, at: datetime) -> list[Lease]:
    """Mark every key of the lake for revocation; returns those still to be cut, also from an earlier attempt.

    Raises: NotFound, NotPermitted.
    """
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=lake_resource(lake))
    living = Lease.objects.filter(lake=lake, state__in=CUTTABLE).select_related("grant")
    for lease in living.select_for_update(of=("self",)).order_by("pk"):
        queue_revocation(lease, actor=actor, at=at)
    return list(Lease.objects.filter(lake=lake, state=LeaseState.REVOKE_REQUESTED).order_by("pk"))
