"""Ticket systems: connected, changed, switched off and on; and asking one again about a request."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from apps.access import commands, queries
from apps.console.forms.tickets import ChangeTicketSystemForm, NewTicketSystemForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.kernel.errors import StaleVersion


class TicketSystems(Page):
    section = "ticket-systems"
    template = "console/tickets/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, queries.ticket_systems_visible_to(self.actor), "name")
        return self.show({"page": page, "may_manage": queries.may_manage_ticket_systems(self.actor)})


class _Shown(Page):
    """A page that ends with a secret, shown once."""

    section = "ticket-systems"

    def once(self, made: Any) -> HttpResponse:
        response = self.show({"made": made}, status=201, template="console/tickets/shown.html")
        response.headers["Cache-Control"] = "no-store"
        return response


class ConnectTicketSystem(_Shown):
    template = "console/tickets/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.demand_ticket_manager(self.actor)
        return self.show({"form": NewTicketSystemForm()})

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form, made = NewTicketSystemForm(request.POST), None
        account: Any = request.user

        def make(given: dict[str, Any]) -> str:
            nonlocal made
            place = account.organization.uid
            made = commands.connect_ticket_system(actor=self.actor, organization_id=place, **given)
            return reverse("console:ticket-system", args=[made.system.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        return redirect(form.address) if made is None else self.once(made)


class TicketSystem(Page):
    section = "ticket-systems"
    template = "console/tickets/system.html"

    def get(self, request: HttpRequest, system_id: UUID) -> HttpResponse:
        system = queries.ticket_systems_visible_to(self.actor).one(system_id)
        initial = {"row_version": system.row_version, "tells_assets": system.tells_assets}
        return self.show({"system": system, "form": ChangeTicketSystemForm(initial=initial)})

    @sensitive_variables()
    def post(self, request: HttpRequest, system_id: UUID) -> HttpResponse:
        system = queries.ticket_systems_visible_to(self.actor).one(system_id)
        form = ChangeTicketSystemForm(request.POST)

        def change(_given: dict[str, Any]) -> None:
            commands.change_ticket_system(actor=self.actor, ticket_system_id=system_id, **form.changes())

        if not form.carries(change):
            return self.show({"system": system, "form": self._again(form, system)}, status=form.status)
        messages.success(request, gettext("The ticket system was changed."))
        return redirect("console:ticket-system", system_id)

    def _again(self, form: ChangeTicketSystemForm, system: Any) -> ChangeTicketSystemForm:
        """Somebody was faster: what was typed stays, and is sent against what stands there now."""
        if isinstance(form.fault, StaleVersion):
            form.data = {**form.data.dict(), "row_version": str(system.row_version)}  # type: ignore[attr-defined]
        return form


class RenewSecret(_Shown):
    @sensitive_variables()
    def post(self, request: HttpRequest, system_id: UUID) -> HttpResponse:
        return self.once(commands.renew_ticket_secret(actor=self.actor, ticket_system_id=system_id))


class _Act(Page):
    """One deed on a ticket system, done by a button."""

    section = "ticket-systems"
    said: ClassVar[Any] = ""
    deed: ClassVar[str]

    def post(self, request: HttpRequest, system_id: UUID) -> HttpResponse:
        getattr(commands, self.deed)(actor=self.actor, ticket_system_id=system_id)
        messages.success(request, self.said)
        return redirect("console:ticket-system", system_id)


class Disable(_Act):
    deed = "disable_ticket_system"
    said = _("It is asked nothing more. What it has answered stands; what it has not waits.")


class Enable(_Act):
    deed = "enable_ticket_system"
    said = _("It is asked again, first about what waits.")


class AskAgain(Page):
    section = "requests"

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        commands.ask_ticket_again(actor=self.actor, request_id=request_id)
        messages.success(request, gettext("The ticket is asked about again. Look here in a moment."))
        return redirect("console:request", request_id)
