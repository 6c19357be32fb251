"""What a campaign asks about, and that its list is frozen when it opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access.commands import give_back_grant
from apps.access.models import Grant
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.roles import ObjectPermission
from apps.audit.models import AuditEvent
from apps.catalog.commands import give_asset_permission
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken, StaleVersion
from apps.kernel.models import STALE
from apps.reviews import errors
from apps.reviews.commands import (
    Silence,
    campaign_outlook,
    change_campaign,
    discard_campaign,
    open_campaign,
)
from apps.reviews.lifecycle import CampaignState, NoAnswer, Pool
from apps.reviews.models import Campaign, ReviewItem
from tests.access.refusals import refused
from tests.factories import accounts
from tests.factories.access import AccessWorld, approved, asked, draft, granted, in_days
from tests.factories.reviews import campaign_draft, drafted, opened, review_of


def confidential(world: AccessWorld) -> Grant:
    """A grant on personal data, which the owner and an officer agreed to."""
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    approved(request, world["owner"], world["officer"])
    return Grant.objects.get(revision__request=request)


def asked_about(campaign: Campaign) -> set[int]:
    return set(ReviewItem.objects.filter(campaign=campaign).values_list("grant", flat=True))


def test_an_officer_opens_a_campaign_about_live_access(world: AccessWorld) -> None:
    live, over = granted(world), granted(world, "colleague")
    give_back_grant(actor=world["colleague"], grant_id=over.uid)
    campaign = opened(world["officer"], world.organization)
    assert (campaign.state, asked_about(campaign)) == (CampaignState.OPEN, {live.pk})
    assert review_of(live).pool == Pool.DATA_OWNER
    told = AuditEvent.objects.get(name="reviews.campaign.opened", subject_uid=campaign.uid)
    assert told.data["grants"] == 1


@pytest.mark.parametrize("who", ["scientist", "owner", "steward", "dpo", "auditor", "administrator"])
def test_nobody_else_opens_one(who: str, world: AccessWorld) -> None:
    granted(world)
    campaign = drafted(world["officer"], world.organization)
    family = NotPermitted if who in {"dpo", "auditor"} else NotFound
    with refused(family):
        open_campaign(actor=world[who], campaign_id=campaign.uid)
    with refused(NotPermitted, NOT_PERMITTED):
        drafted(world[who], world.organization)
    open_campaign(actor=world["officer"], campaign_id=campaign.uid)


def test_a_campaign_about_nothing_is_refused(world: AccessWorld) -> None:
    campaign = drafted(world["officer"], world.organization)
    with refused(RuleBroken, errors.CAMPAIGN_EMPTY):
        open_campaign(actor=world["officer"], campaign_id=campaign.uid)
    granted(world)
    open_campaign(actor=world["officer"], campaign_id=campaign.uid)


def test_by_class_domain_owner_and_age(world: AccessWorld) -> None:
    harmless, personal = granted(world), confidential(world)
    elsewhere = accounts.domain(world.organization)
    owners = accounts.player(world.organization)
    give_asset_permission(
        actor=SYSTEM,
        asset_id=world.harmless.asset.uid,
        permission=ObjectPermission.OWN,
        holder_id=owners.account.uid,
    )

    def found(**given: Any) -> set[int]:
        with transaction.atomic():
            campaign = drafted(world["officer"], world.organization, **given)
            try:
                open_campaign(actor=world["officer"], campaign_id=campaign.uid)
                return asked_about(campaign)
            except RuleBroken:
                return set()

    assert found() == {harmless.pk, personal.pk}
    assert found(sensitivity_class_codes=["confidential"]) == {personal.pk}
    assert found(domain_ids=[world.domain.uid]) == {harmless.pk, personal.pk}
    assert found(domain_ids=[elsewhere.uid]) == set()
    assert found(owner_ids=[owners.person.uid]) == {harmless.pk}
    assert found(owner_ids=[world.players["owner"].person.uid]) == {harmless.pk, personal.pk}
    assert found(granted_before=in_days(0)) == set()
    assert found(granted_before=in_days(2)) == {harmless.pk, personal.pk}


def test_the_preview_counts_what_opening_would_ask(world: AccessWorld) -> None:
    granted(world), confidential(world)
    given = {"actor": world["officer"], "organization_id": world.organization.uid}
    outlook = campaign_outlook(**given, draft=campaign_draft(), at=database_now())
    assert (outlook.grants, outlook.without_reviewer) == (2, 0)
    first = outlook.by_class[0]
    assert first.sensitivity_class and (first.sensitivity_class.code, first.grants) == ("confidential", 1)
    assert sum(count.grants for count in outlook.by_class) == 2
    assert len(asked_about(opened(world["officer"], world.organization))) == outlook.grants
    with pytest.raises(NotPermitted):
        campaign_outlook(**{**given, "actor": world["owner"]}, draft=campaign_draft(), at=database_now())


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": " "}, errors.NAME_MISSING, "name"),
        ({"due_on": date(2020, 1, 1)}, errors.DUE_IN_THE_PAST, "due_on"),
        ({"sensitivity_class_codes": ["nonsense"]}, errors.CLASS_UNKNOWN, "sensitivity_class_codes"),
    ],
)
def test_a_draft_says_what_is_wrong(given: dict[str, Any], code: str, field: str, world: AccessWorld) -> None:
    with refused(InvalidInput, code, field=field):
        drafted(world["officer"], world.organization, **given)
    drafted(world["officer"], world.organization)


def test_people_and_domains_of_another_organization_are_unknown(world: AccessWorld) -> None:
    stranger = accounts.player(accounts.organization())
    with refused(InvalidInput, errors.OWNER_UNKNOWN):
        drafted(world["officer"], world.organization, owner_ids=[stranger.person.uid])
    foreign = accounts.domain(accounts.organization())
    with refused(InvalidInput, errors.DOMAIN_UNKNOWN):
        drafted(world["officer"], world.organization, domain_ids=[foreign.uid])


def test_a_draft_may_change_and_an_open_campaign_may_not(world: AccessWorld) -> None:
    granted(world)
    officer, campaign = world["officer"], drafted(world["officer"], world.organization)
    change = {"actor": officer, "campaign_id": campaign.uid, "draft": campaign_draft(name="Summer review")}
    with refused(StaleVersion, STALE):
        change_campaign(**change, seen_version=7)
    assert change_campaign(**change, seen_version=1).name == "Summer review"
    open_campaign(actor=officer, campaign_id=campaign.uid)
    for late in (change_campaign, discard_campaign, open_campaign):
        given = change if late is change_campaign else {"actor": officer, "campaign_id": campaign.uid}
        with refused(InvalidState, errors.CAMPAIGN_NOT_DRAFT):
            late(**given)


def test_a_draft_is_given_up(world: AccessWorld) -> None:
    campaign = drafted(world["officer"], world.organization)
    assert discard_campaign(actor=world["officer"], campaign_id=campaign.uid).state == CampaignState.CLOSED


def test_what_is_granted_later_is_not_asked_about(world: AccessWorld) -> None:
    first = granted(world)
    campaign = opened(world["officer"], world.organization)
    granted(world, "colleague")
    assert asked_about(campaign) == {first.pk}


def test_silence_may_differ_by_class(world: AccessWorld) -> None:
    harmless, personal = granted(world), confidential(world)
    silences = [Silence(sensitivity_class_code="confidential", then=NoAnswer.REVOKE)]
    opened(world["officer"], world.organization, no_answer_by_class=silences, on_no_answer=NoAnswer.KEEP)
    assert (review_of(harmless).on_no_answer, review_of(personal).on_no_answer) == ("keep", "revoke")


def test_the_database_keeps_an_open_list_as_it_was(world: AccessWorld) -> None:
    grant, other = granted(world), granted(world, "colleague")
    campaign = opened(world["officer"], world.organization)
    item = review_of(grant)
    later = Campaign.objects.filter(pk=campaign.pk)
    attempts = (
        lambda: later.update(due_at=campaign.due_at + timedelta(days=9)),
        lambda: later.update(sensitivity_class_codes=["open"]),
        lambda: later.delete(),
        lambda: ReviewItem.objects.filter(pk=item.pk).update(on_no_answer="keep"),
        lambda: ReviewItem.objects.filter(pk=item.pk).delete(),
        lambda: ReviewItem.objects.create(
            campaign=campaign, grant=other, on_no_answer="keep", pool="steward", created_at=database_now()
        ),
        lambda: ReviewItem.objects.filter(pk=item.pk).update(
            state="kept", answered_by=item.beneficiary, closed_at=database_now()
        ),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
