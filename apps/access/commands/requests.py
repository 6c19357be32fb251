"""Asking: drafting, sending, changing, withdrawing, and evaluating anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.access import evaluation, routing
from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.errors import END_IN_THE_PAST, NOT_EDITABLE, ONLY_PEOPLE_ASK, SENT_UNCHANGED
from apps.access.events import (
    RequestDrafted,
    RequestReevaluated,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
)
from apps.access.facts import Ask, own_request, revision_sha256
from apps.access.lifecycle import EDITABLE_REQUEST, RequestState, move_request
from apps.access.models import Decision, Request, Revision, RevisionItem, Stage, SubjectKind
from apps.access.queries.evaluation import Answer
from apps.access.queries.requests import assets_of, current_decision
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor, ActorKind
from apps.kernel.errors import RuleBroken, invalid_state, rule_broken
from apps.policy.decision import Effect

__all__ = ["ItemDraft", "RequestDraft"]


@command
def create_request(*, actor: Actor, draft: RequestDraft, at: datetime) -> Request:
    """Write down what somebody wants, without sending it.  Raises: InvalidInput, NotPermitted, RuleBroken."""
    if actor.kind is not ActorKind.PERSON:
        raise rule_broken(ONLY_PEOPLE_ASK)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=_own(actor))
    ask = read_draft(actor, draft, at=at)
    request = Request.objects.create(
        number=_next_number(),
        organization=ask.requester.organization,
        requester=ask.requester,
        created_at=at,
    )
    _add_revision(request, ask, draft, number=1, actor=actor, at=at)
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
    number = request.revisions.count() + 1
    _add_revision(request, ask, draft, number=number, actor=actor, at=at)
    return request


@command(lock=Request)
def submit_request(
    *, actor: Actor, request_id: UUID, seen_version: int | None = None, at: datetime
) -> Request:
    """Freeze the revision and put it to policy: granted at once, routed to people, or refused with reasons.

    A request that lacks a record (BLOCK) is taken and waits for it.
    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken (denied).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    request.expect_version(seen_version)
    revision = current_revision(request)
    if request.state not in EDITABLE_REQUEST:
        raise invalid_state(NOT_EDITABLE, state=request.state)
    if revision.frozen_at is not None:
        raise invalid_state(SENT_UNCHANGED)
    if revision.ends_at <= at:
        raise rule_broken(END_IN_THE_PAST, field="ends_on", ends_on=revision.ends_at.isoformat())
    gone = evaluation.not_requestable(assets_of(revision))
    if gone:
        raise RuleBroken(*gone)
    revision.starts_at = max(revision.starts_at, at)
    answered = evaluation.ask_policy(revision, at=at)
    if not answered.decision.may_be_submitted:
        raise RuleBroken(*answered.decision.deciding_reasons)
    revision.sha256, revision.frozen_at = revision_sha256(revision), at
    revision.write("starts_at", "sha256", "frozen_at")
    decision = evaluation.store_decision(revision, answered, at=at)
    request.submitted_at = at
    routing.open_next(request, decision, at=at)
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


@command
def ask_for_access(*, actor: Actor, draft: RequestDraft, at: datetime) -> Request:
    """Draft and send in one go: either both happen or neither.  Raises: as the two."""
    request: Request = create_request(actor=actor, draft=draft, at=at)
    sent: Request = submit_request(actor=actor, request_id=request.uid, at=at)
    return sent


@command(lock=Request)
def withdraw_request(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Take one's request back.  Raises: NotFound, NotPermitted, InvalidState."""
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
    verdicts given on the old one are history; what is now denied is returned, what needs nobody is granted.
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
    closed = Stage.objects.filter(decision=before, closed_at__isnull=False)
    reopened = tuple(closed.order_by("position").values_list("name", flat=True))
    decision = evaluation.store_decision(revision, answered, at=at)
    event = RequestReevaluated(
        request_id=request.uid,
        decision_id=decision.uid,
        effect=decision.effect,
        route=tuple(stage.name for stage in answered.decision.stages),
        reopened=reopened,
    )
    record(event, actor=actor, at=at)
    _follow(request, decision, before, answered, actor=actor, at=at)
    return request


def _follow(
    request: Request, decision: Decision, before: Decision, answered: Answer, *, actor: Actor, at: datetime
) -> None:
    if answered.decision.effect is Effect.PERMIT:
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


def _add_revision(
    request: Request, ask: Ask, draft: RequestDraft, *, number: int, actor: Actor, at: datetime
) -> None:
    service = ask.service_account
    revision = Revision.objects.create(
        request=request,
        number=number,
        subject_kind=SubjectKind.SERVICE_ACCOUNT if service else SubjectKind.PERSON,
        person=ask.person,
        service_account=service,
        purpose=ask.purpose,
        actions=sorted(ask.actions),
        starts_at=ask.starts_at,
        ends_at=ask.ends_at,
        place_of_processing=ask.place_of_processing,
        ticket=ask.ticket,
        justification=draft.justification,
        mode=draft.mode,
        edited_by=ask.requester,
        created_at=at,
    )
    RevisionItem.objects.bulk_create(
        RevisionItem(revision=revision, asset=item.asset, version=item.version, columns=list(item.columns))
        for item in ask.items
    )
    request.revision = revision
    request.write("revision")
    event = RequestDrafted(
        request_id=request.uid,
        revision_number=number,
        assets=tuple(item.asset.uid for item in ask.items),
        purpose_id=ask.purpose.uid,
    )
    record(event, actor=actor, at=at)


def current_revision(request: Request) -> Revision:
    """The revision that is asked for now, with what policy reads of it."""
    related = ("request__organization", "purpose", "person__organization", "service_account", "edited_by")
    return Revision.objects.select_related(*related, "request__requester__organization").get(
        pk=request.revision_key
    )


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('access_request_number')")
        return int(cursor.fetchone()[0])


def _own(actor: Actor) -> Resource:
    """Asking is one's own to do, for whoever is an active person."""
    persons = frozenset({actor.person_id}) if actor.person_id else frozenset()
    return Resource(kind="request", organization_id=actor.organization_id or 0, persons=persons)
