"""Holding a grant back for a while, and letting it go on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access.errors import (
    GRANT_NOT_STARTED,
    GRANT_NOT_SUSPENDED,
    GRANT_SUSPENDED,
    REASON_MISSING,
)
from apps.access.events import GrantResumed, GrantSuspended
from apps.access.facts import grant_resource
from apps.access.lifecycle import GrantState, move_grant
from apps.access.models import Grant, Suspension
from apps.access.queries.evaluation import Answer, answer
from apps.access.queries.grants import (
    ask_again,
    version_in_use,
    why_not_effective,
    why_not_lawful,
    why_nothing_opened,
)
from apps.access.queries.resuming import why_not_resumed_by
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance.models import Occurrence
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken, invalid, invalid_state

_PASSES = frozenset({GRANT_SUSPENDED, GRANT_NOT_STARTED})
"""What does not stand in the way of resuming: a grant suspended before its start begins at its start."""


@command(lock=Grant)
def suspend_grant(
    *,
    actor: Actor,
    grant_id: UUID,
    comment: str,
    is_for_cause: bool = False,
    occurrence_id: UUID | None = None,
    at: datetime,
) -> Grant:
    """Hold a grant back. From the next check on no key is issued; issued ones are revoked.

    Suspended for cause, only another person lets it go on. The machine names the occurrence it does it for.
    Raises: NotFound, NotPermitted, InvalidInput (no comment), InvalidState (ended, or suspended already).
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.SUSPEND_GRANT, resource=grant_resource(grant))
    if not comment.strip():
        raise invalid("comment", REASON_MISSING)
    grant.state = move_grant(grant.state, GrantState.SUSPENDED)
    grant.write("state")
    Suspension.objects.create(
        grant=grant,
        suspended_by_id=actor.person_id,
        is_for_cause=is_for_cause,
        occurrence=Occurrence.objects.visible_to(SYSTEM).one(occurrence_id) if occurrence_id else None,
        comment=comment,
        created_at=at,
    )
    event = GrantSuspended(grant_id=grant.uid, is_for_cause=is_for_cause, comment=comment)
    record(event, actor=actor, at=at)
    return grant


@command(lock=Grant)
def resume_grant(*, actor: Actor, grant_id: UUID, comment: str, at: datetime) -> Grant:
    """Let a suspended grant go on, where policy, asked anew, still says what the grant has gone through.

    Keys taken before stay revoked.
    Raises: NotFound, NotPermitted (not by who suspended for cause, nor by who has an interest in the grant),
    InvalidInput, InvalidState, RuleBroken.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.RESUME_GRANT, resource=grant_resource(grant))
    if not comment.strip():
        raise invalid("comment", REASON_MISSING)
    if grant.state != GrantState.SUSPENDED:
        raise invalid_state(GRANT_NOT_SUSPENDED, state=grant.state)
    suspension = grant.suspensions.get(resumed_at__isnull=True)
    refusal = why_not_resumed_by(actor, grant, suspension, at=at)
    if refusal:
        raise NotPermitted(*refusal)
    answered = _check_anew(grant, at=at)
    begins = GrantState.SCHEDULED if at < grant.not_before else GrantState.ACTIVE
    grant.state = move_grant(grant.state, begins)
    grant.write("state")
    suspension.resumed_at, suspension.resumed_by_id = at, actor.person_id
    suspension.resume_comment = comment
    suspension.write("resumed_at", "resumed_by", "resume_comment")
    event = GrantResumed(
        grant_id=grant.uid, state=grant.state, decision_substance=answered.substance, comment=comment
    )
    record(event, actor=actor, at=at)
    return grant


def _check_anew(grant: Grant, *, at: datetime) -> Answer:
    reasons = [reason for reason in why_not_effective(grant, at=at) if reason.code not in _PASSES]
    if reasons:
        raise InvalidState(*reasons)
    closed = why_nothing_opened(grant)
    if closed:
        raise InvalidState(*closed)
    answered = answer(ask_again(grant, version_in_use(grant), at=at), at=at)
    unlawful = why_not_lawful(grant, answered)
    if unlawful:
        raise RuleBroken(*unlawful)
    return answered
