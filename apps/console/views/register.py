"""The register of Art. 30 as a file, and the registers that are brought."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.compliance import commands, queries
from apps.compliance.queries import TARGETS
from apps.console.exports import sent
from apps.console.forms.bringing import BringForm, KeptForm, MapForm
from apps.console.forms.register import ExportForm
from apps.console.page import Page
from apps.console.paging import page_of

MOST_SHOWN = 200
"""Of a dry run, no more lines than this are shown; the API tells them all."""


class Export(Page):
    """Sent by a form, for every file that is taken stands in the trail."""

    section = "register"
    template = "console/records/export.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        queries.demand_exporter(self.actor)
        return self.show({"form": ExportForm()})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        queries.demand_exporter(self.actor)
        form, made = ExportForm(request.POST), None

        def export(_given: dict[str, Any]) -> None:
            nonlocal made
            place = queries.own_organization(self.actor)
            made = commands.export_register(actor=self.actor, organization_id=place, **form.wanted())

        if not form.carries(export) or made is None:
            return self.show({"form": form}, status=form.status)
        return sent(made)


class Imports(Page):
    """Files that were brought, and the way to bring one."""

    section = "register"
    template = "console/records/imports.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._listed(request, BringForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = BringForm(request.POST, request.FILES)

        def bring(given: dict[str, Any]) -> str:
            file = given["content"]
            brought = commands.bring_register(
                actor=self.actor,
                organization_id=queries.own_organization(self.actor),
                name=file.name,
                content=file.read(queries.LARGEST_FILE + 1),
            )
            return reverse("console:register-import", args=[brought.uid])

        if form.makes(self.actor, bring):
            return redirect(form.address)
        return self._listed(request, form)

    def _listed(self, request: HttpRequest, form: BringForm) -> HttpResponseBase:
        queries.demand_writer(self.actor)
        page = page_of(request, queries.register_imports(self.actor))
        return self.show({"form": form, "page": page}, status=form.status)


class OneImport(Page):
    """What would become of the lines of a file; its columns, and the acts."""

    section = "register"
    template = "console/records/import.html"

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        return self._shown(import_id)

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        brought = queries.register_imports(self.actor).one(import_id)
        form = MapForm(request.POST, head=brought.head, columns=brought.columns)

        def carry_out(_given: dict[str, Any]) -> None:
            commands.map_columns(actor=self.actor, register_import_id=import_id, **form.wanted())

        if form.carries(carry_out):
            messages.success(request, gettext("The columns are mapped."))
            return redirect("console:register-import", import_id)
        return self._shown(import_id, form)

    def _shown(self, import_id: UUID, form: MapForm | None = None) -> HttpResponseBase:
        tried = queries.trial(self.actor, import_id)
        brought = tried.brought
        form = form or MapForm(head=brought.head, columns=brought.columns)
        labels = {target: about.label for target, about in TARGETS.items()}
        rows = [(line, [labels[gap] for gap in line.gaps]) for line in tried.lines[:MOST_SHOWN]]
        kept = queries.column_mappings(self.actor)
        context = {
            "brought": brought,
            "form": form,
            "kept": KeptForm(mappings=kept),
            "rows": rows,
            "more": max(0, len(tried.lines) - MOST_SHOWN),
            "may_write": queries.may_write_register(self.actor),
            "faults": tried.faults,
            "schedules": tried.schedules,
        }
        return self.show(context, status=form.status)


class UseMapping(Page):
    section = "register"

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        form = KeptForm(request.POST, mappings=queries.column_mappings(self.actor))
        if form.is_valid():
            kept = form.kept[form.cleaned_data["mapping"]]
            commands.map_columns(actor=self.actor, register_import_id=import_id, columns=kept.columns)
            messages.success(request, gettext("The columns are mapped."))
        return redirect("console:register-import", import_id)

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        return redirect("console:register-import", import_id)


class CarryOut(Page):
    section = "register"

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        made = commands.import_register(actor=self.actor, register_import_id=import_id)
        told = ngettext("%(count)s draft was made.", "%(count)s drafts were made.", made.draft_count or 0)
        messages.success(request, told % {"count": made.draft_count})
        return redirect("console:register-import", import_id)

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        return redirect("console:register-import", import_id)


class Discard(Page):
    section = "register"

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        commands.discard_import(actor=self.actor, register_import_id=import_id)
        messages.success(request, gettext("The lines of the file are thrown away."))
        return redirect("console:register-imports")

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponseBase:
        return redirect("console:register-import", import_id)
