"""Registering versions of assets, and the places of lakes at which they lie."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.accounts.operations import Operation
from apps.catalog import commands
from apps.catalog.queries import AssetState, KeptAsset, asset_kept_by, versions_named, versions_visible_to
from apps.console.forms.assets import (
    INPUT_ROWS,
    MOST_INPUT_ROWS,
    NEW_PLACE,
    RegisterLocationForm,
    RegisterVersionForm,
    columns_as_text,
)
from apps.console.page import Page
from apps.lakes.queries import lakes_in_use

SUGGESTED = 200


class RegisterVersion(Page):
    section = "catalog"
    template = "console/assets/version.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        sheet = asset_kept_by(self.actor, asset_id, Operation.EDIT_ASSET)
        columns = sheet.latest.columns.order_by("position") if sheet.latest else ()
        initial: dict[str, Any] = {
            "columns": columns_as_text(columns),
            "location": str(sheet.free[0].uid) if sheet.free else NEW_PLACE,
            "input_rows": INPUT_ROWS,
        }
        if sheet.latest and sheet.latest.location:
            place = sheet.latest.location
            initial |= {"lake_id": str(place.lake.uid), "bucket": place.bucket}
        return self._shown(sheet, self._form(sheet, initial=initial))

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        sheet = asset_kept_by(self.actor, asset_id, Operation.EDIT_ASSET)
        if "more" in request.POST:
            return self._shown(sheet, self._with_more_rows(sheet, request))
        form = self._form(sheet, request.POST)
        inputs = self._inputs(form)
        count = 0

        def make(given: dict[str, Any]) -> str:
            nonlocal count
            count = len(given["columns"])
            draft = form.draft(given, inputs)
            version = commands.register_version(actor=self.actor, asset_id=asset_id, **draft)
            return reverse("console:classify", args=[version.uid])

        if not form.makes(self.actor, make):
            return self._shown(sheet, form)
        messages.success(request, _registered(count))
        return redirect(form.address)

    def _with_more_rows(self, sheet: KeptAsset, request: HttpRequest) -> RegisterVersionForm:
        """The same form with more rows; nothing is sent, so nothing is refused."""
        typed = {name: request.POST.get(name, "") for name in request.POST}
        rows = self._form(sheet, request.POST).rows
        return self._form(sheet, initial={**typed, "input_rows": min(rows + INPUT_ROWS, MOST_INPUT_ROWS)})

    def _inputs(self, form: RegisterVersionForm) -> dict[int, UUID]:
        """By row. What names no version, or several, is refused beside its field."""
        form.full_clean()
        named = form.named_inputs()
        found = versions_named(self.actor, set(named.values())) if named else {}
        inputs = {}
        for row, wanted in named.items():
            versions = found[wanted]
            if len(versions) == 1:
                inputs[row] = versions[0].uid
            elif versions:
                form.add_error(
                    f"input_{row}",
                    gettext("A dataset and a model have this name. Give one of them another name first."),
                )
            else:
                form.add_error(
                    f"input_{row}", gettext("No version that you may see has this name and number.")
                )
        return inputs

    def _form(self, sheet: KeptAsset, *given: Any, **options: Any) -> RegisterVersionForm:
        lakes = lakes_in_use(self.actor).filter(organization=sheet.asset.organization).order_by("name")
        return RegisterVersionForm(*given, lakes=lakes, free=sheet.free, **options)

    def _shown(self, sheet: KeptAsset, form: RegisterVersionForm) -> HttpResponse:
        others = versions_visible_to(self.actor).prefetch_related(None).exclude(asset=sheet.asset)
        known = others.exclude(asset__state=AssetState.RETIRED).order_by("-pk")[:SUGGESTED]
        context = {"asset": sheet.asset, "latest": sheet.latest, "form": form, "known": known}
        return self.show(context, status=form.status)


class RegisterLocation(Page):
    section = "catalog"
    template = "console/assets/location.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        sheet = asset_kept_by(self.actor, asset_id, Operation.REGISTER_LOCATION)
        return self._shown(sheet, self._form(sheet))

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        sheet = asset_kept_by(self.actor, asset_id, Operation.REGISTER_LOCATION)
        form = self._form(sheet, request.POST)

        def make(given: dict[str, Any]) -> str:
            commands.register_location(actor=self.actor, asset_id=asset_id, **given)
            return reverse("console:register-version", args=[asset_id])

        if not form.makes(self.actor, make):
            return self._shown(sheet, form)
        messages.success(
            request, gettext("The place was registered. Now register the version that lies there.")
        )
        return redirect(form.address)

    def _form(self, sheet: KeptAsset, *given: Any, **options: Any) -> RegisterLocationForm:
        lakes = lakes_in_use(self.actor).filter(organization=sheet.asset.organization).order_by("name")
        self.lakes = list(lakes)
        return RegisterLocationForm(*given, lakes=self.lakes, **options)

    def _shown(self, sheet: KeptAsset, form: RegisterLocationForm) -> HttpResponse:
        context = {"asset": sheet.asset, "free": sheet.free, "lakes": self.lakes, "form": form}
        return self.show(context, status=form.status)


def _registered(columns: int) -> str:
    if not columns:
        return gettext("The version was registered. Now say how sensitive it is.")
    return ngettext(
        "The version was registered with %(number)s column. Now say how sensitive it is.",
        "The version was registered with %(number)s columns. Now say how sensitive each is.",
        columns,
    ) % {"number": columns}
