"""Projects: those one belongs to, and for those who look after people, all of the organization."""

from __future__ import annotations

from datetime import timedelta
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
from apps.accounts.commands.projects import project_resource
from apps.accounts.operations import Operation
from apps.accounts.queries import directory
from apps.compliance.queries import purposes_in_force
from apps.console.forms.access import purpose_choices
from apps.console.forms.projects import JoinForm, NewProjectForm, ProjectForm
from apps.console.page import Page
from apps.console.paging import page_of


class Projects(Page):
    section = "projects"
    template = "console/projects/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        resource = directory.organization_resource(self.actor)
        context = {
            "page": page_of(request, queries.projects_visible_to(self.actor), "name"),
            "may_create": may(actor=self.actor, operation=Operation.CREATE_PROJECT, resource=resource),
            "now": timezone.now(),
        }
        return self.show(context)


class NewProject(Page):
    section = "projects"
    template = "console/projects/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted; nobody fills in a form for nothing."""
        resource = directory.organization_resource(self.actor)
        authorize(actor=self.actor, operation=Operation.CREATE_PROJECT, resource=resource)
        return self.show({"form": self._form()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        user: Any = request.user

        def make(given: dict[str, Any]) -> str:
            where = user.organization.uid
            project = commands.create_project(actor=self.actor, organization_id=where, **given)
            return reverse("console:project", args=[project.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        messages.success(request, gettext("The project was made. Its lead adds the members."))
        return redirect(form.address)

    def _form(self, *given: Any) -> NewProjectForm:
        offered = purpose_choices(purposes_in_force(self.actor, at=timezone.now()))
        return NewProjectForm(
            *given, purposes=offered, find=lambda name: directory.person_named(self.actor, name)
        )


class Project(Page):
    section = "projects"
    template = "console/projects/project.html"

    def get(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        return self.shown(self.project(project_id))

    def project(self, project_id: UUID) -> Any:
        return queries.projects_visible_to(self.actor).one(project_id)

    def changing(self, project: Any, *given: Any) -> ProjectForm:
        """A lead cannot look people up; whoever cannot keeps the lead there is."""
        self.offered = purpose_choices(purposes_in_force(self.actor, at=timezone.now()))
        kept = [(str(uid), str(uid)) for uid in project.purposes if str(uid) not in dict(self.offered)]
        username = directory.username_of(project.lead)
        initial = {
            "seen_version": project.row_version,
            "name": project.name,
            "description": project.description,
            "lead_id": username,
            "purposes": [str(uid) for uid in project.purposes],
            "ends_at": timezone.localdate(project.ends_at - timedelta(microseconds=1)),
        }

        def find(name: str) -> Any:
            return project.lead if name.strip() == username else directory.person_named(self.actor, name)

        return ProjectForm(*given, initial=initial, purposes=[*self.offered, *kept], find=find)

    def shown(
        self,
        project: Any,
        *,
        change: ProjectForm | None = None,
        join: JoinForm | None = None,
        failed: Any = None,
    ) -> HttpResponse:
        resource, now = project_resource(project), timezone.now()
        is_running = project.ends_at > now
        may_manage = may(actor=self.actor, operation=Operation.MANAGE_PROJECT, resource=resource)
        change = change or self.changing(project)
        context = {
            "project": project,
            "page": page_of(self.request, queries.members_of_project(project, self.actor)),
            "purposes": [dict(self.offered).get(str(uid), str(uid)) for uid in project.purposes],
            "is_running": is_running,
            "may_manage": may_manage and is_running,
            "person_id": self.actor.person_id,
            "change": change,
            "join": join or JoinForm(auto_id="join_%s"),
            "form": failed,
            "now": now,
        }
        return self.show(context, status=failed.status if failed else 200)


class ChangeProject(Project):
    def get(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        return redirect("console:project", project_id)

    def post(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        project = self.project(project_id)
        form = self.changing(project, request.POST)

        def change(given: dict[str, Any]) -> None:
            if given["lead_id"] == project.lead.uid:
                del given["lead_id"]
            commands.change_project(actor=self.actor, project_id=project.uid, **given)

        if not form.carries(change):
            if form.is_stale:
                project = self.project(project_id)
                form.read_again(project.row_version)
            return self.shown(project, change=form, failed=form)
        messages.success(request, gettext("The project was changed."))
        return redirect("console:project", project.uid)


class AddMember(Project):
    def get(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        return redirect("console:project", project_id)

    def post(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        project, form = self.project(project_id), JoinForm(request.POST, auto_id="join_%s")

        def make(given: dict[str, Any]) -> str:
            commands.add_member(actor=self.actor, project_id=project.uid, **given)
            return reverse("console:project", args=[project.uid])

        if not form.makes(self.actor, make):
            return self.shown(project, join=form, failed=form)
        messages.success(request, gettext("The person belongs to the project now."))
        return redirect(form.address)


class EndMembership(Page):
    section = "projects"

    def post(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        ended = commands.end_membership(actor=self.actor, project_member_id=member_id)
        messages.success(request, gettext("The membership has ended, and with it the access."))
        if ended.person_id == self.actor.person_id:
            return redirect("console:projects")
        return redirect("console:project", ended.project.uid)


class CloseProject(Page):
    section = "projects"

    def post(self, request: HttpRequest, project_id: UUID) -> HttpResponse:
        commands.close_project(actor=self.actor, project_id=project_id)
        messages.success(request, gettext("The project has ended, and what its members had through it."))
        return redirect("console:project", project_id)
