"""What the clock and the ends of grants set off here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from celery import shared_task

from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.reviews.commands import (
    ask_others,
    close_campaign,
    end_review,
    remind_campaign,
    settle_review,
)
from apps.reviews.lifecycle import CampaignState
from apps.reviews.models import Campaign, ReviewItem
from apps.reviews.queries.reviewers import RELATED, reviewers_of

REMINDERS = (50, 100)
BATCH = 500


@shared_task
def keep_campaigns_in_step() -> None:
    """Remind, end what is over, carry out what follows from silence, and close what waits for nobody."""
    keep_campaigns(at=database_now())


@shared_task
def ask_whose_turn_it_is() -> None:
    """Find the open reviews whose reviewers have changed. What a review rests on is asked anew anyway."""
    ask_those_of_now(at=database_now())


def keep_campaigns(*, at: datetime) -> None:
    for campaign in Campaign.objects.filter(state=CampaignState.OPEN).order_by("pk"):
        for percent in REMINDERS:
            if campaign.reminded_percent < percent and _is_reached(campaign, percent, at=at):
                remind_campaign(actor=SYSTEM, campaign_id=campaign.uid, percent=percent, at=at)
        open_items = ReviewItem.objects.filter(campaign=campaign).open().order_by("pk")
        for uid in open_items.filter(grant__ended_at__isnull=False).values_list("uid", flat=True)[:BATCH]:
            end_review(actor=SYSTEM, review_item_id=uid, at=at)
        for uid in open_items.filter(grant__not_after__lte=at).values_list("uid", flat=True)[:BATCH]:
            end_review(actor=SYSTEM, review_item_id=uid, at=at)
        if campaign.due_at <= at:
            for uid in list(open_items.values_list("uid", flat=True)[:BATCH]):
                settle_review(actor=SYSTEM, review_item_id=uid, at=at)
        close_campaign(actor=SYSTEM, campaign_id=campaign.uid, at=at)


def ask_those_of_now(*, at: datetime) -> None:
    for items in _open_in_batches():
        asked = reviewers_of([item.grant for item in items], at=at)
        for item in items:
            if item.pool != asked[item.grant_id].pool:
                ask_others(actor=SYSTEM, review_item_id=item.uid, at=at)


def end_reviews_of_grant(grant_uid: UUID) -> None:
    items = ReviewItem.objects.filter(grant__uid=grant_uid).open()
    for uid in list(items.order_by("pk").values_list("uid", flat=True)):
        end_review(actor=SYSTEM, review_item_id=uid)


def _is_reached(campaign: Campaign, percent: int, *, at: datetime) -> bool:
    begun = campaign.opened_at or campaign.created_at
    return at >= begun + (campaign.due_at - begun) * percent / 100


def _open_in_batches() -> Iterator[Sequence[ReviewItem]]:
    related = (f"grant__{name}" for name in RELATED)
    items = ReviewItem.objects.open().select_related(*related).order_by("pk")
    last = 0
    while batch := list(items.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk
