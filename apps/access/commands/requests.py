"""Asking: drafting, sending, changing, withdrawing, and evaluating anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.access import evaluation, routing
from apps.access.carrying import carry_over, is_complete, tell_of_carried
from apps.access.commands.revisions import add_revision, current_revision, new_request, put_to_policy
from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.errors import (
    NOT_AMENDABLE,
    NOT_EDITABLE,
    ONLY_PEOPLE_ASK,
    SENT_UNCHANGED,
)
from apps.access.events import (
    RequestAmended,
    RequestReevaluated,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
)
from apps.access.facts import own_request
from apps.access.lifecycle import EDITABLE_REQUEST, RequestState, move_request
from apps.access.models import Decision, Request, Revision, Stage
from apps.access.queries.evaluation import Answer
from apps.access.queries.requests import assets_of, current_decision
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor, ActorKind
from apps.kernel.errors import invalid_state, rule_broken
from apps.policy.decision import Effect

__all__ = ["ItemDraft", "RequestDraft"]


@command
def create_request(*, actor: Actor, draft: RequestDraft, at: datetime) -> Request:
    """Write down what somebody wants, without sending it.  Raises: InvalidInput, NotPermitted, RuleBroken."""
    if actor.kind is not ActorKind.PERSON:
        raise rule_broken(ONLY_PEOPLE_ASK)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=_own(actor))
    ask = read_draft(actor, draft, at=at)
    request = new_request(ask, at=at)
    add_revision(request, ask, draft, actor=actor, at=at)
    return request


@command(lock=Request)
def change_request(
    *, actor: Actor, request_id: UUID, draft: RequestDraft, seen_version: int | None = None, at: datetime
) -> Request:
    """Replace what is asked, while it is a draft or returned, by a new revision; what was sent stays.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, InvalidInput.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    request.expect_version(seen_version)
    if request.state not in EDITABLE_REQUEST:
        raise invalid_state(NOT_EDITABLE, state=request.state)
    ask = read_draft(actor, draft, at=at)
    add_revision(request, ask, draft, actor=actor, at=at)
    return request


@command(lock=Request)
def submit_request(
    *,
    actor: Actor,
    request_id: UUID,
    accept_shorter: bool = False,
    seen_version: int | None = None,
    at: datetime,
) -> Request:
    """Freeze the revision and put it to policy: granted at once, routed to people, or refused with reasons.

    A request that lacks a record (BLOCK) is taken and waits for it. One for longer than the rules give is
    refused with the last day they give, unless the requester will `accept_shorter`.
    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken (denied, or too long).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    request.expect_version(seen_version)
    if request.state not in EDITABLE_REQUEST:
        raise invalid_state(NOT_EDITABLE, state=request.state)
    revision = current_revision(request)
    if revision.frozen_at is not None:
        raise invalid_state(SENT_UNCHANGED)
    decision, answered, _ = put_to_policy(request, revision, accept_shorter=accept_shorter, at=at)
    request.state = move_request(request.state, RequestState.IN_REVIEW)
    request.write("state", "submitted_at", "due_at")
    event = RequestSubmitted(
        request_id=request.uid,
        revision_sha256=revision.sha256,
        decision_id=decision.uid,
        effect=decision.effect,
        rulebook_sha256=answered.decision.rulebook_sha256,
        route=tuple(stage.name for stage in answered.decision.stages),
    )
    record(event, actor=actor, at=at)
    if answered.decision.effect is Effect.PERMIT:
        evaluation.approve(request, decision, answered, actor=actor, at=at)
    elif routing.keep_going(request, revision, decision, actor=SYSTEM, at=at):
        request.write("unroutable_since")
    return request


@command(lock=Request)
def amend_request(
    *,
    actor: Actor,
    request_id: UUID,
    draft: RequestDraft,
    accept_shorter: bool = False,
    seen_version: int | None = None,
    at: datetime,
) -> Request:
    """Put another revision before those who decide, while they are at it.

    Verdicts given on the revision before are history, unless the rules keep them and nothing that was looked
    at has changed: whoever gave one reads the new revision and decides again. Where the new one is refused by
    policy, the one in review stays.
    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, InvalidInput, RuleBroken.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    request.expect_version(seen_version)
    if request.state != RequestState.IN_REVIEW:
        raise invalid_state(NOT_AMENDABLE, state=request.state)
    before = current_decision(current_revision(request))
    add_revision(request, read_draft(actor, draft, at=at), draft, actor=actor, at=at)
    revision = current_revision(request)
    decision, answered, carried = put_to_policy(
        request, revision, before=before, accept_shorter=accept_shorter, at=at
    )
    request.write("submitted_at", "due_at")
    event = RequestAmended(
        request_id=request.uid,
        revision_number=revision.number,
        revision_sha256=revision.sha256,
        decision_id=decision.uid,
        effect=decision.effect,
        route=tuple(stage.name for stage in answered.decision.stages),
    )
    record(event, actor=actor, at=at)
    tell_of_carried(carried, actor=actor, at=at)
    if is_complete(decision):
        evaluation.approve(request, decision, answered, actor=actor, at=at)
    elif routing.keep_going(request, revision, decision, actor=SYSTEM, at=at):
        request.write("unroutable_since")
    return request


