"""Reminders, and what follows where nobody answers in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access.commands import give_back_grant
from apps.access.lifecycle import GrantState
from apps.access.models import Grant
from apps.audit.models import AuditEvent
from apps.kernel.clock import database_now
from apps.reviews.commands import keep_access
from apps.reviews.lifecycle import CampaignState, ItemState, NoAnswer
from apps.reviews.models import Campaign
from apps.reviews.queries import people_asked
from apps.reviews.tasks import keep_campaigns
from tests.factories.access import AccessWorld, granted
from tests.factories.reviews import opened, overdue, review_of


def told(name: str) -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(name=name).order_by("pk").values_list("data", flat=True))


@pytest.mark.parametrize(
    ("then", "state"),
    [
        (NoAnswer.SUSPEND, GrantState.SUSPENDED),
        (NoAnswer.REVOKE, GrantState.REVOKED),
        (NoAnswer.KEEP, GrantState.ACTIVE),
    ],
)
def test_silence_does_what_was_said_when_the_campaign_opened(
    then: NoAnswer, state: GrantState, world: AccessWorld
) -> None:
    grant = granted(world)
    before = grant.state
    campaign = opened(world["officer"], world.organization, on_no_answer=then)
    keep_campaigns(at=campaign.due_at - timedelta(seconds=1))
    assert (review_of(grant).state, Grant.objects.get(pk=grant.pk).state) == (ItemState.OPEN, before)
    keep_campaigns(at=overdue(campaign))
    expected = before if then is NoAnswer.KEEP else state
    assert (review_of(grant).state, Grant.objects.get(pk=grant.pk).state) == (
        ItemState.UNANSWERED,
        expected,
    )
    assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.CLOSED
    assert told("reviews.campaign.closed")[0]["unanswered"] == 1
    keep_campaigns(at=overdue(campaign))
    assert len(told("reviews.review.unanswered")) == 1


def test_what_was_answered_or_ended_is_left_alone(world: AccessWorld) -> None:
    kept, ended = granted(world), granted(world, "colleague")
    campaign = opened(world["officer"], world.organization)
    keep_access(actor=world["owner"], review_item_id=review_of(kept).uid)
    give_back_grant(actor=world["colleague"], grant_id=ended.uid)
    keep_campaigns(at=database_now())
    assert (review_of(kept).state, review_of(ended).state) == (ItemState.KEPT, ItemState.ENDED)
    assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.CLOSED
    assert Grant.objects.get(pk=kept.pk).ended_at is None


def test_reviewers_are_reminded_once_at_half_time_and_once_at_the_end(world: AccessWorld) -> None:
    granted(world)
    campaign = opened(world["officer"], world.organization)
    assert campaign.opened_at
    middle = campaign.opened_at + (campaign.due_at - campaign.opened_at) / 2
    keep_campaigns(at=middle - timedelta(seconds=1))
    assert told("reviews.campaign.reminded") == []
    for at in (middle, middle, overdue(campaign)):
        keep_campaigns(at=at)
    assert [said["percent"] for said in told("reviews.campaign.reminded")] == [50, 100]


def test_those_who_are_asked_can_be_told(world: AccessWorld) -> None:
    granted(world)
    campaign = opened(world["officer"], world.organization)
    asked = set(people_asked(campaign, at=database_now()).values_list("pk", flat=True))
    assert asked == {world.players[who].person.pk for who in ("owner", "second_owner", "owner_and_officer")}
