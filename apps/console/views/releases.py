"""Releasing a version of a model: what is asked of it, what it learned from, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from apps.console.forms.releases import ReleaseForm
from apps.console.page import Page
from apps.labeling import commands
from apps.labeling.releases import release_sheet

DONE = {
    "release": gettext_lazy("The version is released."),
    "withdraw": gettext_lazy("The release was withdrawn. The version may be released again."),
}


class Release(Page):
    section = "catalog"
    template = "console/releases/release.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        return self._shown(version_id, ReleaseForm())

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        form = ReleaseForm(request.POST)
        if form.carries(lambda given: self._carry_out(version_id, **given)):
            messages.success(request, DONE[form.cleaned_data["do"]])
            return redirect("console:release", version_id)
        return self._shown(version_id, form)

    def _carry_out(self, version_id: UUID, do: str, release: UUID | None, why: str) -> None:
        carry_out: dict[str, Callable[[], Any]] = {
            "release": lambda: commands.release_model(actor=self.actor, asset_version_id=version_id),
            "withdraw": lambda: commands.withdraw_release(
                actor=self.actor, model_release_id=release, why=why
            ),
        }
        carry_out[do]()

    def _shown(self, version_id: UUID, form: ReleaseForm) -> HttpResponse:
        sheet = release_sheet(self.actor, version_id)
        context = {"sheet": sheet, "version": sheet.version, "asset": sheet.version.asset, "form": form}
        return self.show(context, status=form.status)
