"""Ending keys: ask for it, do it at the provider, say honestly what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from apps.access.commands import revoke_grant, suspend_grant
from apps.access.facts import grant_resource
from apps.access.models import Grant
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.credentials.errors import LEASE_NOT_CUTTABLE
from apps.credentials.events import (
    LeaseExpired,
    LeaseOutlives,
    LeaseRevocationOverdue,
    LeaseRevoked,
    LeaseRevokeRequested,
)
from apps.credentials.lifecycle import CUTTABLE, OVERDUE_AFTER, LeaseState, move
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import LakewardenError, invalid_state
from apps.lakes.providers.contract import LeaseHandle, RevokeEffect
from apps.lakes.providers.faults import LAKE_UNREACHABLE
from apps.lakes.providers.registry import provider_for

log = structlog.get_logger(__name__)

PROVIDER_BROKE = "PROVIDER_BROKE"
"""Its adapter failed in a way that it does not know itself."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
MOST_DOUBLINGS = 10


def wait_after(attempts: int) -> timedelta:
    """How long to wait for the next attempt after so many that came to nothing."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, MOST_DOUBLINGS)), LONGEST_WAIT)


def cut_grant(
    *,
    actor: Actor,
    grant_id: UUID,
    comment: str,
    seen_impact: str | None = None,
    at: datetime | None = None,
) -> Grant:
    """Revoke a grant and cut its keys before answering; what cannot be cut now is retried without end.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState, StaleVersion.
    """
    grant: Grant = revoke_grant(
        actor=actor, grant_id=grant_id, comment=comment, seen_impact=seen_impact, at=at
    )
    cut_keys(grant_id)
    return grant


def halt_grant(
    *, actor: Actor, grant_id: UUID, comment: str, is_for_cause: bool = False, at: datetime | None = None
) -> Grant:
    """Suspend a grant and cut its keys before answering. They stay dead when the grant goes on.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState.
    """
    grant: Grant = suspend_grant(
        actor=actor, grant_id=grant_id, comment=comment, is_for_cause=is_for_cause, at=at
    )
    cut_keys(grant_id)
    return grant


def cut_keys(grant_id: UUID) -> None:
    """End every key of a grant that gives nothing now; what cannot be cut now is retried without end."""
    for lease in request_revocations_of_grant(actor=SYSTEM, grant_id=grant_id):
        end_key(lease.uid)


def revoke_lease(*, actor: Actor, lease_id: UUID, at: datetime | None = None) -> Lease:
    """Cut one key, and leave the grant.  Raises: NotFound, NotPermitted, InvalidState."""
    request_revocation(actor=actor, lease_id=lease_id, at=at)
    return end_key(lease_id)


@command(lock=Lease)
def request_revocation(*, actor: Actor, lease_id: UUID, at: datetime) -> Lease:
    """Raises: NotFound, NotPermitted, InvalidState."""
    lease = Lease.objects.visible_to(actor).for_update(lease_id)
    resource = grant_resource(lease.grant)
    if lease.grant.project_id is not None:  # a key of a project is its taker's, and its lead's
        resource = replace(resource, persons=resource.persons | {lease.person_id})
    authorize(actor=actor, operation=Operation.REVOKE_LEASE, resource=resource)
    if lease.state not in CUTTABLE:
        raise invalid_state(LEASE_NOT_CUTTABLE, state=lease.state)
    queue_revocation(lease, actor=actor, at=at)
    return lease


@command(lock=Grant)
def request_revocations_of_grant(*, actor: Actor, grant_id: UUID, at: datetime) -> list[Lease]:
    """Mark every key of an ended grant for revocation; none is made any more while the grant is locked.

    Returns those still to be cut, also from an earlier attempt.  Raises: NotFound, NotPermitted.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(grant))
    for lease in Lease.objects.select_for_update().filter(grant=grant, state__in=CUTTABLE).order_by("pk"):
        queue_revocation(lease, actor=actor, at=at)
    return list(Lease.objects.filter(grant=grant, state=LeaseState.REVOKE_REQUESTED).order_by("pk"))


def queue_revocation(lease: Lease, *, actor: Actor, at: datetime) -> None:
    """From here on the reaper will not rest until the provider has been told."""
    if lease.state in {LeaseState.REVOKE_REQUESTED, LeaseState.OUTLIVES}:
        return
    lease.state = move(lease.state, LeaseState.REVOKE_REQUESTED)
    lease.revoke_requested_at = lease.next_attempt_at = at
    lease.ended_at, lease.revoke_effect = None, ""
    lease.write("state", "revoke_requested_at", "next_attempt_at", "ended_at", "revoke_effect")
    event = LeaseRevokeRequested(lease_id=lease.uid, grant_id=lease.grant.uid)
    record(event, actor=actor, at=at)


