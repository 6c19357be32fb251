"""One condition: what shows that it is met, and who confirms it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access import commands, queries
from apps.console.forms.access import EvidenceForm
from apps.console.page import Page
from apps.policy.conditions import ConditionCheck

ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "show": (commands.show_evidence, _("The evidence is on record. Somebody else confirms it.")),
    "confirm": (commands.satisfy_condition, _("The condition is confirmed.")),
}


class Condition(Page):
    section = "requests"
    template = "console/conditions/condition.html"

    def get(self, request: HttpRequest, condition_id: UUID) -> HttpResponse:
        return self._shown(condition_id, EvidenceForm())

    def post(self, request: HttpRequest, condition_id: UUID) -> HttpResponse:
        form = EvidenceForm(request.POST)
        if request.POST.get("act") not in ACTS:
            form.status = 400
            return self._shown(condition_id, form)
        command, told = ACTS[request.POST["act"]]
        if not form.carries(lambda given: command(actor=self.actor, condition_id=condition_id, **given)):
            return self._shown(condition_id, form)
        messages.success(request, told)
        return redirect("console:condition", condition_id)

    def _shown(self, condition_id: UUID, form: EvidenceForm) -> HttpResponse:
        visible: Any = queries.conditions_visible_to(self.actor)
        condition = visible.one(condition_id)
        is_own = self.actor.person_id in {condition.requester_id, condition.subject_id}
        is_by_people = condition.check_by == ConditionCheck.MANUAL
        is_asked = condition.turn is not None
        context = {
            "condition": condition,
            "confirmations": list(queries.confirmations_on(condition)),
            "is_by_people": is_by_people,
            "form": form,
            "may_show": is_asked and is_own,
            "may_confirm": is_asked
            and not is_own
            and queries.may_confirm(self.actor, condition, at=timezone.now()),
            "sees_request": queries.requests_visible_to(self.actor).filter(pk=condition.request_id).exists(),
        }
        return self.show(context, status=form.status)
