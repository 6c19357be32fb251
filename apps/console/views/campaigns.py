"""Campaigns: what is to be asked, what is being asked, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.accounts.authorization import authorize, may, standing_of
from apps.accounts.operations import Operation
from apps.accounts.queries import (
    directory,
    domains_visible_to,
    organizations_visible_to,
    people_visible_to,
    role_holders,
)
from apps.accounts.roles import Role
from apps.classification.queries import ladder
from apps.console.forms.reviews import SILENCE, CampaignForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.reviews.commands import change_campaign, discard_campaign, draft_campaign, open_campaign
from apps.reviews.facts import age_day, campaign_resource, due_day, silences
from apps.reviews.queries import (
    ItemState,
    campaigns_visible_to,
    items_visible_to,
    outlook_of,
    scope_of,
    with_evidence,
)


class Campaigns(Page):
    section = "campaigns"
    template = "console/campaigns/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        roles = _roles(self)
        page = page_of(request, campaigns_visible_to(self.actor))
        return self.show({"page": page, "may_open": Role.COMPLIANCE_OFFICER in roles})


class Drafting(Page):
    """The form of a draft, new or there."""

    section = "campaigns"
    template = "console/campaigns/form.html"

    def choices(self) -> dict[str, Any]:
        place = self.actor.organization_id or 0
        owners = role_holders({Role.OWNER}, organization_ids=[place], at=timezone.now())
        people = people_visible_to(self.actor).filter(pk__in=owners.values("person"))
        return {
            "classes": ladder(self.actor),
            "domains": domains_visible_to(self.actor).filter(organization=place).order_by("name"),
            "owners": people.order_by("name"),
        }

    def shown(self, form: CampaignForm, **more: Any) -> HttpResponse:
        return self.show({"form": form, **more}, status=form.status)


class NewCampaign(Drafting):
    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted."""
        resource = directory.organization_resource(self.actor)
        authorize(actor=self.actor, operation=Operation.MANAGE_CAMPAIGN, resource=resource)
        return self.shown(CampaignForm(**self.choices()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CampaignForm(request.POST, **self.choices())
        place = organizations_visible_to(self.actor).get()

        def make(given: dict[str, Any]) -> str:
            draft = form.draft(given)
            made = draft_campaign(actor=self.actor, organization_id=place.uid, draft=draft)
            return reverse("console:campaign", args=[made.uid])

        if not form.makes(self.actor, make):
            return self.shown(form)
        messages.success(request, gettext("The campaign is a draft. Look at what it would ask, and open it."))
        return redirect(form.address)


class ChangeCampaign(Drafting):
    """As long as it is a draft."""

    def get(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        """Raises: NotFound, NotPermitted."""
        campaign = _one(self, campaign_id)
        resource = campaign_resource(campaign)
        authorize(actor=self.actor, operation=Operation.MANAGE_CAMPAIGN, resource=resource)
        return self.shown(CampaignForm(initial=_content_of(campaign), **self.choices()), campaign=campaign)

    def post(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        campaign = _one(self, campaign_id)
        form = CampaignForm(request.POST, **self.choices())

        def change(given: dict[str, Any]) -> None:
            change_campaign(actor=self.actor, campaign_id=campaign_id, draft=form.draft(given))

        if not form.carries(change):
            return self.shown(form, campaign=campaign)
        return redirect("console:campaign", campaign_id)


class Campaign(Page):
    """A draft shows what it would ask now; an open or closed one what was asked and answered."""

    section = "campaigns"
    template = "console/campaigns/campaign.html"

    def get(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        campaign, now = _one(self, campaign_id), timezone.now()
        manages = may(
            actor=self.actor, operation=Operation.MANAGE_CAMPAIGN, resource=campaign_resource(campaign)
        )
        context: dict[str, Any] = {
            "campaign": campaign,
            "may_manage": manages,
            "last_day": due_day(campaign),
            "silences": silences(campaign),
            **self._named(campaign),
            "given": request.GET,
            "states": [state.value for state in ItemState],
        }
        if campaign.opened_at is None:
            return self.show({**context, "outlook": outlook_of(scope_of(campaign), at=now)})
        items = items_visible_to(self.actor).filter(campaign=campaign.pk)
        if request.GET.get("state") in set(ItemState):
            items = items.filter(state=request.GET["state"])
        page = page_of(request, items, "pk")
        return self.show({**context, "page": page, "reviews": with_evidence(page.rows, at=now)})

    def _named(self, campaign: Any) -> dict[str, Any]:
        """What the scope names, in words. What it leaves open is not asked about."""
        names_classes = campaign.sensitivity_class_codes or campaign.no_answer_by_class
        domains, owners = campaign.domain_ids, campaign.owner_ids
        return {
            "classes": {step.code: step.label for step in ladder(self.actor)} if names_classes else {},
            "domains": domains and domains_visible_to(self.actor).filter(uid__in=domains).order_by("name"),
            "owners": owners and people_visible_to(self.actor).filter(uid__in=owners).order_by("name"),
        }


class OpenCampaign(Page):
    section = "campaigns"

    def post(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        open_campaign(actor=self.actor, campaign_id=campaign_id)
        messages.success(
            request, gettext("The campaign is open: its list is frozen, its reviewers are asked.")
        )
        return redirect("console:campaign", campaign_id)

    def get(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return redirect("console:campaign", campaign_id)


class DiscardCampaign(Page):
    section = "campaigns"

    def post(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        discard_campaign(actor=self.actor, campaign_id=campaign_id)
        messages.success(request, gettext("The campaign was given up; nobody was asked."))
        return redirect("console:campaigns")

    def get(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return redirect("console:campaign", campaign_id)


def _roles(page: Page) -> set[Role]:
    return {held.role for held in standing_of(page.actor).roles}


def _one(page: Page, campaign_id: UUID) -> Any:
    visible: Any = campaigns_visible_to(page.actor)
    return visible.one(campaign_id)


def _content_of(campaign: Any) -> dict[str, Any]:
    """What a draft says now, as the form shows it."""
    return {
        "name": campaign.name,
        "due_on": due_day(campaign),
        "sensitivity_class_codes": campaign.sensitivity_class_codes,
        "domain_ids": [str(uid) for uid in campaign.domain_ids],
        "owner_ids": [str(uid) for uid in campaign.owner_ids],
        "granted_before": age_day(campaign),
        "on_no_answer": campaign.on_no_answer,
        **{SILENCE + each.sensitivity_class_code: each.then.value for each in silences(campaign)},
    }
