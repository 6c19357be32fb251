"""Who may do what with an asset or a domain in the portal, and why; giving it and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.accounts.queries import directory
from apps.catalog.commands import give_asset_permission, take_asset_permission
from apps.catalog.facts import asset_resource
from apps.catalog.queries import asset_holders, assets_visible_to
from apps.console.forms.house import HouseForm
from apps.console.forms.permissions import GiveForm, TakeForm, permission_of
from apps.console.page import Page
from apps.kernel.actor import Actor


def finder(actor: Actor) -> Callable[[str], Any]:
    """The account or team of this name; an account's username is the more exact one."""
    return lambda name: directory.account_named(actor, name) or directory.team_named(actor, name)


def names_of_holders(actor: Actor) -> list[str]:
    return [*directory.names_of_teams(actor), *directory.names_of_accounts(actor)]


class Permissions(Page):
    """Of one asset."""

    section = "catalog"
    template = "console/permissions/asset.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self.shown(self.asset(asset_id), GiveForm(find=finder(self.actor)))

    def asset(self, asset_id: UUID) -> Any:
        return assets_visible_to(self.actor).one(asset_id)

    def shown(self, asset: Any, give: GiveForm, failed: HouseForm | None = None) -> HttpResponse:
        """`failed` is the form that was sent, if one was."""
        may_give = may(actor=self.actor, operation=Operation.GIVE_PERMISSION, resource=asset_resource(asset))
        context = {
            "asset": asset,
            "holders": asset_holders(self.actor, asset, at=timezone.now()),
            "may_give": may_give,
            "give": give,
            "form": failed,
            "names": names_of_holders(self.actor) if may_give else [],
        }
        return self.show(context, status=failed.status if failed else 200)


class Give(Permissions):
    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return redirect("console:permissions", asset_id)

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = self.asset(asset_id)
        form = GiveForm(request.POST, find=finder(self.actor))

        def make(given: dict[str, Any]) -> str:
            give_asset_permission(actor=self.actor, asset_id=asset.uid, **permission_of(given))
            return reverse("console:permissions", args=[asset.uid])

        if not form.makes(self.actor, make):
            return self.shown(asset, form, form)
        messages.success(request, gettext("The permission was given."))
        return redirect(form.address)


class Take(Permissions):
    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return redirect("console:permissions", asset_id)

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset, form = self.asset(asset_id), TakeForm(request.POST)

        def take(given: dict[str, Any]) -> None:
            take_asset_permission(actor=self.actor, asset_id=asset.uid, **permission_of(given))

        if not form.carries(take):
            return self.shown(asset, GiveForm(find=finder(self.actor)), form)
        messages.success(request, gettext("The permission was taken back."))
        return redirect("console:permissions", asset.uid)
