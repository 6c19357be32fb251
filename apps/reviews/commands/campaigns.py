"""Beginning campaigns, and opening them: from then on the list is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.access.models import Grant
from apps.accounts.authorization import authorize
from apps.accounts.models import Domain, Organization, Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name, is_blank
from apps.kernel.clock import end_of_day, start_of_day
from apps.kernel.errors import invalid, invalid_state, rule_broken
from apps.kernel.models import uids
from apps.reviews.errors import (
    CAMPAIGN_EMPTY,
    CAMPAIGN_NOT_DRAFT,
    CLASS_UNKNOWN,
    DOMAIN_UNKNOWN,
    DUE_IN_THE_PAST,
    NAME_MISSING,
    OWNER_UNKNOWN,
)
from apps.reviews.events import CampaignChanged, CampaignDiscarded, CampaignDrafted, CampaignOpened
from apps.reviews.facts import Silence, campaign_resource, silence_for
from apps.reviews.lifecycle import CampaignState, NoAnswer, Pool, move_campaign
from apps.reviews.models import Campaign, ReviewItem
from apps.reviews.queries.campaigns import Outlook, asked_by, class_key, outlook_of, scope_of
from apps.reviews.queries.reviewers import reviewers_of

BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class CampaignDraft:
    """What a campaign is to ask. Days are whole days in the organization's zone; nothing named leaves
    nothing out.
    """

    name: str
    due_on: date
    sensitivity_class_codes: Sequence[str] = ()
    owner_ids: Sequence[UUID] = ()
    domain_ids: Sequence[UUID] = ()
    granted_before: date | None = None
    on_no_answer: NoAnswer = NoAnswer.SUSPEND
    no_answer_by_class: Sequence[Silence] = field(default_factory=tuple)


@command(lock=Organization)
def draft_campaign(*, actor: Actor, organization_id: UUID, draft: CampaignDraft, at: datetime) -> Campaign:
    """Begin a campaign that asks nobody yet.  Raises: NotFound, NotPermitted, InvalidInput."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    campaign = Campaign(
        organization=organization,
        state=CampaignState.DRAFT.value,
        drafted_by_id=actor.person_id,
        created_at=at,
    )
    authorize(actor=actor, operation=Operation.MANAGE_CAMPAIGN, resource=campaign_resource(campaign))
    _fill(campaign, _values(actor, organization, draft, at=at))
    campaign.save(force_insert=True)
    record(CampaignDrafted(campaign_id=campaign.uid, campaign_name=campaign.name), actor=actor, at=at)
    return campaign


@command(lock=Campaign)
def change_campaign(
    *,
    actor: Actor,
    campaign_id: UUID,
    draft: CampaignDraft,
    seen_version: int | None = None,
    at: datetime,
) -> Campaign:
    """Replace what a campaign is to ask, before it is opened.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState (open already), InvalidInput.
    """
    campaign = _drafted(actor, campaign_id)
    campaign.expect_version(seen_version)
    values = _values(actor, campaign.organization, draft, at=at)
    changed = tuple(name for name, value in values.items() if getattr(campaign, name) != value)
    _fill(campaign, values)
    campaign.write(*changed)
    record(CampaignChanged(campaign_id=campaign.uid, changed=changed), actor=actor, at=at)
    return campaign


@command(lock=Campaign)
def discard_campaign(*, actor: Actor, campaign_id: UUID, at: datetime) -> Campaign:
    """Give up a draft.  Raises: NotFound, NotPermitted, InvalidState (open already)."""
    campaign = _drafted(actor, campaign_id)
    campaign.state, campaign.closed_at = move_campaign(campaign.state, CampaignState.CLOSED), at
    campaign.write("state", "closed_at")
    record(CampaignDiscarded(campaign_id=campaign.uid), actor=actor, at=at)
    return campaign


