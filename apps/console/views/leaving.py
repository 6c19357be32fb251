"""Leaving: what ends with a person, what would be left alone, and who answers for what from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import commands, queries
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.accounts.queries import directory, leaving
from apps.accounts.roles import Role
from apps.catalog.queries import sole_holdings, unkept
from apps.console.forms.ties import HeirForm, LeavingForm
from apps.console.page import Page
from apps.console.reached import reached_by
from apps.console.views.people import OneForm
from apps.kernel.contributions import impact_of


class OffBoard(Page):
    """Says what will end, and what would be without an owner or a steward, before it is done."""

    section = "people"
    template = "console/people/off_board.html"

    def get(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        return self._shown(person_id, LeavingForm())

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        form = LeavingForm(request.POST)

        def leave(given: dict[str, Any]) -> None:
            seen = given["seen_impact"] or None
            commands.off_board_person(
                actor=self.actor, person_id=person_id, reason=given["reason"], seen_impact=seen
            )

        if not form.carries(leave):
            return self._shown(person_id, form)
        messages.success(request, gettext("The person has left. Everything they held has ended."))
        return redirect("console:person", person_id)

    def _shown(self, person_id: UUID, form: LeavingForm) -> HttpResponse:
        """Raises: NotFound, NotPermitted."""
        person, now = queries.people_visible_to(self.actor).one(person_id), timezone.now()
        resource = directory.person_resource(person)
        authorize(actor=self.actor, operation=Operation.MANAGE_PERSON, resource=resource)
        context = {
            "person": person,
            "reached": reached_by(impact_of(commands.LEAVING, person.uid), self.actor, is_theirs=True),
            "ending": leaving.held_by(person, at=now),
            "alone": sole_holdings(person, at=now),
            "form": form,
        }
        return self.show(context, status=form.status)


class Unkept(Page):
    """Domains and assets that nobody owns or stewards, and programs for which nobody answers."""

    section = "people"
    template = "console/people/unkept.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted."""
        resource = directory.organization_resource(self.actor)
        authorize(actor=self.actor, operation=Operation.MANAGE_PERSON, resource=resource)
        context = {
            "rows": unkept(self.actor, at=timezone.now()),
            "services": leaving.unanswered(self.actor),
            "projects": leaving.projects_without_lead(self.actor, at=timezone.now()),
        }
        return self.show(context)


class OneAccount(Page):
    """Disable an account, or let it be used again."""

    section = "people"

    def post(self, request: HttpRequest, account_id: UUID, act: str) -> HttpResponse:
        if act == "disable":
            account = commands.disable_account(actor=self.actor, account_id=account_id)
            messages.success(request, gettext("The account is disabled; its sessions and tokens have ended."))
        else:
            account = commands.enable_account(actor=self.actor, account_id=account_id)
            messages.success(request, gettext("The account can be used again."))
        return redirect("console:person", account.person.uid)


class HandOver(Page):
    """Who answers for a program from now on."""

    section = "people"
    template = "console/people/hand_over.html"

    def get(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        return self._shown(account_id, self._form())

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        form = self._form(request.POST)

        def hand_over(given: dict[str, Any]) -> None:
            commands.hand_over_service_account(actor=self.actor, account_id=account_id, **given)

        if not form.carries(hand_over):
            return self._shown(account_id, form)
        messages.success(request, gettext("Somebody else answers for it now. They make its tokens."))
        return redirect("console:service-accounts")

    def _form(self, *given: Any) -> HeirForm:
        return HeirForm(*given, find=lambda name: directory.person_named(self.actor, name))

    def _shown(self, account_id: UUID, form: HeirForm) -> HttpResponse:
        """Raises: NotFound, NotPermitted."""
        account = queries.service_accounts_visible_to(self.actor).one(account_id)
        resource = directory.person_resource(account.person)
        authorize(actor=self.actor, operation=Operation.MANAGE_SERVICE_ACCOUNT, resource=resource)
        return self.show({"account": account, "form": form}, status=form.status)


class Delegate(OneForm):
    """An administrator says who stands in for somebody."""

    name = "away"
    told = _("Somebody stands in for the person in that time.")

    def carry_out(self, person: Any, form: Any) -> bool:
        def make(given: dict[str, Any]) -> str:
            given["roles"] = [Role(word) for word in given["roles"]]
            commands.create_delegation(actor=self.actor, delegator_id=person.uid, **given)
            return self.address(person)

        made: bool = form.makes(self.actor, make)
        return made
