"""Prepared views: asking for one, the second person's word, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.catalog.queries import assets_visible_to
from apps.classification.queries import columns_with_sayings
from apps.console import wording
from apps.console.forms.preparing import DecideViewForm, PrepareForm, rows_of
from apps.console.page import Page
from apps.console.paging import page_of
from apps.policy.reason import Reason, declared_codes
from apps.preparing import commands
from apps.preparing.queries import Source, ViewSheet, source_to_prepare, view_sheet, views_of_asset

DONE = {
    "confirm": gettext_lazy("The view will be prepared now."),
    "reject": gettext_lazy("The view was turned down. Whoever asked for it reads why."),
    "retry": gettext_lazy("The view will be prepared once more."),
    "withdraw": gettext_lazy("The view was withdrawn."),
}


class PrepareView(Page):
    section = "catalog"
    template = "console/preparing/form.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        source = source_to_prepare(self.actor, version_id)
        return self._shown(source, self._form(source))

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        source = source_to_prepare(self.actor, version_id)
        form = self._form(source, request.POST)

        def make(given: dict[str, Any]) -> str:
            view = commands.prepare_view(
                actor=self.actor,
                asset_version_id=version_id,
                columns=[row.asked() for row in form.columns],
                **given,
            )
            return reverse("console:view", args=[view.uid])

        if not form.makes(self.actor, make):
            return self._shown(source, form)
        return redirect(form.address)

    def _form(self, source: Source, *given: Any) -> PrepareForm:
        return PrepareForm(*given, columns=rows_of(columns_with_sayings(source.version)))

    def _shown(self, source: Source, form: PrepareForm) -> HttpResponse:
        context = {
            "version": source.version,
            "asset": source.version.asset,
            "form": form,
            "steps": wording.VIEW_STEPS.items(),
            "examples": _examples(),
        }
        return self.show(context, status=form.status)


class Views(Page):
    """Of one dataset, the newest first."""

    section = "catalog"
    template = "console/preparing/list.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        page = page_of(request, views_of_asset(self.actor, asset_id), "-pk")
        return self.show({"asset": asset, "page": page})


class View(Page):
    section = "catalog"
    template = "console/preparing/view.html"
    parts = frozenset({"progress"})

    def get(self, request: HttpRequest, view_id: UUID) -> HttpResponse:
        return self._shown(view_sheet(self.actor, view_id), DecideViewForm())

    def post(self, request: HttpRequest, view_id: UUID) -> HttpResponse:
        form = DecideViewForm(request.POST)
        if form.carries(lambda given: self._carry_out(view_id, **given)):
            messages.success(request, DONE[form.cleaned_data["do"]])
            return redirect("console:view", view_id)
        return self._shown(view_sheet(self.actor, view_id), form)

    def _carry_out(self, view_id: UUID, do: str, comment: str) -> None:
        about: dict[str, Any] = {"actor": self.actor, "prepared_view_id": view_id}
        carry_out: dict[str, Callable[[], Any]] = {
            "confirm": lambda: commands.confirm_view(**about),
            "reject": lambda: commands.reject_view(**about, comment=comment),
            "retry": lambda: commands.retry_view(**about),
            "withdraw": lambda: commands.withdraw_view(**about),
        }
        carry_out[do]()

    def _shown(self, sheet: ViewSheet, form: DecideViewForm) -> HttpResponse:
        view = sheet.view
        context = {
            "view": view,
            "asset": view.source.asset,
            "may": sheet.may,
            "columns": [_told(each) for each in view.recipe["columns"]],
            "failure": _failure(view.failure) if view.state == "failed" else (),
            "is_moving": view.state in {"queued", "running"},
            "form": form,
        }
        return self.show(context, status=form.status)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What becomes of a column, with a made-up value before and after."""

    column: str
    step: str
    number: str
    before: Any
    after: Any


def _told(step: dict[str, Any]) -> Told:
    word = step.get("span", step["step"])
    before, after = wording.VIEW_EXAMPLES[word]
    number = next((str(step[name]) for name in ("width", "letters", "count") if name in step), "")
    return Told(column=step["column"], step=word, number=number, before=before, after=after)


def _examples() -> list[tuple[Any, Any, Any]]:
    return [(text, *wording.VIEW_EXAMPLES[word]) for word, text in wording.VIEW_STEPS.items()]


def _failure(kept: dict[str, Any] | None) -> tuple[Reason, ...]:
    """What a run that failed said; a code of an earlier release that nobody knows any more is left out."""
    if kept is None or kept["code"] not in declared_codes():
        return ()
    return (Reason(**{**kept, "articles": tuple(kept["articles"])}),)
