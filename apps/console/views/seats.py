"""Stepping back from a request, and handing a verdict to somebody by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.console.forms.seats import HandOverForm, RecusalForm
from apps.console.page import Page
from apps.kernel.errors import not_found


class StepBack(Page):
    section = "inbox"
    template = "console/step_back.html"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        return self._shown(request_id, RecusalForm())

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        form = RecusalForm(request.POST)
        if form.carries(lambda given: commands.recuse(actor=self.actor, request_id=request_id, **given)):
            messages.success(request, gettext("You stepped back; somebody else is asked."))
            return redirect("console:inbox")
        return self._shown(request_id, form)

    def _shown(self, request_id: UUID, form: RecusalForm) -> HttpResponse:
        visible: Any = queries.requests_visible_to(self.actor)
        detail = queries.detail_of(self.actor, visible.one(request_id))
        return self.show({"detail": detail, "form": form}, status=form.status)


class HandOver(Page):
    section = "inbox"
    template = "console/hand_over.html"

    def get(self, request: HttpRequest, request_id: UUID, slot_id: UUID) -> HttpResponse:
        wanted = self._wanted(request_id, slot_id)
        return self._shown(wanted, HandOverForm(colleagues=wanted.colleagues))

    def post(self, request: HttpRequest, request_id: UUID, slot_id: UUID) -> HttpResponse:
        wanted = self._wanted(request_id, slot_id)
        form = HandOverForm(request.POST, colleagues=wanted.colleagues)
        if form.carries(
            lambda given: commands.reassign_slot(
                actor=self.actor, request_id=request_id, slot_id=slot_id, **given
            )
        ):
            messages.success(request, gettext("The verdict was handed over."))
            return redirect("console:request", request_id)
        return self._shown(wanted, form)

    def _wanted(self, request_id: UUID, slot_id: UUID) -> queries.WantedVerdict:
        """Raises: NotFound, also where the reader does not lead the stage, or the verdict was given."""
        visible: Any = queries.requests_visible_to(self.actor)
        wanted = queries.wanted_verdict(self.actor, visible.one(request_id), slot_id)
        if wanted is None:
            raise not_found("slot")
        return wanted

    def _shown(self, wanted: queries.WantedVerdict, form: HandOverForm) -> HttpResponse:
        return self.show({"wanted": wanted, "form": form}, status=form.status)
