"""One asset: what it is and what it takes to use it; registering, changing, publishing and retiring it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.access.queries import AssetSheet, asset_sheet, in_use, kept_asset, needs_sheet
from apps.accounts.authorization import Resource, authorize, standing_of
from apps.accounts.operations import Operation
from apps.accounts.queries import domains_kept_by
from apps.accounts.roles import Role
from apps.catalog import commands
from apps.catalog.queries import AssetKind, AssetState, asset_kept_by
from apps.compliance.queries import purposes_in_force
from apps.console.forms.access import NeedsForm
from apps.console.forms.assets import BY_HAND, EditAssetForm, RegisterAssetForm
from apps.console.forms.house import HouseForm
from apps.console.page import Page
from apps.kernel.errors import StaleVersion
from apps.labeling.queries import label_sets_named, newest_label_sets, release_states


class Asset(Page):
    """With a purpose in the address: what it takes to use the asset for it, and nothing else."""

    section = "catalog"
    template = "console/assets/asset.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        if "purpose" in request.GET:
            needs = self._needs(request.GET)
            if needs.is_valid():
                return self._what_it_takes(asset_id, needs)
        else:
            needs = self._needs()
        sheet = asset_sheet(self.actor, asset_id)
        is_on_call = any(held.role is Role.ON_CALL for held in standing_of(self.actor).roles)
        context = {"asset": sheet.asset, "own": sheet.own, "is_on_call": is_on_call}
        if sheet.asset.kind != AssetKind.MODEL:
            context["label_sets"] = newest_label_sets(self.actor, sheet.asset)
        else:
            context["learned"] = label_sets_named(self.actor, sheet.versions)
            context["released"] = release_states(self.actor, sheet.versions)
        return self.show({**context, "sheet": sheet, "needs": needs})

    def _what_it_takes(self, asset_id: UUID, needs: NeedsForm) -> HttpResponse:
        user: Any = self.request.user
        requester = user.person
        if requester.organization_id == user.organization_id:
            requester.organization = user.organization
        found = needs_sheet(
            self.actor, asset_id, requester=requester, purpose=needs.chosen(), at=timezone.now()
        )
        names = {str(found.asset.uid): found.asset.name}
        context = {"asset": found.asset, "own": found.own, "preview": found.preview, "needs": needs}
        return self.show({**context, "asset_names": names}, template="console/assets/needs.html")

    def _needs(self, *given: Any) -> NeedsForm:
        return NeedsForm(*given, purposes=purposes_in_force(self.actor, at=timezone.now()))


class RegisterAsset(Page):
    section = "register-asset"
    template = "console/assets/register.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = request.GET.get("kind", "")
        initial = {"kind": kind if kind in BY_HAND else AssetKind.DATASET.value}
        return self._shown(self._form(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)

        def make(given: dict[str, Any]) -> str:
            if given["kind"] != AssetKind.MODEL:
                given = {**given, "task": "", "framework": ""}
            made = commands.register_asset(actor=self.actor, **{**given, "kind": AssetKind(given["kind"])})
            return reverse("console:asset", args=[made.uid])

        if not form.makes(self.actor, make):
            return self._shown(form)
        messages.success(request, gettext("The draft was registered. The list below says what comes next."))
        return redirect(form.address)

    def _form(self, *given: Any, **options: Any) -> RegisterAssetForm:
        domains = list(domains_kept_by(self.actor))
        if not domains:
            place = Resource(kind="organization", organization_id=self.actor.organization_id or 0)
            authorize(actor=self.actor, operation=Operation.REGISTER_ASSET, resource=place)
        return RegisterAssetForm(*given, domains=domains, **options)

    def _shown(self, form: RegisterAssetForm) -> HttpResponse:
        return self.show({"form": form}, status=form.status)


class _OfAnAsset(Page):
    """A form about one asset, for those who may perform its operation."""

    section = "catalog"
    operation = Operation.EDIT_ASSET

    def asset(self, asset_id: UUID) -> Any:
        return asset_kept_by(self.actor, asset_id, self.operation).asset


class EditAsset(_OfAnAsset):
    template = "console/assets/edit.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = self.asset(asset_id)
        return self._shown(asset, EditAssetForm(initial=_content_of(asset)))

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = EditAssetForm(request.POST)
        if form.carries(lambda given: commands.change_asset(actor=self.actor, asset_id=asset_id, **given)):
            messages.success(request, gettext("The changes were saved."))
            return redirect("console:asset", asset_id)
        asset = self.asset(asset_id)
        if not isinstance(form.fault, StaleVersion):
            return self._shown(asset, form)
        again = EditAssetForm(initial={**form.cleaned_data, "seen_version": asset.row_version})
        again.refusal, again.status = form.refusal, form.status
        return self._shown(asset, again, now=_content_of(asset))

    def _shown(self, asset: Any, form: EditAssetForm, **more: Any) -> HttpResponse:
        return self.show({"asset": asset, "form": form, **more}, status=form.status)


class PublishAsset(_OfAnAsset):
    """What is missing is shown before one tries; whether it is possible the command decides."""

    template = "console/assets/publish.html"
    operation = Operation.PUBLISH_ASSET

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self._shown(kept_asset(self.actor, asset_id, self.operation), HouseForm())

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = HouseForm(request.POST)
        if form.carries(lambda given: commands.publish_asset(actor=self.actor, asset_id=asset_id)):
            messages.success(request, gettext("It is published: the audience of its domain sees it now."))
            return redirect("console:asset", asset_id)
        return self._shown(kept_asset(self.actor, asset_id, self.operation), form)

    def _shown(self, sheet: AssetSheet, form: HouseForm) -> HttpResponse:
        context = {"sheet": sheet, "asset": sheet.asset, "form": form}
        return self.show(context, status=form.status)


class RetireAsset(_OfAnAsset):
    template = "console/assets/retire.html"
    operation = Operation.PUBLISH_ASSET

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self._shown(asset_id, HouseForm())

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = HouseForm(request.POST)
        if form.carries(lambda given: commands.retire_asset(actor=self.actor, asset_id=asset_id)):
            messages.success(request, gettext("It is retired: nothing new is opened from it."))
            return redirect("console:asset", asset_id)
        return self._shown(asset_id, form)

    def _shown(self, asset_id: UUID, form: HouseForm) -> HttpResponse:
        asset = self.asset(asset_id)
        context = {
            "asset": asset,
            "form": form,
            "use": in_use(self.actor, asset_id),
            "is_possible": asset.state != AssetState.RETIRED,
        }
        return self.show(context, status=form.status)


def _content_of(asset: Any) -> dict[str, Any]:
    return {"name": asset.name, "description": asset.description, "seen_version": asset.row_version}
