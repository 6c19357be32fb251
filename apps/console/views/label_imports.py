"""Files of labels: bringing one, and how far it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.console.forms.label_imports import BringAgainForm, BringLabelsForm
from apps.console.page import Page
from apps.labeling import commands
from apps.labeling.queries import (
    ToLabel,
    label_imports_visible_to,
    may_be_brought_again,
    may_bring,
    version_to_label,
)
from apps.policy.reason import Reason, declared_codes

PLACE = re.compile(r"content\.(?P<line>\d+)(?:\.(?P<place>.+))?")
MOST_LISTED = 10


class BringLabels(Page):
    section = "catalog"
    template = "console/labeling/bring.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        about = version_to_label(self.actor, version_id)
        return self._shown(about, BringLabelsForm(about=about))

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        about = version_to_label(self.actor, version_id)
        form = BringLabelsForm(request.POST, request.FILES, about=about)

        def bring(given: dict[str, Any]) -> str:
            made = commands.bring_labels_file(actor=self.actor, asset_version_id=version_id, **given)
            return reverse("console:label-import", args=[made.uid])

        if form.makes(self.actor, bring):
            return redirect(form.address)
        return self._shown(about, form)

    def _shown(self, about: ToLabel, form: BringLabelsForm) -> HttpResponse:
        earlier = label_imports_visible_to(self.actor).filter(version=about.version)[:MOST_LISTED]
        context = {
            "version": about.version,
            "asset": about.version.asset,
            "policies": about.policies,
            "form": form,
            "earlier": list(earlier),
        }
        return self.show(context, status=form.status)


class OneLabelImport(Page):
    section = "catalog"
    template = "console/labeling/import.html"
    parts = frozenset({"progress"})

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        return self._shown(import_id, BringAgainForm())

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        form = BringAgainForm(request.POST)
        about = {"actor": self.actor, "label_import_id": import_id}
        if form.carries(lambda _given: commands.bring_without_faults(**about)):
            messages.success(request, gettext("The file is read once more, and its faults are left out."))
            return redirect("console:label-import", import_id)
        return self._shown(import_id, form)

    def _shown(self, import_id: UUID, form: BringAgainForm) -> HttpResponse:
        made = label_imports_visible_to(self.actor).one(import_id)
        is_bringer = may_bring(self.actor, made)
        context = {
            "made": made,
            "asset": made.version.asset,
            "faults": _faults(made.reasons),
            "is_moving": made.state in {"queued", "running"},
            "may_bring": is_bringer,
            "may_bring_again": is_bringer and may_be_brought_again(made),
            "form": form,
        }
        return self.show(context, status=form.status)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A reason of the refusal, with the line of the file and the place in it, where it is about one."""

    line: str
    place: str
    reason: Reason


def _faults(reasons: list[dict[str, Any]]) -> list[Told]:
    """By line; what is about none of them stands last."""
    found = [_told(each) for each in reasons if each["code"] in declared_codes()]
    return sorted(found, key=lambda told: (not told.line, int(told.line or 0)))


def _told(kept: dict[str, Any]) -> Told:
    found = PLACE.fullmatch(kept["field"])
    return Told(
        line=found["line"] if found else "",
        place=(found["place"] or "") if found else "",
        reason=Reason(**{**kept, "articles": tuple(kept["articles"])}),
    )