def end_key(lease_id: UUID) -> Lease:
    """Tell the provider, ask whether the key is dead, write down what it said. No lock is held meanwhile."""
    lease = Lease.objects.select_related("lake").one(lease_id)
    effect, fault = told_provider(lease.handle)
    settled: Lease = settle_revocation(
        actor=SYSTEM, lease_id=lease_id, scope_hash=lease.scope_hash, effect=effect, fault=fault
    )
    return settled


def told_provider(handle_of: Callable[[], LeaseHandle]) -> tuple[RevokeEffect | None, str]:
    """What came of it; no effect where the provider could not be told or does not confirm."""
    try:
        handle = handle_of()
        provider = provider_for(handle.connection)
        revoked = provider.revoke(handle)
        if revoked.effect is RevokeEffect.IMMEDIATE and not provider.read_back(handle).is_dead:
            return None, "NOT_READ_BACK"
    except LakewardenError as failure:
        return None, failure.code
    except Exception:
        # a key that nobody can end today must not keep the reaper from the next one
        log.exception("provider_broke")
        return None, PROVIDER_BROKE
    return revoked.effect, ""


@command(lock=Lease)
def settle_revocation(
    *,
    actor: Actor,
    lease_id: UUID,
    scope_hash: str,
    effect: RevokeEffect | None,
    fault: str,
    at: datetime,
) -> Lease:
    """Write down what one attempt came to; without an effect, put off the next.

    `scope_hash` is the lease's before the attempt. Where it has another by now, the key was made only while
    the provider was being asked, and the attempt says nothing about it.
    Raises: NotFound, NotPermitted.
    """
    lease = Lease.objects.visible_to(actor).for_update(lease_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(lease.grant))
    if lease.state != LeaseState.REVOKE_REQUESTED:
        return lease
    lease.attempts += 1
    lease.fault = fault
    if lease.scope_hash != scope_hash:
        lease.next_attempt_at = at
        return lease.write("attempts", "fault", "next_attempt_at")
    if effect is None:
        lease.next_attempt_at = at + wait_after(lease.attempts)
        if lease.attempts == OVERDUE_AFTER:
            overdue = LeaseRevocationOverdue(
                lease_id=lease.uid,
                attempts=lease.attempts,
                exposure_seconds=_exposure(lease, at=at),
                fault=fault,
            )
            record(overdue, actor=actor, at=at)
        return lease.write("attempts", "fault", "next_attempt_at")
    lease.revoke_effect, lease.next_attempt_at = effect, None
    if effect is RevokeEffect.IMMEDIATE:
        lease.state, lease.ended_at = move(lease.state, LeaseState.REVOKED), at
        revoked = LeaseRevoked(
            lease_id=lease.uid,
            exposure_seconds=_exposure(lease, at=at),
            everywhere_at=lease.dead_everywhere_at,
        )
        record(revoked, actor=actor, at=at)
    else:
        lease.state = move(lease.state, LeaseState.OUTLIVES)
        record(LeaseOutlives(lease_id=lease.uid, until=lease.expires_at), actor=actor, at=at)
    return lease.write("state", "ended_at", "attempts", "fault", "revoke_effect", "next_attempt_at")


def _exposure(lease: Lease, *, at: datetime) -> int:
    """For how many seconds the key may have worked on after it was to end."""
    return int((at - (lease.revoke_requested_at or at)).total_seconds())


def end_as_due(lease_id: UUID, *, answers: bool = True) -> str:
    """A key has run out; returns what kept the provider from being told, if it had to be.

    Where only the portal ends what is open with it, the provider is told before it is written down, and a
    lease whose provider cannot be told now goes the way of a revocation. A role that was made for the key is
    deleted; where it cannot be now, its session is over all the same, and the role is swept later. A lake
    that `answers` nothing now is not asked.
    """
    lease = Lease.objects.select_related("lake__organization").one(lease_id)
    can, fault = lease.lake.capabilities, ""
    outlasts = can is not None and bool(can.expiry_delay)
    if outlasts and lease.state == LeaseState.REVOKE_REQUESTED:
        return ""  # is being told already
    if outlasts or lease.has_own_role:
        effect, fault = told_provider(lease.handle) if answers else (None, LAKE_UNREACHABLE)
        if outlasts and effect is not RevokeEffect.IMMEDIATE:
            request_revocation(actor=SYSTEM, lease_id=lease_id)
            return fault
    expire_lease(actor=SYSTEM, lease_id=lease_id)
    return fault


@command(lock=Lease)
def expire_lease(*, actor: Actor, lease_id: UUID, at: datetime) -> Lease:
    """Write down that a key has run out.  Raises: NotFound, NotPermitted."""
    lease = Lease.objects.visible_to(actor).for_update(lease_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(lease.grant))
    if lease.ended_at is None and lease.expires_at <= at and lease.state != LeaseState.INTENT:
        lease.state, lease.ended_at = move(lease.state, LeaseState.EXPIRED), at
        lease.next_attempt_at = None
        lease.write("state", "ended_at", "next_attempt_at")
        record(LeaseExpired(lease_id=lease.uid), actor=actor, at=at)
    return lease
