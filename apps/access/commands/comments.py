"""Talking about a request: remarks for those they are meant for, questions, and answers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from apps.access.errors import (
    AUDIENCE_NOT_YOURS,
    AUDIENCE_UNKNOWN,
    COMMENT_MISSING,
    NOT_ASKED_TO_DECIDE,
    NOT_IN_REVIEW_TO_ASK,
    ONLY_PEOPLE_SPEAK,
    QUESTION_ANSWERED,
    QUESTION_UNKNOWN,
)
from apps.access.events import CommentAdded, QuestionAnswered, QuestionAsked
from apps.access.facts import own_request, request_resources
from apps.access.lifecycle import RequestState
from apps.access.models import Comment, CommentAudience, CommentKind, Request, Revision
from apps.access.queries.comments import audiences_of, decides, side_of
from apps.access.queries.requests import assets_of
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted, invalid, invalid_state, rule_broken
from apps.policy.reason import Reason


@command(lock=Request)
def comment_request(
    *, actor: Actor, request_id: UUID, text: str, audience: str = CommentAudience.EVERYONE, at: datetime
) -> Comment:
    """Say something about a request, to those it is for.

    Raises: NotFound, NotPermitted, RuleBroken (not by a machine, not to people one is none of), InvalidInput.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = _present(request)
    assets = assets_of(revision)
    _authorize(actor, revision, assets)
    if audience not in CommentAudience.values:
        raise invalid(
            "audience", AUDIENCE_UNKNOWN, audience=audience, known=", ".join(CommentAudience.values)
        )
    if audience not in audiences_of(actor, revision, assets):
        raise rule_broken(AUDIENCE_NOT_YOURS, field="audience", audience=audience)
    said = _say(request, CommentKind.REMARK, text, audience=audience, actor=actor, at=at)
    event = CommentAdded(
        request_id=request.uid,
        comment_id=said.uid,
        audience=audience,
        sha256=hashlib.sha256(said.text.encode()).hexdigest(),
        text=said.text if audience == CommentAudience.EVERYONE else "",
    )
    record(event, actor=actor, at=at)
    return said


@command(lock=Request)
def ask_requester(*, actor: Actor, request_id: UUID, text: str, at: datetime) -> Comment:
    """Ask the requester something while the request is in review; the revision stays as it is.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = _present(request)
    assets = assets_of(revision)
    for resource in request_resources(request, assets):
        authorize(actor=actor, operation=Operation.ASK_REQUESTER, resource=resource)
    _expect_decider(actor, revision, assets)
    _expect_review(request)
    asked = _say(request, CommentKind.QUESTION, text, actor=actor, at=at)
    event = QuestionAsked(request_id=request.uid, question_id=asked.uid, question=asked.text)
    record(event, actor=actor, at=at)
    return asked


@command(lock=Request)
def answer_question(*, actor: Actor, request_id: UUID, question_id: UUID, text: str, at: datetime) -> Comment:
    """Answer a question that was asked about one's request.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput (no such question, nothing written).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    _expect_review(request)
    question = request.comments.filter(kind=CommentKind.QUESTION, uid=question_id).first()
    if question is None:
        raise invalid("question_id", QUESTION_UNKNOWN)
    if Comment.objects.filter(answers=question).exists():
        raise invalid_state(QUESTION_ANSWERED)
    answered = _say(request, CommentKind.ANSWER, text, answers=question, actor=actor, at=at)
    event = QuestionAnswered(
        request_id=request.uid, question_id=question.uid, answer_id=answered.uid, answer=answered.text
    )
    record(event, actor=actor, at=at)
    return answered


def _authorize(actor: Actor, revision: Revision, assets: list[Asset]) -> None:
    """Whoever is on the requester's side as one of them; the others for every one of the assets."""
    request, side = revision.request, side_of(revision)
    resources = request_resources(request, assets)
    if actor.person_id in side:
        resources = (own_request(request, side),)
    for resource in resources:
        authorize(actor=actor, operation=Operation.COMMENT_REQUEST, resource=resource)
    if actor.person_id not in side:
        _expect_decider(actor, revision, assets)


def _expect_decider(actor: Actor, revision: Revision, assets: list[Asset]) -> None:
    """A steward or an administrator speaks only where the route admits them.  Raises: NotPermitted."""
    if actor.kind is ActorKind.PERSON and not decides(actor, revision, assets):
        raise NotPermitted(Reason(code=NOT_ASKED_TO_DECIDE))


def _present(request: Request) -> Revision:
    return Revision.objects.select_related("request").get(pk=request.revision_key)


def _expect_review(request: Request) -> None:
    if request.state != RequestState.IN_REVIEW:
        raise invalid_state(NOT_IN_REVIEW_TO_ASK, state=request.state)


def _say(
    request: Request,
    kind: CommentKind,
    text: str,
    *,
    audience: str = CommentAudience.EVERYONE,
    answers: Comment | None = None,
    actor: Actor,
    at: datetime,
) -> Comment:
    if actor.kind is not ActorKind.PERSON:
        raise rule_broken(ONLY_PEOPLE_SPEAK)
    if not text.strip():
        raise invalid("text", COMMENT_MISSING)
    return Comment.objects.create(
        request=request,
        kind=kind,
        audience=audience,
        author_id=actor.person_key,
        text=text.strip(),
        answers=answers,
        created_at=at,
    )
