"""What happened to campaigns and to what they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class CampaignDrafted(Event, name="reviews.campaign.drafted", about="campaign_id"):
    campaign_id: UUID
    campaign_name: str


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event, name="reviews.campaign.changed", about="campaign_id"):
    campaign_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CampaignDiscarded(Event, name="reviews.campaign.discarded", about="campaign_id"):
    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class CampaignOpened(Event, name="reviews.campaign.opened", about="campaign_id"):
    """`grants` are asked about; for `without_reviewer` of them nobody may answer yet."""

    campaign_id: UUID
    grants: int
    without_reviewer: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CampaignReminded(Event, name="reviews.campaign.reminded", about="campaign_id"):
    """So much of the time is over (50 or 100 percent), and so many answers are missing."""

    campaign_id: UUID
    percent: int
    unanswered: int


@dataclass(frozen=True, kw_only=True)
class CampaignClosed(Event, name="reviews.campaign.closed", about="campaign_id"):
    campaign_id: UUID
    kept: int
    removed: int
    unanswered: int
    ended: int


@dataclass(frozen=True, kw_only=True)
class AccessKept(Event, name="reviews.review.kept", about="review_item_id"):
    """`is_used`: keys were taken not long ago, so that nothing spoke for taking the access away."""

    review_item_id: UUID
    campaign_id: UUID
    grant_id: UUID
    is_used: bool
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class AccessRemoved(Event, name="reviews.review.removed", about="review_item_id"):
    review_item_id: UUID
    campaign_id: UUID
    grant_id: UUID
    is_used: bool
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class ReviewUnanswered(Event, name="reviews.review.unanswered", about="review_item_id"):
    """Nobody answered in time; `then` was done with the grant."""

    review_item_id: UUID
    campaign_id: UUID
    grant_id: UUID
    then: str


@dataclass(frozen=True, kw_only=True)
class ReviewEnded(Event, name="reviews.review.ended", about="review_item_id"):
    """The grant ended before anybody answered."""

    review_item_id: UUID
    campaign_id: UUID
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewersChanged(Event, name="reviews.review.reviewers_changed", about="review_item_id"):
    """Those who were asked cannot answer any more, or those who come first can again."""

    review_item_id: UUID
    campaign_id: UUID
    grant_id: UUID
    role: str
