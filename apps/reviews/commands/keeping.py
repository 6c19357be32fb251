"""What the machine does with open campaigns: remind, ask others, do what follows from silence, close."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access.commands import revoke_grant, suspend_grant
from apps.access.lifecycle import GrantState
from apps.access.models import Grant
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.reviews.events import (
    CampaignClosed,
    CampaignReminded,
    ReviewEnded,
    ReviewersChanged,
    ReviewUnanswered,
)
from apps.reviews.facts import campaign_resource, review_resource
from apps.reviews.lifecycle import CampaignState, ItemState, NoAnswer, move_campaign, move_item
from apps.reviews.models import Campaign, ReviewItem
from apps.reviews.queries.campaigns import counts_of
from apps.reviews.queries.reviewers import reviewers_of

NOBODY_ANSWERED = "Nobody answered in the review «%s»."


@command(lock=Campaign)
def remind_campaign(*, actor: Actor, campaign_id: UUID, percent: int, at: datetime) -> Campaign:
    """Say once that so much of the time is over, if answers are missing.  Raises: NotFound, NotPermitted."""
    campaign = Campaign.objects.visible_to(actor).for_update(campaign_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=campaign_resource(campaign))
    missing = counts_of(campaign)[ItemState.OPEN]
    if campaign.state == CampaignState.OPEN and campaign.reminded_percent < percent and missing:
        campaign.reminded_percent = percent
        campaign.write("reminded_percent")
        event = CampaignReminded(campaign_id=campaign.uid, percent=percent, unanswered=missing)
        record(event, actor=actor, at=at)
    return campaign


@command(lock=ReviewItem)
def ask_others(*, actor: Actor, review_item_id: UUID, at: datetime) -> ReviewItem:
    """Put an open review before those whose turn it is now, where people or roles have changed.

    Raises: NotFound, NotPermitted.
    """
    item = ReviewItem.objects.visible_to(actor).for_update(review_item_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=review_resource(item))
    pool = reviewers_of([item.grant], at=at)[item.grant_id].pool
    if item.state == ItemState.OPEN and item.pool != pool:
        item.pool = pool.value
        item.write("pool")
        event = ReviewersChanged(
            review_item_id=item.uid,
            campaign_id=item.campaign.uid,
            grant_id=item.grant.uid,
            role=pool.value,
        )
        record(event, actor=actor, at=at)
    return item


@command(lock=ReviewItem)
def end_review(*, actor: Actor, review_item_id: UUID, at: datetime) -> ReviewItem:
    """Write down that the grant ended before anybody answered.  Raises: NotFound, NotPermitted."""
    item = ReviewItem.objects.visible_to(actor).for_update(review_item_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=review_resource(item))
    if item.state == ItemState.OPEN and _is_over(item.grant, at=at):
        _close(item, ItemState.ENDED, at=at)
        event = ReviewEnded(review_item_id=item.uid, campaign_id=item.campaign.uid, grant_id=item.grant.uid)
        record(event, actor=actor, at=at)
    return item


@command(lock=ReviewItem)
def settle_review(*, actor: Actor, review_item_id: UUID, at: datetime) -> ReviewItem:
    """The day has come and nobody answered: do with the grant what the class says.

    Raises: NotFound, NotPermitted.
    """
    item = ReviewItem.objects.visible_to(actor).for_update(review_item_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=review_resource(item))
    if item.state != ItemState.OPEN or item.campaign.due_at > at or _is_over(item.grant, at=at):
        return item
    _close(item, ItemState.UNANSWERED, at=at)
    _carry_out(NoAnswer(item.on_no_answer), item, actor=actor, at=at)
    event = ReviewUnanswered(
        review_item_id=item.uid,
        campaign_id=item.campaign.uid,
        grant_id=item.grant.uid,
        then=item.on_no_answer,
    )
    record(event, actor=actor, at=at)
    return item


@command(lock=Campaign)
def close_campaign(*, actor: Actor, campaign_id: UUID, at: datetime) -> Campaign:
    """Close a campaign in which nothing waits any more.  Raises: NotFound, NotPermitted."""
    campaign = Campaign.objects.visible_to(actor).for_update(campaign_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=campaign_resource(campaign))
    counts = counts_of(campaign)
    if campaign.state == CampaignState.OPEN and not counts[ItemState.OPEN]:
        campaign.state, campaign.closed_at = move_campaign(campaign.state, CampaignState.CLOSED), at
        campaign.write("state", "closed_at")
        event = CampaignClosed(
            campaign_id=campaign.uid,
            kept=counts[ItemState.KEPT],
            removed=counts[ItemState.REMOVED],
            unanswered=counts[ItemState.UNANSWERED],
            ended=counts[ItemState.ENDED],
        )
        record(event, actor=actor, at=at)
    return campaign


def _carry_out(then: NoAnswer, item: ReviewItem, *, actor: Actor, at: datetime) -> None:
    comment = NOBODY_ANSWERED % item.campaign.name
    if then is NoAnswer.REVOKE:
        revoke_grant(actor=actor, grant_id=item.grant.uid, comment=comment, at=at)
    elif then is NoAnswer.SUSPEND and item.grant.state != GrantState.SUSPENDED:
        suspend_grant(actor=actor, grant_id=item.grant.uid, comment=comment, at=at)


def _close(item: ReviewItem, state: ItemState, *, at: datetime) -> None:
    item.state, item.closed_at = move_item(item.state, state).value, at
    item.write("state", "closed_at")


def _is_over(grant: Grant, *, at: datetime) -> bool:
    return grant.ended_at is not None or grant.not_after <= at
