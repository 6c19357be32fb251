"""The items of a version: which there are, how well names were taken out of them, and what was erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.console.forms.house import OnceForm
from apps.console.forms.items import EraseForm, ItemsForm, RedactionForm
from apps.console.page import Page
from apps.labeling import commands
from apps.labeling.queries import ItemSheet, item_sheet

DONE = {
    "items": gettext_lazy("The items were kept. Labels on others are refused from now on."),
    "redaction": gettext_lazy("The check was noted, and the label sets of this version are measured anew."),
    "erase": gettext_lazy("The items were erased. The label sets that held some are measured anew."),
}


class VersionItems(Page):
    section = "catalog"
    template = "console/items/items.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        sheet = item_sheet(self.actor, version_id)
        return self._shown(sheet, self._forms(sheet))

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        sheet = item_sheet(self.actor, version_id)
        which = request.POST.get("do", "")
        which = which if which in DONE else "items"
        forms = self._forms(sheet, which, request.POST, request.FILES)

        def make(given: dict[str, Any]) -> str:
            self._carry_out(which, version_id, given)
            return reverse("console:version-items", args=[version_id])

        if not forms[which].makes(self.actor, make):
            return self._shown(sheet, forms, forms[which])
        messages.success(request, DONE[which])
        return redirect(forms[which].address)

    def _carry_out(self, which: str, version_id: UUID, given: dict[str, Any]) -> None:
        about = {"actor": self.actor, "asset_version_id": version_id}
        carry_out: dict[str, Callable[[], Any]] = {
            "items": lambda: commands.keep_items(**about, content=given["content"].read()),
            "redaction": lambda: commands.note_redaction(**about, **given),
            "erase": lambda: commands.erase_items(
                **about, **{**given, "duty_id": UUID(given["duty_id"]) if given["duty_id"] else None}
            ),
        }
        carry_out[which]()

    def _forms(self, sheet: ItemSheet, which: str = "", *given: Any) -> dict[str, OnceForm]:
        """That of the act holds what was sent, the others nothing."""
        of: dict[str, tuple[Any, ...]] = {name: given if name == which else () for name in DONE}
        return {
            "items": ItemsForm(*of["items"], auto_id="list-%s"),
            "redaction": RedactionForm(*of["redaction"], auto_id="check-%s"),
            "erase": EraseForm(*of["erase"], duties=sheet.duties, auto_id="erase-%s"),
        }

    def _shown(
        self, sheet: ItemSheet, forms: dict[str, OnceForm], form: OnceForm | None = None
    ) -> HttpResponse:
        context = {"sheet": sheet, "asset": sheet.version.asset, "forms": forms, "form": form}
        return self.show(context, status=form.status if form else 200)
