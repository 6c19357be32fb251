"""For which kinds of purposes the data of an asset may be used, and where they come from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.compliance.commands import forbid_purpose, permit_purpose, state_origin
from apps.compliance.queries import concepts_in_use, origin_of, permitted_purposes
from apps.console import legal
from apps.console.forms.house import HouseForm
from apps.console.forms.provenance import ForbidForm, OriginForm, PermitForm
from apps.console.page import Page


class Provenance(Page):
    """Of the latest version; what is sent is said of the version that was looked at."""

    section = "catalog"
    template = "console/assets/provenance.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self.shown(asset_id)

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        """States the origin."""
        form = OriginForm(request.POST, concepts=self.concepts())

        def state(given: dict[str, Any]) -> None:
            version_id = self.version_of(asset_id, given)
            state_origin(actor=self.actor, asset_version_id=version_id, origin=form.origin())

        if not form.carries(state):
            return self.shown(asset_id, form)
        messages.success(request, gettext("The origin is stated."))
        return redirect("console:provenance", asset_id)

    def concepts(self) -> list[tuple[str, str]]:
        found = concepts_in_use(self.actor).prefetch_related(None).values_list("code", "label")
        return sorted(found, key=lambda each: each[1].casefold())

    def version_of(self, asset_id: UUID, given: dict[str, Any]) -> UUID:
        """Raises: NotFound, where it is none of this asset."""
        found = versions_visible_to(self.actor).prefetch_related(None).filter(asset__uid=asset_id)
        uid: UUID = found.one(given.pop("version_id")).uid
        return uid

    def shown(self, asset_id: UUID, failed: HouseForm | None = None) -> HttpResponse:
        """`failed` is the form that was sent, if one was."""
        asset = assets_visible_to(self.actor).one(asset_id)
        found = versions_visible_to(self.actor).prefetch_related(None).filter(asset=asset)
        version = found.order_by("-number").first()
        origin = origin_of(self.actor, version) if version else None
        can = may(actor=self.actor, operation=Operation.PERMIT_PURPOSE, resource=asset_resource(asset))
        context: dict[str, Any] = {
            "asset": asset,
            "version": version,
            "permitted": list(permitted_purposes(self.actor, version)) if version else [],
            "origin": origin,
            "basis": legal.LAWFUL_BASES.get(origin.original_basis or "") if origin else None,
            "form": failed,
        }
        if can and version:
            said, concepts = {"version_id": version.uid}, self.concepts()
            stated = {**said, **OriginForm.initial_of(origin)}
            context |= {
                "permit": failed
                if isinstance(failed, PermitForm)
                else PermitForm(concepts=concepts, initial=said),
                "state": failed
                if isinstance(failed, OriginForm)
                else OriginForm(concepts=concepts, initial=stated),
            }
        return self.show(context, status=failed.status if failed else 200)


class Permit(Provenance):
    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return redirect("console:provenance", asset_id)

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = PermitForm(request.POST, concepts=self.concepts())

        def make(given: dict[str, Any]) -> str:
            version_id = self.version_of(asset_id, given)
            permit_purpose(actor=self.actor, asset_version_id=version_id, **given)
            return reverse("console:provenance", args=[asset_id])

        if not form.makes(self.actor, make):
            return self.shown(asset_id, form)
        messages.success(request, gettext("The purpose is permitted."))
        return redirect(form.address)


class Forbid(Provenance):
    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return redirect("console:provenance", asset_id)

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = ForbidForm(request.POST)

        def take(given: dict[str, Any]) -> None:
            version_id, column = self.version_of(asset_id, given), given["column"]
            forbid_purpose(
                actor=self.actor,
                asset_version_id=version_id,
                concept_code=given["concept_code"],
                columns=[column] if column else (),
            )

        if not form.carries(take):
            return self.shown(asset_id, form)
        messages.success(request, gettext("The purpose is permitted no longer."))
        return redirect("console:provenance", asset_id)
