"""Ending grants, and keeping their stored state in step with the clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from apps.access.errors import REASON_MISSING
from apps.access.events import GrantActivated, GrantExpired, GrantGivenBack, GrantRevoked
from apps.access.facts import grant_resource
from apps.access.granting import carried_on, let_follow, take_over
from apps.access.lifecycle import GrantState, move_grant
from apps.access.models import Grant
from apps.access.queries.evaluation import answer
from apps.access.queries.grants import (
    ask_again,
    version_in_use,
    was_taken_back,
    why_not_lawful,
    why_not_so_long,
)
from apps.access.tickets import ask_anew, systems_relied_on
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact, Question, expect_impact, impact_of
from apps.kernel.errors import invalid

NOTHING_TO_CARRY_ON = gettext_noop("The grant that it was to carry on was ended before.")
REVOKING = Question(name="access.revoke_grant", about="grant")
"""What would stop with a grant."""


@command(lock=Grant)
def revoke_grant(
    *, actor: Actor, grant_id: UUID, comment: str, seen_impact: str | None = None, at: datetime
) -> Grant:
    """End a grant before its time. From the next check on no key is issued; issued ones are revoked.

    `seen_impact` is the digest of what that was shown to reach.
    Raises: NotFound, NotPermitted, InvalidInput (no comment), InvalidState (already ended), StaleVersion.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.REVOKE_GRANT, resource=grant_resource(grant))
    if not comment.strip():
        raise invalid("comment", REASON_MISSING)
    expect_impact(REVOKING, grant.uid, seen_impact)
    _end(grant, GrantState.REVOKED, at=at)
    record(GrantRevoked(grant_id=grant.uid, comment=comment), actor=actor, at=at)
    return grant


def impact_of_revoking(*, actor: Actor, grant_id: UUID) -> Impact:
    """What would stop with the grant, for those who may revoke it.  Raises: NotFound, NotPermitted."""
    grant = Grant.objects.visible_to(actor).one(grant_id)
    authorize(actor=actor, operation=Operation.REVOKE_GRANT, resource=grant_resource(grant))
    return impact_of(REVOKING, grant.uid)


@command(lock=Grant)
def give_back_grant(*, actor: Actor, grant_id: UUID, at: datetime) -> Grant:
    """End one's own grant: it is not needed any more.  Raises: NotFound, NotPermitted, InvalidState."""
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.GIVE_BACK_GRANT, resource=grant_resource(grant))
    _end(grant, GrantState.GIVEN_BACK, at=at)
    record(GrantGivenBack(grant_id=grant.uid), actor=actor, at=at)
    return grant


@command(lock=Grant)
def activate_grant(*, actor: Actor, grant_id: UUID, at: datetime) -> Grant:
    """Write down that a scheduled grant has begun. It was effective by computation at its start.

    Where the rules, asked anew, want more than was passed, or an earlier end, it does not begin:
    `reopen_request` is next. Nor does it where a rule wants the word of a ticket system and that is not
    fresh: it is asked anew, and the grant gives nothing until it answers. What carries another grant on takes
    its place; it ends where somebody has ended that one meanwhile.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(grant))
    if grant.state != GrantState.SCHEDULED or not grant.not_before <= at < grant.not_after:
        return grant
    carried_on(grant)
    if was_taken_back(grant):
        _end(grant, GrantState.REVOKED, at=at)
        record(GrantRevoked(grant_id=grant.uid, comment=NOTHING_TO_CARRY_ON), actor=actor, at=at)
    elif _may_begin(grant, at=at):
        grant.state = move_grant(grant.state, GrantState.ACTIVE)
        grant.write("state")
        record(GrantActivated(grant_id=grant.uid), actor=actor, at=at)
        take_over(grant, at=at)
    return grant


@command(lock=Grant)
def expire_grant(*, actor: Actor, grant_id: UUID, at: datetime) -> Grant:
    """Write down that a grant has run out. It was over by computation at its end."""
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(grant))
    if grant.ended_at is None and grant.not_after <= at:
        _end(grant, GrantState.EXPIRED, at=at)
        record(GrantExpired(grant_id=grant.uid), actor=actor, at=at)
    return grant


def _may_begin(grant: Grant, *, at: datetime) -> bool:
    answered = answer(ask_again(grant, version_in_use(grant), at=at), at=at)
    if why_not_lawful(grant, answered) or why_not_so_long((grant,), answered.decision):
        return False
    return not ask_anew(grant.revision_id, systems_relied_on(answered), since=grant.not_before, at=at)


def _end(grant: Grant, state: GrantState, *, at: datetime) -> None:
    grant.state, grant.ended_at = move_grant(grant.state, state), at
    grant.write("state", "ended_at")
    let_follow(grant, at=at)
