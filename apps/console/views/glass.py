"""Emergency access: breaking the glass, and looking at it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.access.commands import GlassDraft
from apps.access.facts import grant_resource
from apps.accounts.authorization import may, standing_of
from apps.accounts.freshness import has_second_factor
from apps.accounts.operations import Operation
from apps.accounts.roles import Role
from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import purposes_in_force
from apps.console.forms.glass import GlassForm, IncidentForm, ReviewForm
from apps.console.page import Page
from apps.console.paging import page_of


class Glasses(Page):
    """Every emergency the reader may see, the newest first."""

    section = "glasses"
    template = "console/glass/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"page": page_of(request, queries.glass_visible_to(self.actor))})


class Break(Page):
    section = "catalog"
    template = "console/glass/break.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self._shown(asset_id, self._form())

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = self._form(request.POST)

        def make(given: dict[str, Any]) -> str:
            draft = GlassDraft(asset_id=asset_id, **given)
            grant = commands.break_glass(actor=self.actor, draft=draft).grant
            return reverse("console:grant", args=[grant.uid])

        if not form.makes(self.actor, make):
            return self._shown(asset_id, form)
        messages.warning(request, gettext("You have emergency access now. Somebody reviews it within a day."))
        return redirect(form.address)

    def _form(self, *given: Any) -> GlassForm:
        return GlassForm(*given, purposes=purposes_in_force(self.actor, at=timezone.now()))

    def _shown(self, asset_id: UUID, form: GlassForm) -> HttpResponse:
        context = {
            "asset": assets_visible_to(self.actor).one(asset_id),
            "form": form,
            "is_on_call": any(held.role is Role.ON_CALL for held in standing_of(self.actor).roles),
            "has_second_factor": has_second_factor(self.actor.account_key),
        }
        return self.show(context, status=form.status)


class Glass(Page):
    """One emergency: what happened, what was opened, and what was said of it."""

    section = "glasses"
    template = "console/glass/glass.html"

    def get(self, request: HttpRequest, break_glass_id: UUID) -> HttpResponse:
        return self._shown(break_glass_id)

    def post(self, request: HttpRequest, break_glass_id: UUID) -> HttpResponse:
        if request.POST.get("act") == "incident":
            incident = IncidentForm(request.POST)
            named = {"actor": self.actor, "break_glass_id": break_glass_id}
            if not incident.carries(lambda given: commands.name_incident(**named, **given)):
                return self._shown(break_glass_id, incident=incident)
            messages.success(request, gettext("The incident is named."))
            return redirect("console:glass", break_glass_id)
        review = ReviewForm(request.POST)
        named = {"actor": self.actor, "break_glass_id": break_glass_id}
        if not review.carries(lambda given: commands.review_break_glass(**named, **given)):
            return self._shown(break_glass_id, review=review)
        messages.success(request, gettext("Your review is on record."))
        return redirect("console:glass", break_glass_id)

    def _shown(
        self, break_glass_id: UUID, *, incident: IncidentForm | None = None, review: ReviewForm | None = None
    ) -> HttpResponse:
        visible: Any = queries.glass_visible_to(self.actor)
        glass = visible.one(break_glass_id)
        is_own = glass.person_id == self.actor.person_id
        sent = incident or review
        context = {
            "glass": glass,
            "incident_form": incident or IncidentForm(),
            "review_form": review or ReviewForm(),
            "form": sent,
            "may_name": is_own and not glass.incident_ref,
            "may_review": not is_own and glass.reviewed_at is None and self._may_review(glass),
        }
        return self.show(context, status=sent.status if sent else 200)

    def _may_review(self, glass: Any) -> bool:
        operation, resource = Operation.REVIEW_BREAK_GLASS, grant_resource(glass.grant)
        if not may(actor=self.actor, operation=operation, resource=resource):
            return False
        return not queries.interests_of(self.actor, pk=glass.grant.revision_id, at=timezone.now())
