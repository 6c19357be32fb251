"""Campaigns to answer in. Plain calls of commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from apps.access.models import Grant
from apps.accounts.models import Account, Organization
from apps.catalog.models import Asset
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.reviews.commands import CampaignDraft, draft_campaign, open_campaign
from apps.reviews.models import Campaign, ReviewItem
from tests.factories.access import in_days
from tests.factories.catalog import lake

TERM = 14


def campaign_draft(**given: Any) -> CampaignDraft:
    """About all access, for two weeks."""
    made: dict[str, Any] = {"name": "Spring review", "due_on": in_days(TERM)}
    return CampaignDraft(**{**made, **given})


def drafted(officer: Actor, organization: Organization, **given: Any) -> Campaign:
    made: Campaign = draft_campaign(
        actor=officer, organization_id=organization.uid, draft=campaign_draft(**given)
    )
    return made


def opened(officer: Actor, organization: Organization, **given: Any) -> Campaign:
    """Drafted and opened, read afresh."""
    campaign = drafted(officer, organization, **given)
    open_campaign(actor=officer, campaign_id=campaign.uid)
    return Campaign.objects.get(pk=campaign.pk)


def review_of(grant: Grant, campaign: Campaign | None = None) -> ReviewItem:
    """The newest one about the grant, or that of the campaign."""
    found = ReviewItem.objects.filter(grant=grant)
    return found.filter(campaign=campaign).get() if campaign else found.latest("pk")


def overdue(campaign: Campaign) -> datetime:
    """A moment at which answers count no more."""
    return campaign.due_at + timedelta(seconds=1)


def used(grant: Grant, *, at: datetime | None = None) -> Lease:
    """A record of a key that was taken; there is no key."""
    at = at or database_now()
    asset = Asset.objects.select_related("domain").get(pk=grant.asset_id)
    return Lease.objects.create(
        grant=grant,
        lake=lake(asset.domain),
        decision_substance="0" * 64,
        account=Account.objects.get(person=grant.person_id, kind="person"),
        person=grant.person,
        state=LeaseState.ISSUED,
        issued_at=at,
        expires_at=at + timedelta(hours=1),
        created_at=at,
    )
