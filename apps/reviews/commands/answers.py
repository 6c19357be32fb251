"""Answering: this access is still needed, or it is not. One by one, or a list exactly as it was confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access.commands import revoke_grant
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record, record_refusal
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    LakewardenError,
    NotPermitted,
    StaleVersion,
    invalid,
    invalid_state,
    not_found,
)
from apps.policy.reason import Reason
from apps.reviews.errors import (
    ANSWERED_TWICE,
    GRANT_ENDED_MEANWHILE,
    KEEPING_REASON_MISSING,
    LIST_CHANGED,
    LIST_EMPTY,
    LIST_TOO_LONG,
    REMOVAL_REASON_MISSING,
    REVIEW_OVERDUE,
)
from apps.reviews.events import AccessKept, AccessRemoved
from apps.reviews.facts import review_resource
from apps.reviews.lifecycle import STATE_OF_ANSWER, Answer, move_item
from apps.reviews.models import ReviewItem
from apps.reviews.queries.items import (
    RELATED,
    Review,
    items_visible_to,
    list_digest,
    why_not_answer,
    with_evidence,
)

MOST_ANSWERS = 200


@dataclass(frozen=True, kw_only=True)
class Given:
    """One answer of a list."""

    review_item_id: UUID
    answer: Answer
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one answer of a list: done, or refused for these reasons."""

    review_item_id: UUID
    answer: Answer
    reasons: tuple[Reason, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.reasons


@command(lock=ReviewItem)
def keep_access(
    *,
    actor: Actor,
    review_item_id: UUID,
    reason: str = "",
    seen_version: int | None = None,
    at: datetime,
) -> ReviewItem:
    """Say that the access is still needed; with a reason where it has not been used for long.

    Raises: NotFound, NotPermitted (why not you), StaleVersion, InvalidState (answered, over, due),
    InvalidInput.
    """
    ReviewItem.objects.visible_to(actor).for_update(review_item_id)
    review = _one(review_item_id, at=at)
    authorize(actor=actor, operation=Operation.ANSWER_REVIEW, resource=review_resource(review.item))
    review.item.expect_version(seen_version)
    return _answer(actor, review, Answer.KEEP, reason, at=at)


@command(lock=ReviewItem)
def remove_access(
    *,
    actor: Actor,
    review_item_id: UUID,
    reason: str,
    seen_version: int | None = None,
    at: datetime,
) -> ReviewItem:
    """Say that the access is not needed any more: the grant is revoked, and its keys with it.

    Raises: as `keep_access`.
    """
    ReviewItem.objects.visible_to(actor).for_update(review_item_id)
    review = _one(review_item_id, at=at)
    authorize(actor=actor, operation=Operation.ANSWER_REVIEW, resource=review_resource(review.item))
    review.item.expect_version(seen_version)
    return _answer(actor, review, Answer.REMOVE, reason, at=at)


@command
def answer_reviews(
    *, actor: Actor, answers: Sequence[Given], digest: str, at: datetime
) -> tuple[Outcome, ...]:
    """Answer a list as it was confirmed. `digest` is that of the list that was shown (`shown_list`).

    Nothing is done where anything in the list has changed since. Otherwise each answer stands for itself: one
    that is refused leaves the others done, and leaves its own refusal in the trail.
    Raises: InvalidInput, NotFound (one of them is hidden), StaleVersion.
    """
    reviews = {review.item.uid: review for review in _locked(actor, answers, at=at)}
    if list_digest(reviews.values()) != digest:
        raise StaleVersion(Reason(code=LIST_CHANGED))
    return tuple(_outcome(actor, reviews[given.review_item_id], given, at=at) for given in answers)


def shown_list(*, actor: Actor, review_item_ids: Sequence[UUID], at: datetime) -> list[Review]:
    """The list that somebody is about to confirm, each with its evidence, in the order named.

    Raises: InvalidInput, NotFound.
    """
    _check_length(review_item_ids)
    found = {item.uid: item for item in items_visible_to(actor).filter(uid__in=review_item_ids)}
    if len(found) != len(review_item_ids):
        raise not_found("review")
    return with_evidence([found[uid] for uid in review_item_ids], at=at)


def _check_length(review_item_ids: Sequence[UUID]) -> None:
    if not review_item_ids:
        raise invalid("answers", LIST_EMPTY)
    if len(review_item_ids) > MOST_ANSWERS:
        raise invalid("answers", LIST_TOO_LONG, limit=MOST_ANSWERS)
    if len(set(review_item_ids)) != len(review_item_ids):
        raise invalid("answers", ANSWERED_TWICE)


def _locked(actor: Actor, answers: Sequence[Given], *, at: datetime) -> list[Review]:
    """Locked in one order, whoever answers what, and read as they are then."""
    wanted = [given.review_item_id for given in answers]
    keys = [review.item.pk for review in shown_list(actor=actor, review_item_ids=wanted, at=at)]
    locked = ReviewItem.objects.select_for_update(of=("self",), no_key=True).select_related(*RELATED)
    return with_evidence(list(locked.filter(pk__in=keys).order_by("pk")), at=at)


def _one(review_item_id: UUID, *, at: datetime) -> Review:
    """Read after it was locked."""
    return with_evidence([ReviewItem.objects.select_related(*RELATED).get(uid=review_item_id)], at=at)[0]


def _outcome(actor: Actor, review: Review, given: Given, *, at: datetime) -> Outcome:
    uid = review.item.uid
    try:
        with transaction.atomic():
            authorize(actor=actor, operation=Operation.ANSWER_REVIEW, resource=review_resource(review.item))
            _answer(actor, review, given.answer, given.reason, at=at)
    except LakewardenError as refusal:
        name = "reviews.keep_access" if given.answer is Answer.KEEP else "reviews.remove_access"
        record_refusal(command=name, actor=actor, at=at, subject_uid=uid, reasons=refusal.reasons)
        return Outcome(review_item_id=uid, answer=given.answer, reasons=refusal.reasons)
    return Outcome(review_item_id=uid, answer=given.answer)


def _answer(actor: Actor, review: Review, answer: Answer, reason: str, *, at: datetime) -> ReviewItem:
    item, grant = review.item, review.item.grant
    reasons = why_not_answer(actor, item, at=at)
    if reasons:
        raise NotPermitted(*reasons)
    state = move_item(item.state, STATE_OF_ANSWER[answer])
    if item.campaign.due_at <= at:
        raise invalid_state(REVIEW_OVERDUE, due_at=item.campaign.due_at.isoformat())
    if grant.ended_at is not None or grant.not_after <= at:
        raise invalid_state(GRANT_ENDED_MEANWHILE, state=grant.state)
    _check_reason(review, answer, reason)
    item.state, item.reason, item.closed_at = state.value, reason.strip(), at
    item.answered_by_id = actor.person_id
    item.write("state", "reason", "answered_by", "closed_at")
    if answer is Answer.REMOVE:
        # The reviewer was asked, and need not be one of those who may revoke besides.
        revoke_grant(actor=SYSTEM, grant_id=grant.uid, comment=item.reason, at=at)
    event = AccessKept if answer is Answer.KEEP else AccessRemoved
    happened = event(
        review_item_id=item.uid,
        campaign_id=item.campaign.uid,
        grant_id=grant.uid,
        is_used=review.is_used,
        reason=item.reason,
    )
    record(happened, actor=actor, at=at)
    return item


def _check_reason(review: Review, answer: Answer, reason: str) -> None:
    if reason.strip():
        return
    if answer is Answer.REMOVE:
        raise invalid("reason", REMOVAL_REASON_MISSING)
    if review.suggestion is Answer.REMOVE:
        raise invalid("reason", KEEPING_REASON_MISSING, days=review.unused_days)
