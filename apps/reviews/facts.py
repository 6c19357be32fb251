"""Rows as the floor of permissions and the pure rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from apps.access.facts import grant_resource
from apps.accounts.authorization import Resource
from apps.policy.route import StageSpec
from apps.reviews.lifecycle import NoAnswer, Pool
from apps.reviews.models import Campaign, ReviewItem


@dataclass(frozen=True, kw_only=True)
class Silence:
    """What follows where nobody answers, for one sensitivity class."""

    sensitivity_class_code: str
    then: NoAnswer


def campaign_resource(campaign: Campaign) -> Resource:
    return Resource(kind="campaign", uid=campaign.uid, organization_id=campaign.organization_id)


def review_resource(item: ReviewItem) -> Resource:
    """Whose grant it is gives nobody the right to answer, so the grant's people are left out."""
    grant = grant_resource(item.grant)
    return Resource(
        kind="review",
        uid=item.uid,
        organization_id=grant.organization_id,
        domain_id=grant.domain_id,
        asset_ids=grant.asset_ids,
    )


def review_stage(pool: Pool) -> StageSpec:
    """A review as the rule of four eyes sees it: one answer, from the pool that is asked."""
    return StageSpec(name="review", roles=(pool.value,))


def due_day(campaign: Campaign) -> date:
    """The last day on which an answer counts, in the organization's zone."""
    zone = ZoneInfo(campaign.organization.time_zone)
    return (campaign.due_at.astimezone(zone) - timedelta.resolution).date()


def age_day(campaign: Campaign) -> date | None:
    if campaign.granted_before is None:
        return None
    return campaign.granted_before.astimezone(ZoneInfo(campaign.organization.time_zone)).date()


def silences(campaign: Campaign) -> list[Silence]:
    return [
        Silence(sensitivity_class_code=code, then=NoAnswer(word))
        for code, word in sorted(campaign.no_answer_by_class.items())
    ]


def silence_for(campaign: Campaign, class_code: str | None) -> NoAnswer:
    return NoAnswer(campaign.no_answer_by_class.get(class_code, campaign.on_no_answer))
