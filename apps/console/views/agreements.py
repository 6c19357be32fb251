"""Data-use agreements as those read them who have to accept them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.console.forms.talk import AcceptForm
from apps.console.page import Page


class Agreement(Page):
    section = "grants"
    template = "console/agreement.html"

    def get(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        return self._shown(agreement_id)

    def post(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        form = AcceptForm(request.POST)

        def accept(given: dict[str, Any]) -> None:
            commands.accept_agreement(actor=self.actor, agreement_id=agreement_id, sha256=given["sha256"])

        if not form.carries(accept):
            return self._shown(agreement_id, form)
        messages.success(request, gettext("Your acceptance is on record, with the text you read."))
        return redirect("console:agreement", agreement_id)

    def _shown(self, agreement_id: UUID, form: AcceptForm | None = None) -> HttpResponse:
        visible: Any = queries.agreements_visible_to(self.actor)
        agreement = visible.one(agreement_id)
        fresh = AcceptForm(initial={"sha256": agreement.sha256})
        context = {"agreement": agreement, "form": form or fresh}
        return self.show(context, status=form.status if form else 200)
