"""What the clock does to a request in review, and what it does not: it never approves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access import routing
from apps.access.commands.revisions import current_revision
from apps.access.facts import own_request
from apps.access.lifecycle import RequestState
from apps.access.models import Request
from apps.access.queries.requests import current_decision
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.kernel.actor import Actor


@command(lock=Request)
def keep_request_going(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Remind, escalate or let lapse when it is time; see whether enough people may decide.

    Outside of a review no clock runs, and nothing happens.
    Raises: NotFound, NotPermitted.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=own_request(request))
    if request.state != RequestState.IN_REVIEW:
        return request
    revision = current_revision(request)
    decision = current_decision(revision)
    stage = routing.open_next(request, decision, at=at)
    if stage is not None and routing.keep_time(request, revision, stage, actor=actor, at=at):
        return request.write("state", "closed_at", "due_at", "unroutable_since")
    if routing.keep_going(request, revision, decision, actor=actor, at=at):
        return request.write("due_at", "unroutable_since")
    return request
