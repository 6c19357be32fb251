"""Answering a list exactly as it was shown, each answer for itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access.commands import give_back_grant
from apps.access.models import Grant
from apps.audit.models import AuditEvent, Outcome
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotFound, StaleVersion
from apps.policy import eligibility
from apps.reviews import errors
from apps.reviews.commands import Given, answer_reviews, keep_access, shown_list
from apps.reviews.lifecycle import Answer, ItemState
from apps.reviews.models import ReviewItem
from apps.reviews.queries import list_digest
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, granted
from tests.factories.reviews import opened, review_of, used

REASON = "The study has ended."


@pytest.fixture
def reviews(world: AccessWorld) -> list[ReviewItem]:
    """About two grants of the scientist, and one of the owner."""
    grants = [granted(world), granted(world, "colleague"), granted(world, "owner")]
    campaign = opened(world["officer"], world.organization)
    return [review_of(grant, campaign) for grant in grants]


def given(review: ReviewItem, answer: Answer = Answer.KEEP, reason: str = REASON) -> Given:
    return Given(review_item_id=review.uid, answer=answer, reason=reason)


def seen_by(world: AccessWorld, who: str, reviews: list[ReviewItem]) -> str:
    uids = [review.uid for review in reviews]
    return list_digest(shown_list(actor=world[who], review_item_ids=uids, at=database_now()))


def states(reviews: list[ReviewItem]) -> list[str]:
    return [ReviewItem.objects.get(pk=review.pk).state for review in reviews]


def test_a_list_is_answered_as_it_was_shown(world: AccessWorld, reviews: list[ReviewItem]) -> None:
    digest = seen_by(world, "second_owner", reviews)
    answers = [given(reviews[0]), given(reviews[1], Answer.REMOVE), given(reviews[2])]
    done = answer_reviews(actor=world["second_owner"], answers=answers, digest=digest)
    assert all(outcome.is_done for outcome in done)
    assert states(reviews) == [ItemState.KEPT, ItemState.REMOVED, ItemState.KEPT]


def test_one_refused_answer_leaves_the_others_done_and_a_trace(
    world: AccessWorld, reviews: list[ReviewItem]
) -> None:
    digest = seen_by(world, "owner", reviews)
    answers = [given(reviews[0]), given(reviews[1], Answer.REMOVE, reason=""), given(reviews[2])]
    done = answer_reviews(actor=world["owner"], answers=answers, digest=digest)
    assert [outcome.is_done for outcome in done] == [True, False, False]
    assert done[1].reasons[0].code == errors.REMOVAL_REASON_MISSING
    assert eligibility.OWN_BENEFIT in {reason.code for reason in done[2].reasons}
    assert states(reviews) == [ItemState.KEPT, ItemState.OPEN, ItemState.OPEN]
    told = AuditEvent.objects.filter(outcome=Outcome.REFUSED, subject_uid=reviews[2].uid)
    assert [event.name for event in told] == ["reviews.keep_access"]


def test_nothing_is_done_where_the_list_has_changed(world: AccessWorld, reviews: list[ReviewItem]) -> None:
    def another_answers() -> None:
        keep_access(actor=world["second_owner"], review_item_id=reviews[1].uid)

    def a_grant_ends() -> None:
        give_back_grant(actor=world["colleague"], grant_id=reviews[1].grant.uid)

    for change in (a_grant_ends, another_answers):
        digest = seen_by(world, "owner", reviews[:2])
        if change is another_answers:
            reviews[1] = review_of(granted(world, "colleague"), opened(world["officer"], world.organization))
            digest = seen_by(world, "owner", reviews[:2])
        change()
        with refused(StaleVersion, errors.LIST_CHANGED):
            answer_reviews(
                actor=world["owner"], answers=[given(reviews[0]), given(reviews[1])], digest=digest
            )
        assert states(reviews[:1]) == [ItemState.OPEN]
    digest = seen_by(world, "owner", reviews[:1])
    answer_reviews(actor=world["owner"], answers=[given(reviews[0])], digest=digest)


def test_evidence_that_turned_makes_it_another_list(world: AccessWorld, reviews: list[ReviewItem]) -> None:
    month = database_now() + timedelta(days=40)
    shown = shown_list(actor=world["owner"], review_item_ids=[reviews[0].uid], at=month)
    used(Grant.objects.select_related("person").get(pk=reviews[0].grant_id), at=month - timedelta(days=1))
    again = shown_list(actor=world["owner"], review_item_ids=[reviews[0].uid], at=month)
    assert list_digest(shown) != list_digest(again)


def test_a_list_names_each_review_once_and_only_what_is_seen(
    world: AccessWorld, reviews: list[ReviewItem]
) -> None:
    digest = seen_by(world, "owner", reviews[:1])
    with refused(InvalidInput, errors.LIST_EMPTY):
        answer_reviews(actor=world["owner"], answers=[], digest=digest)
    with refused(InvalidInput, errors.ANSWERED_TWICE):
        answer_reviews(actor=world["owner"], answers=[given(reviews[0])] * 2, digest=digest)
    with refused(NotFound):
        answer_reviews(actor=world["scientist"], answers=[given(reviews[0])], digest=digest)
    assert states(reviews) == [ItemState.OPEN] * 3