@command
def ask_for_access(
    *, actor: Actor, draft: RequestDraft, accept_shorter: bool = False, at: datetime
) -> Request:
    """Draft and send in one go: either both happen or neither.  Raises: as the two."""
    request: Request = create_request(actor=actor, draft=draft, at=at)
    sent: Request = submit_request(actor=actor, request_id=request.uid, accept_shorter=accept_shorter, at=at)
    return sent


@command
def ask_separately(
    *, actor: Actor, draft: RequestDraft, accept_shorter: bool = False, at: datetime
) -> list[Request]:
    """One request for each of the assets, all sent or none.  Raises: as `ask_for_access`."""
    drafts = [replace(draft, items=[item]) for item in draft.items]
    return [ask_for_access(actor=actor, draft=each, accept_shorter=accept_shorter, at=at) for each in drafts]


@command(lock=Request)
def withdraw_request(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Take one's request back; the machine does it for who has left.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    request.state = move_request(request.state, RequestState.WITHDRAWN)
    request.closed_at = at
    request.write("state", "closed_at")
    record(RequestWithdrawn(request_id=request.uid), actor=actor, at=at)
    return request


@command(lock=Request)
def reevaluate_request(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Put the revision to policy anew, because facts behind it changed.

    Where policy still says the same nothing happens. Otherwise the new decision lays out its own route, and
    verdicts given on the old one are history, unless the rules keep them; what is now denied is returned,
    what needs nobody any more is granted.
    What asks for an asset that has been retired is returned as it is.
    Raises: NotFound, InvalidState.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=own_request(request))
    if request.state != RequestState.IN_REVIEW:
        return request
    revision = current_revision(request)
    if evaluation.not_requestable(assets_of(revision)):
        _return(request, revision, actor=actor, at=at)
        return request
    before = current_decision(revision)
    answered = evaluation.ask_policy(revision, at=at)
    if evaluation.is_as_before(before, answered):
        return request
    decision = evaluation.store_decision(revision, answered, at=at)
    carried = carry_over(request, before, decision, at=at)
    still_closed = Stage.objects.filter(decision=decision, closed_at__isnull=False).values("name")
    closed = Stage.objects.filter(decision=before, closed_at__isnull=False).exclude(name__in=still_closed)
    reopened = tuple(closed.order_by("position").values_list("name", flat=True))
    event = RequestReevaluated(
        request_id=request.uid,
        decision_id=decision.uid,
        effect=decision.effect,
        route=tuple(stage.name for stage in answered.decision.stages),
        reopened=reopened,
    )
    record(event, actor=actor, at=at)
    tell_of_carried(carried, actor=actor, at=at)
    _follow(request, decision, before, answered, actor=actor, at=at)
    return request


def _follow(
    request: Request, decision: Decision, before: Decision, answered: Answer, *, actor: Actor, at: datetime
) -> None:
    if is_complete(decision):
        evaluation.approve(request, decision, answered, actor=actor, at=at)
    elif answered.decision.effect is Effect.DENY:
        _return(request, decision.revision, actor=actor, at=at)
    else:
        routing.carry_on(request, decision, before, at=at)
        routing.keep_going(request, decision.revision, decision, actor=actor, at=at)
        request.write("due_at", "unroutable_since")


def _return(request: Request, revision: Revision, *, actor: Actor, at: datetime) -> None:
    request.state = move_request(request.state, RequestState.RETURNED)
    request.write("state")
    event = RequestReturned(request_id=request.uid, revision_sha256=revision.sha256)
    record(event, actor=actor, at=at)


def _own(actor: Actor) -> Resource:
    """Asking is one's own to do, for whoever is an active person."""
    persons = frozenset({actor.person_id}) if actor.person_id else frozenset()
    return Resource(kind="request", organization_id=actor.organization_id or 0, persons=persons)
