"""What the demo reviews: whether the access given so far is still needed."""

from __future__ import annotations

from datetime import timedelta

from apps.kernel.clock import database_now
from apps.reviews.commands import CampaignDraft, draft_campaign, keep_access, open_campaign
from apps.reviews.queries import waiting_for
from portal.demo.people import Company

TERM = timedelta(days=14)


def review(company: Company) -> None:
    """One open campaign about all access, before those who own the data; one answer is given."""
    draft = CampaignDraft(name="Access at the turn of the year", due_on=(database_now() + TERM).date())
    campaign = draft_campaign(actor=company["officer"], organization_id=company.organization.uid, draft=draft)
    open_campaign(actor=company["officer"], campaign_id=campaign.uid)
    first = waiting_for(company["owner"], at=database_now()).earliest("pk")
    keep_access(actor=company["owner"], review_item_id=first.uid, reason="Needed for the campaign.")