@command(lock=Campaign)
def open_campaign(
    *, actor: Actor, campaign_id: UUID, seen_version: int | None = None, at: datetime
) -> Campaign:
    """Freeze the list of grants and ask their reviewers.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, InvalidInput (due already),
    RuleBroken (empty).
    """
    campaign = _drafted(actor, campaign_id)
    campaign.expect_version(seen_version)
    if campaign.due_at <= at:
        raise invalid("due_on", DUE_IN_THE_PAST, due_on=campaign.due_at.date().isoformat())
    items = _items(campaign, asked_by(scope_of(campaign), at=at), at=at)
    if not items:
        raise rule_broken(CAMPAIGN_EMPTY)
    ReviewItem.objects.bulk_create(items, batch_size=BATCH)
    campaign.state, campaign.opened_at = move_campaign(campaign.state, CampaignState.OPEN), at
    campaign.opened_by_id = actor.person_id
    campaign.write("state", "opened_at", "opened_by")
    event = CampaignOpened(
        campaign_id=campaign.uid,
        grants=len(items),
        without_reviewer=sum(item.pool == Pool.NOBODY for item in items),
        due_at=campaign.due_at,
    )
    record(event, actor=actor, at=at)
    return campaign


def campaign_outlook(*, actor: Actor, organization_id: UUID, draft: CampaignDraft, at: datetime) -> Outlook:
    """What such a campaign would ask now; nothing is written.  Raises: as `draft_campaign`."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    campaign = Campaign(organization=organization)
    authorize(actor=actor, operation=Operation.MANAGE_CAMPAIGN, resource=campaign_resource(campaign))
    _fill(campaign, _values(actor, organization, draft, at=at))
    return outlook_of(scope_of(campaign), at=at)


def _drafted(actor: Actor, campaign_id: UUID) -> Campaign:
    campaign = Campaign.objects.visible_to(actor).for_update(campaign_id)
    authorize(actor=actor, operation=Operation.MANAGE_CAMPAIGN, resource=campaign_resource(campaign))
    if campaign.state != CampaignState.DRAFT:
        raise invalid_state(CAMPAIGN_NOT_DRAFT, state=campaign.state)
    return campaign


def _items(campaign: Campaign, grants: Sequence[Grant], *, at: datetime) -> list[ReviewItem]:
    asked = reviewers_of(grants, at=at)
    codes = dict(SensitivityClass.objects.values_list("pk", "code"))
    return [
        ReviewItem(
            campaign=campaign,
            grant=grant,
            beneficiary_id=grant.person_id,
            sensitivity_class_id=class_key(grant),
            on_no_answer=silence_for(campaign, codes.get(class_key(grant) or 0)).value,
            pool=asked[grant.pk].pool.value,
            created_at=at,
        )
        for grant in grants
    ]


def _fill(campaign: Campaign, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(campaign, name, value)


def _values(
    actor: Actor, organization: Organization, draft: CampaignDraft, *, at: datetime
) -> dict[str, Any]:
    """Raises: InvalidInput."""
    name, zone = draft.name.strip(), organization.time_zone
    if is_blank(name):
        raise invalid("name", NAME_MISSING)
    check_name(name)
    due_at = end_of_day(draft.due_on, zone)
    if due_at <= at:
        raise invalid("due_on", DUE_IN_THE_PAST, due_on=draft.due_on.isoformat())
    silences = {silence.sensitivity_class_code: silence.then.value for silence in draft.no_answer_by_class}
    _check_classes({*draft.sensitivity_class_codes, *silences})
    people = Person.objects.visible_to(actor).filter(organization=organization, uid__in=draft.owner_ids)
    if len(set(draft.owner_ids)) != people.count():
        raise invalid("owner_ids", OWNER_UNKNOWN)
    domains = Domain.objects.visible_to(actor).filter(organization=organization, uid__in=draft.domain_ids)
    if len(set(draft.domain_ids)) != domains.count():
        raise invalid("domain_ids", DOMAIN_UNKNOWN)
    age = draft.granted_before
    return {
        "name": name,
        "due_at": due_at,
        "sensitivity_class_codes": sorted(set(draft.sensitivity_class_codes)),
        "owner_ids": sorted(uids(people)),
        "domain_ids": sorted(uids(domains)),
        "granted_before": start_of_day(age, zone) if age else None,
        "on_no_answer": draft.on_no_answer.value,
        "no_answer_by_class": silences,
    }


def _check_classes(codes: set[str]) -> None:
    known = set(SensitivityClass.objects.order_by("rank").values_list("code", flat=True))
    for code in sorted(codes - known):
        raise invalid("sensitivity_class_codes", CLASS_UNKNOWN, named=code, known=tuple(sorted(known)))
