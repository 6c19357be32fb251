"""Teams and domains, for those who look after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.accounts import commands, queries
from apps.accounts.authorization import authorize, may
from apps.accounts.operations import Operation
from apps.accounts.queries import Audience, directory
from apps.console.forms.house import HouseForm
from apps.console.forms.permissions import GiveForm, TakeForm, permission_of
from apps.console.forms.teams import (
    DomainForm,
    MemberForm,
    NewDomainForm,
    RemoveForm,
    RenameForm,
    TeamForm,
    of_domain,
)
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.views.permissions import finder, names_of_holders

MOST_TEAMS = 200


class Teams(Page):
    section = "teams"
    template = "console/teams/teams.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(TeamForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TeamForm(request.POST)
        user: Any = request.user

        def make(given: dict[str, Any]) -> str:
            team = commands.create_team(actor=self.actor, organization_id=user.organization.uid, **given)
            return reverse("console:team", args=[team.uid])

        if not form.makes(self.actor, make):
            return self._shown(form)
        messages.success(request, gettext("The team was made. Add its members next."))
        return redirect(form.address)

    def _shown(self, form: TeamForm) -> HttpResponse:
        resource = directory.organization_resource(self.actor)
        context = {
            "page": page_of(self.request, queries.teams_visible_to(self.actor), "name"),
            "may_manage": may(actor=self.actor, operation=Operation.MANAGE_TEAM, resource=resource),
            "form": form,
        }
        return self.show(context, status=form.status)


class Team(Page):
    section = "teams"
    template = "console/teams/team.html"

    def get(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        return self.shown(self.team(team_id))

    def team(self, team_id: UUID) -> Any:
        return queries.teams_visible_to(self.actor).one(team_id)

    def adding(self, *given: Any) -> MemberForm:
        return MemberForm(*given, find=lambda name: directory.account_named(self.actor, name))

    def shown(
        self,
        team: Any,
        add: MemberForm | None = None,
        failed: HouseForm | None = None,
        rename: RenameForm | None = None,
    ) -> HttpResponse:
        resource = directory.team_resource(team)
        may_manage = may(actor=self.actor, operation=Operation.MANAGE_TEAM, resource=resource)
        seen = queries.domains_visible_to(self.actor).filter(audience_teams=team, audience=Audience.TEAMS)
        context = {
            "team": team,
            "page": page_of(self.request, queries.members_of(team, self.actor), "username"),
            "domains": seen.order_by("name"),
            "may_manage": may_manage,
            "names": directory.names_of_accounts(self.actor) if may_manage else [],
            "add": add or self.adding(),
            "rename": rename or RenameForm(initial={"name": team.name, "seen_version": team.row_version}),
            "form": failed,
        }
        return self.show(context, status=failed.status if failed else 200)


class RenameTeam(Team):
    def get(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        return redirect("console:team", team_id)

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        team, form = self.team(team_id), RenameForm(request.POST)

        def rename(given: dict[str, Any]) -> None:
            commands.rename_team(actor=self.actor, team_id=team.uid, **given)

        if not form.carries(rename):
            if form.is_stale:
                team = self.team(team_id)
                form.read_again(team.row_version)
            return self.shown(team, failed=form, rename=form)
        messages.success(request, gettext("The team has a new name."))
        return redirect("console:team", team.uid)


class AddMember(Team):
    def get(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        return redirect("console:team", team_id)

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        team, form = self.team(team_id), self.adding(request.POST)

        def add(given: dict[str, Any]) -> None:
            commands.change_team_members(actor=self.actor, team_id=team.uid, add=[given["add"]])

        if not form.carries(add):
            return self.shown(team, form, form)
        messages.success(request, gettext("The account joined the team."))
        return redirect("console:team", team.uid)


class RemoveMember(Team):
    def get(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        return redirect("console:team", team_id)

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        team, form = self.team(team_id), RemoveForm(request.POST)

        def remove(given: dict[str, Any]) -> None:
            commands.change_team_members(actor=self.actor, team_id=team.uid, remove=[given["remove"]])

        if not form.carries(remove):
            return self.shown(team, failed=form)
        messages.success(request, gettext("The account left the team."))
        return redirect("console:team", team.uid)


class Domains(Page):
    section = "teams"
    template = "console/teams/domains.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        resource = directory.organization_resource(self.actor)
        context = {
            "page": page_of(request, queries.domains_visible_to(self.actor), "name"),
            "may_manage": may(actor=self.actor, operation=Operation.MANAGE_DOMAIN, resource=resource),
        }
        return self.show(context)


class NewDomain(Page):
    section = "teams"
    template = "console/teams/new_domain.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted; nobody fills in a form for nothing."""
        resource = directory.organization_resource(self.actor)
        authorize(actor=self.actor, operation=Operation.MANAGE_DOMAIN, resource=resource)
        return self.show({"form": self._form(initial={"audience": Audience.ORGANIZATION.value})})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        user: Any = request.user

        def make(given: dict[str, Any]) -> str:
            where = user.organization.uid
            domain = commands.create_domain(actor=self.actor, organization_id=where, **of_domain(given))
            return reverse("console:domain", args=[domain.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        messages.success(request, gettext("The domain was made. Name its owners and stewards next."))
        return redirect(form.address)

    def _form(self, *given: Any, **options: Any) -> NewDomainForm:
        teams = queries.teams_visible_to(self.actor).order_by("name")[:MOST_TEAMS]
        return NewDomainForm(*given, teams=teams, **options)


class Domain(Page):
    section = "teams"
    template = "console/teams/domain.html"

    def get(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        return self.shown(self.domain(domain_id))

    def domain(self, domain_id: UUID) -> Any:
        return queries.domains_visible_to(self.actor).one(domain_id)

    def changing(self, domain: Any, *given: Any) -> DomainForm:
        now = {
            "seen_version": domain.row_version,
            "name": domain.name,
            "description": domain.description,
            "audience": domain.audience,
            "audience_team_ids": [str(team.uid) for team in domain.audience_teams.all()],
        }
        teams = queries.teams_visible_to(self.actor).order_by("name")[:MOST_TEAMS]
        return DomainForm(*given, teams=teams, initial=now, auto_id="domain_%s")

    def shown(
        self,
        domain: Any,
        *,
        change: DomainForm | None = None,
        give: GiveForm | None = None,
        failed: HouseForm | None = None,
    ) -> HttpResponse:
        resource = directory.resource_of_domain(domain)
        may_give = may(actor=self.actor, operation=Operation.GIVE_PERMISSION, resource=resource)
        context = {
            "domain": domain,
            "holders": directory.holders_of_domain(self.actor, domain, at=timezone.now()),
            "may_manage": may(actor=self.actor, operation=Operation.MANAGE_DOMAIN, resource=resource),
            "may_give": may_give,
            "change": change or self.changing(domain),
            "give": give or GiveForm(find=finder(self.actor)),
            "names": names_of_holders(self.actor) if may_give else [],
            "form": failed,
        }
        return self.show(context, status=failed.status if failed else 200)


class ChangeDomain(Domain):
    def get(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        return redirect("console:domain", domain_id)

    def post(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        domain = self.domain(domain_id)
        form = self.changing(domain, request.POST)

        def change(given: dict[str, Any]) -> None:
            commands.change_domain(actor=self.actor, domain_id=domain.uid, **of_domain(given))

        if not form.carries(change):
            if form.is_stale:
                form.read_again(domain.row_version)
            return self.shown(domain, change=form, failed=form)
        messages.success(request, gettext("The domain was changed."))
        return redirect("console:domain", domain.uid)


class GiveDomainPermission(Domain):
    def get(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        return redirect("console:domain", domain_id)

    def post(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        domain, form = self.domain(domain_id), GiveForm(request.POST, find=finder(self.actor))

        def make(given: dict[str, Any]) -> str:
            commands.give_domain_permission(actor=self.actor, domain_id=domain.uid, **permission_of(given))
            return reverse("console:domain", args=[domain.uid])

        if not form.makes(self.actor, make):
            return self.shown(domain, give=form, failed=form)
        messages.success(request, gettext("The permission was given."))
        return redirect(form.address)


class TakeDomainPermission(Domain):
    def get(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        return redirect("console:domain", domain_id)

    def post(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        domain, form = self.domain(domain_id), TakeForm(request.POST)

        def take(given: dict[str, Any]) -> None:
            commands.take_domain_permission(actor=self.actor, domain_id=domain.uid, **permission_of(given))

        if not form.carries(take):
            return self.shown(domain, failed=form)
        messages.success(request, gettext("The permission was taken back."))
        return redirect("console:domain", domain.uid)
