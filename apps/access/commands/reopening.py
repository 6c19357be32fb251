"""An approval that the rules no longer carry goes back to review before its grants begin."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from apps.access import evaluation, routing
from apps.access.carrying import carry_over, is_complete, tell_of_carried
from apps.access.commands.revisions import current_revision
from apps.access.events import GrantRevoked, RequestReopened, RequestReturned
from apps.access.facts import request_resources
from apps.access.granting import let_follow
from apps.access.lifecycle import GrantState, RequestState, move_grant, move_request
from apps.access.models import Grant, Request, Revision
from apps.access.queries.evaluation import Answer
from apps.access.queries.grants import why_not_covered, why_not_so_long
from apps.access.queries.requests import assets_of, current_decision
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor
from apps.policy.decision import Effect

STRICTER = gettext_noop("Before it began, the rules asked for more than had been decided.")


@command(lock=Request)
def reopen_request(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Put an approval that the rules no longer carry back to review, under a new decision.

    That is where they want more than was passed when scheduled grants should begin, or while conditions are
    awaited. Those grants do not begin; what is denied now goes back to the requester.

    Raises: NotFound, NotPermitted.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = current_revision(request)
    for resource in request_resources(request, assets_of(revision)):
        authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    unbegun = list(
        Grant.objects.select_for_update(of=("self",), no_key=True)
        .filter(revision=revision, state=GrantState.SCHEDULED)
        .order_by("pk")
    )
    is_approved = request.state == RequestState.APPROVED and unbegun
    if not is_approved and request.state != RequestState.AWAITING_CONDITIONS:
        return request
    answered = evaluation.ask_policy(revision, at=at)
    beyond = why_not_covered(current_decision(revision), answered.decision)
    if beyond or why_not_so_long(unbegun, answered.decision):
        for grant in unbegun:
            _withhold(grant, at=at)
        reopen(request, revision, answered, at=at)
    return request


def reopen(request: Request, revision: Revision, answered: Answer, *, at: datetime) -> None:
    """What was said on the earlier decision is history, unless the rules keep it. Also called while a
    condition is confirmed.

    What needs nobody's further word, but an earlier end or a condition, begins anew with that.
    """
    before = current_decision(revision)
    decision = evaluation.store_decision(revision, answered, at=at)
    carried = carry_over(request, before, decision, at=at)
    is_gone = bool(evaluation.not_requestable(assets_of(revision)))
    is_returned = is_gone or answered.decision.effect is Effect.DENY
    wanted = RequestState.RETURNED if is_returned else RequestState.IN_REVIEW
    request.state, request.closed_at = move_request(request.state, wanted), None
    needs_nobody = is_complete(decision)
    if not is_returned and not needs_nobody:
        routing.open_next(request, decision, at=at)
        routing.keep_going(request, revision, decision, actor=SYSTEM, at=at)
    request.write("state", "closed_at", "due_at", "unroutable_since")
    if is_returned:
        returned = RequestReturned(request_id=request.uid, revision_sha256=revision.sha256)
        record(returned, actor=SYSTEM, at=at)
        return
    reopened = RequestReopened(
        request_id=request.uid,
        decision_id=decision.uid,
        effect=decision.effect,
        route=tuple(stage.name for stage in answered.decision.stages),
    )
    record(reopened, actor=SYSTEM, at=at)
    tell_of_carried(carried, actor=SYSTEM, at=at)
    if needs_nobody:
        evaluation.approve(request, decision, answered, actor=SYSTEM, at=at)


def _withhold(grant: Grant, *, at: datetime) -> None:
    grant.state, grant.ended_at = move_grant(grant.state, GrantState.REVOKED), at
    grant.write("state", "ended_at")
    let_follow(grant, at=at)
    record(GrantRevoked(grant_id=grant.uid, comment=STRICTER), actor=SYSTEM, at=at)
