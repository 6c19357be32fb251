"""One's own organization, as records and deadlines need it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from apps.accounts import commands, queries
from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.accounts.queries import directory
from apps.console.forms.organization import OrganizationForm
from apps.console.page import Page

FIELDS = (
    "calendar",
    "address",
    "contact",
    "undo_minutes",
    "unanswered_days",
    "is_public_authority",
    "is_under_gdpr",
)


class Organization(Page):
    section = "organization"
    template = "console/organization.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(self._own())

    def post(self, request: HttpRequest) -> HttpResponse:
        own, form = self._own(), OrganizationForm(request.POST)

        def change(given: dict[str, Any]) -> None:
            given["calendar"] = given["calendar"].strip().upper()
            commands.change_organization(actor=self.actor, organization_id=own.uid, **given)

        if not form.carries(change):
            if form.is_stale:
                own = self._own()
                form.read_again(own.row_version)
            return self._shown(own, form)
        messages.success(request, gettext("The organization was changed."))
        return redirect("console:organization")

    def _own(self) -> Any:
        user: Any = self.request.user
        return queries.organizations_visible_to(self.actor).one(user.organization.uid)

    def _shown(self, own: Any, form: OrganizationForm | None = None) -> HttpResponse:
        resource = directory.organization_resource(self.actor)
        initial = {name: getattr(own, name) for name in FIELDS}
        context = {
            "organization": own,
            "may_change": may(actor=self.actor, operation=Operation.MANAGE_ORGANIZATION, resource=resource),
            "form": form or OrganizationForm(initial={**initial, "seen_version": own.row_version}),
        }
        return self.show(context, status=form.status if form else 200)
