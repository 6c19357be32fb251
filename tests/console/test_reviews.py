"""The reviewer's queue and the list to confirm; campaigns from the draft to the open list."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.access.commands import give_back_grant
from apps.access.models import Grant
from apps.reviews.lifecycle import CampaignState, ItemState
from apps.reviews.models import Campaign, ReviewItem
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, granted, in_days
from tests.factories.reviews import drafted, opened, review_of


@pytest.fixture
def reviews(world: AccessWorld) -> list[ReviewItem]:
    grants = [granted(world), granted(world, "colleague")]
    campaign = opened(world["officer"], world.organization)
    return [review_of(grant, campaign) for grant in grants]


def states(reviews: list[ReviewItem]) -> list[str]:
    return [ReviewItem.objects.get(pk=review.pk).state for review in reviews]


def chosen(reviews: list[ReviewItem]) -> dict[str, str]:
    return {
        f"answer_{reviews[0].uid}": "keep",
        f"answer_{reviews[1].uid}": "remove",
        f"reason_{reviews[1].uid}": "The study has ended.",
    }


def confirming(client: Client, sent: dict[str, str]) -> dict[str, str]:
    """What the page to confirm would send."""
    page = client.post("/reviews/", sent).text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    return {**sent, "digest": digest[1]}


def test_choosing_does_nothing_until_the_list_was_confirmed(
    world: AccessWorld, browse: Browse, reviews: list[ReviewItem]
) -> None:
    client = browse("owner")
    assert client.get("/reviews/").text.count('<th role="rowheader"') == 2
    sent = confirming(client, chosen(reviews))
    assert states(reviews) == [ItemState.OPEN, ItemState.OPEN]
    answer = client.post("/reviews/confirm/", sent, follow=True)
    assert "On record: 1 grant kept, 1 grant removed." in answer.text
    assert states(reviews) == [ItemState.KEPT, ItemState.REMOVED]


def test_removing_without_a_reason_shows_the_list_again_with_what_is_missing(
    world: AccessWorld, browse: Browse, reviews: list[ReviewItem]
) -> None:
    client = browse("owner")
    sent = confirming(client, {**chosen(reviews), f"reason_{reviews[1].uid}": ""})
    answer = client.post("/reviews/confirm/", sent)
    assert (answer.status_code, states(reviews)) == (400, [ItemState.OPEN] * 2)
    assert "Say why this access is taken away." in answer.text
    client.post("/reviews/confirm/", {**sent, "reason": "Both studies have ended."})
    assert states(reviews) == [ItemState.KEPT, ItemState.REMOVED]
    given = [ReviewItem.objects.get(pk=review.pk).reason for review in reviews]
    assert given == ["", "Both studies have ended."], "What is kept has not ended."


def test_a_list_that_changed_is_shown_anew_and_counts_when_confirmed_again(
    world: AccessWorld, browse: Browse, reviews: list[ReviewItem]
) -> None:
    client = browse("owner")
    sent = confirming(client, chosen(reviews))
    give_back_grant(actor=world["colleague"], grant_id=Grant.objects.get(pk=reviews[1].grant_id).uid)
    answer = client.post("/reviews/confirm/", sent)
    assert (answer.status_code, states(reviews)) == (412, [ItemState.OPEN] * 2)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', answer.text)
    assert digest and digest[1] != sent["digest"]
    again = client.post("/reviews/confirm/", {**sent, "digest": digest[1]})
    assert (again.status_code, states(reviews)) == (200, [ItemState.KEPT, ItemState.OPEN])
    assert "Some answers were refused" in again.text


def test_nothing_chosen_says_so(world: AccessWorld, browse: Browse, reviews: list[ReviewItem]) -> None:
    client = browse("owner")
    assert "Nothing was chosen" in client.post("/reviews/", {}, follow=True).text
    assert client.post("/reviews/confirm/", {}).status_code == 302
    assert browse("colleague").post("/reviews/", chosen(reviews)).status_code == 404


def test_home_and_rail_count_what_waits(
    world: AccessWorld, browse: Browse, reviews: list[ReviewItem]
) -> None:
    assert "Access to review" in browse("owner").get("/").text
    assert "Access to review" not in browse("scientist").get("/").text


def test_an_officer_makes_a_campaign_and_opens_it(world: AccessWorld, browse: Browse) -> None:
    granted(world)
    client = browse("officer")
    page = client.get("/campaigns/new/")
    sent = {
        "key": page.context["form"]["key"].value(),
        "name": "Spring review",
        "due_on": in_days(14).isoformat(),
        "on_no_answer": "suspend",
        "silence_restricted": "revoke",
    }
    assert client.post("/campaigns/new/", {**sent, "name": ""}).status_code == 400
    draft = client.post("/campaigns/new/", sent, follow=True)
    campaign = Campaign.objects.get()
    assert "What it would ask now" in draft.text and campaign.no_answer_by_class == {"restricted": "revoke"}
    client.post(f"/campaigns/{campaign.uid}/change/", {**sent, "name": "Summer review"})
    answer = client.post(f"/campaigns/{campaign.uid}/open/", follow=True)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.state) == ("Summer review", CampaignState.OPEN)
    assert "How far it is" in answer.text


def test_a_campaign_is_read_by_who_watches_and_opened_by_officers(world: AccessWorld, browse: Browse) -> None:
    granted(world)
    campaign = drafted(world["officer"], world.organization)
    path = f"/campaigns/{campaign.uid}/"
    assert browse("auditor").get(path).status_code == 200
    assert browse("auditor").post(f"{path}open/").status_code == 403
    assert browse("owner").get(path).status_code == 404
    browse("officer").post(f"{path}discard/")
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED
    assert "Given up" in browse("officer").get("/campaigns/").text
