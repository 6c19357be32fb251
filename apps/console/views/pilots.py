"""Trying out a labeling policy: pilots that were measured, and having another one measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.console.forms.pilots import PilotForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.labeling import commands
from apps.labeling.pilots import may_measure_pilot, pilots_visible_to, short_of
from apps.labeling.queries import labeling_policy
from apps.labeling.rendering.report import Check, checks_of
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Told:
    """A pilot with what keeps the policy from being tried out with it, and what else was found."""

    pilot: Any
    obstacles: tuple[Reason, ...]
    checks: tuple[Check, ...]


def told(pilots: Iterable[Any]) -> list[Told]:
    return [Told(pilot=each, obstacles=short_of(each), checks=checks_of(each.findings)) for each in pilots]


class Pilots(Page):
    section = "register"
    template = "console/pilots/pilots.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return self._shown(record_id, PilotForm())

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        form = PilotForm(request.POST, request.FILES)

        def measure(given: dict[str, Any]) -> str:
            told = {"files": form.brought(given), "all_items_seen": given["all_items_seen"]}
            commands.measure_pilot(actor=self.actor, legal_record_id=record_id, **told)
            return reverse("console:pilots", args=[record_id])

        if not form.makes(self.actor, measure):
            return self._shown(record_id, form)
        messages.success(request, gettext("The labels were measured. Only their figures are kept."))
        return redirect(form.address)

    def _shown(self, record_id: UUID, form: PilotForm) -> HttpResponse:
        policy = labeling_policy(self.actor, record_id)
        rows = pilots_visible_to(self.actor).filter(policy__legal_record=policy)
        page = page_of(self.request, rows)
        context = {
            "policy": policy,
            "page": page,
            "pilots": told(page.rows),
            "may_measure": may_measure_pilot(self.actor, policy),
            "form": form,
        }
        return self.show(context, status=form.status)
