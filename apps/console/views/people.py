"""People, for those who look after them: who there is, what they hold, and changing it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from apps.accounts import commands, queries
from apps.accounts.authorization import authorize, may
from apps.accounts.operations import Operation
from apps.accounts.queries import PersonStatus, Relation, directory
from apps.accounts.roles import Role
from apps.classification.queries import ladder
from apps.console.forms.house import HouseForm
from apps.console.forms.people import (
    AccountForm,
    FactsForm,
    PeopleFilter,
    RegisterForm,
    RoleForm,
    SeenForm,
    ServiceAccountForm,
    cleared_text,
)
from apps.console.forms.ties import AwayForm
from apps.console.page import Page
from apps.console.paging import page_of

MOST_ROLES = 50


class People(Page):
    section = "people"
    template = "console/people/list.html"
    parts = frozenset({"found"})

    def get(self, request: HttpRequest) -> HttpResponse:
        form, now = PeopleFilter(request.GET), timezone.now()
        form.is_valid()
        wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
        page = page_of(request, directory.people_found(self.actor, **wanted, at=now), "name")
        context = {
            "filters": form,
            "is_filtered": any(wanted.values()),
            "page": page,
            "rows": directory.rows_of(self.actor, page.rows, at=now),
            "may_register": self._may_register(),
        }
        return self.show(context)

    def _may_register(self) -> bool:
        resource = directory.organization_resource(self.actor)
        return may(actor=self.actor, operation=Operation.MANAGE_PERSON, resource=resource)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class Register(Page):
    section = "people"
    template = "console/people/register.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted; nobody fills in a form for nothing."""
        resource = directory.organization_resource(self.actor)
        authorize(actor=self.actor, operation=Operation.MANAGE_PERSON, resource=resource)
        return self.show({"form": self._form(initial={"relation": Relation.EMPLOYEE.value})})

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        user: Any = request.user

        def make(given: dict[str, Any]) -> str:
            given["relation"] = Relation(given["relation"])
            organization_id = user.organization.uid
            person = commands.register_person(actor=self.actor, organization_id=organization_id, **given)
            return reverse("console:person", args=[person.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        messages.success(request, gettext("The person is registered. Give them a role next."))
        return redirect(form.address)

    def _form(self, *given: Any, **options: Any) -> RegisterForm:
        return RegisterForm(
            *given,
            classes=ladder(self.actor),
            find=lambda name: directory.person_named(self.actor, name),
            **options,
        )


class Person(Page):
    """A person with what is known and held. Each form of the page has an address of its own."""

    section = "people"
    template = "console/people/person.html"

    def get(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        return self.shown(self.person(person_id))

    def person(self, person_id: UUID) -> Any:
        return queries.people_visible_to(self.actor).one(person_id)

    @cached_property
    def steps(self) -> list[Any]:
        """The classes to be cleared for, read once for the form and for what is shown."""
        return list(ladder(self.actor))

    def forms(self, person: Any, given: dict[str, QueryDict]) -> dict[str, HouseForm]:
        """All forms of the page; `given` holds what was sent, under the name of its form."""
        facts = {
            "seen_version": person.row_version,
            "status": person.status,
            "relation": person.relation,
            "contract_ends_on": person.contract_ends_on,
            "cleared_rank": person.cleared_rank,
            "works_from": person.works_from,
            "employer_ref": person.employer_ref,
            "undertaking_on": person.undertaking_on,
            "trained_on": person.trained_on,
            "manager_id": directory.username_of(person.manager),
        }

        def sent(name: str) -> dict[str, Any]:
            return {"data": given.get(name), "auto_id": f"{name}_%s"}

        return {
            "facts": FactsForm(**sent("facts"), initial=facts, classes=self.steps, find=self.found_person),
            "role": RoleForm(**sent("role"), domains=queries.domains_visible_to(self.actor).order_by("name")),
            "account": AccountForm(**sent("account")),
            "service": ServiceAccountForm(**sent("service")),
            "away": AwayForm(
                **sent("away"),
                colleagues=queries.colleagues_deciding_with(person, at=timezone.now()),
                roles=queries.roles_held(person, at=timezone.now()),
                is_for_another=True,
            ),
        }

    def found_person(self, name: str) -> Any:
        return directory.person_named(self.actor, name)

    def shown(self, person: Any, forms: dict[str, HouseForm] | None = None, sent: str = "") -> HttpResponse:
        forms, now = forms or self.forms(person, {}), timezone.now()
        accounts = list(queries.accounts_visible_to(self.actor).filter(person=person).order_by("pk"))
        assigned = queries.role_assignments_visible_to(self.actor).filter(person=person).order_by("-pk")
        resource = directory.person_resource(person)

        def is_theirs(operation: Operation) -> bool:
            return may(actor=self.actor, operation=operation, resource=resource)

        context = {
            "person": person,
            "is_oneself": person.pk == self.actor.person_id,
            "cleared": next((step for step in self.steps if step.rank == person.cleared_rank), None),
            "cleared_text": cleared_text({step.rank: step.label for step in self.steps}, person.cleared_rank),
            "accounts": [account for account in accounts if account.kind == "person"],
            "services": [account for account in accounts if account.kind == "service"],
            "tokens": directory.live_tokens(self.actor, accounts, at=now).order_by("-pk"),
            "teams": queries.teams_of(person, self.actor).order_by("name"),
            "assigned": assigned[:MOST_ROLES],
            "delegations": queries.delegations_of(self.actor, person, at=now),
            "now": now,
            "may_delegate": is_theirs(Operation.DELEGATE),
            "may_change": is_theirs(Operation.MANAGE_PERSON),
            "may_assign": is_theirs(Operation.ASSIGN_ROLE),
            "may_add_service": is_theirs(Operation.MANAGE_SERVICE_ACCOUNT),
            "may_revoke": is_theirs(Operation.REVOKE_TOKEN),
            "forms": forms,
            "sent": sent,
            "form": forms.get(sent),
        }
        return self.show(context, status=forms[sent].status if sent else 200)


class OneForm(Person):
    """Answers to one form of a person's page."""

    name: ClassVar[str] = ""
    told: ClassVar[Any] = ""

    def get(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        return redirect("console:person", person_id)

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        person = self.person(person_id)
        forms = self.forms(person, {self.name: request.POST})
        form: Any = forms[self.name]
        if not self.carry_out(person, form):
            if isinstance(form, SeenForm) and form.is_stale:
                person = self.person(person_id)
                form.read_again(person.row_version)
            return self.shown(person, forms, self.name)
        messages.success(request, str(self.told))
        return redirect("console:person", person_id)

    def carry_out(self, person: Any, form: Any) -> bool:
        raise NotImplementedError

    def address(self, person: Any) -> str:
        return reverse("console:person", args=[person.uid])


class ChangeFacts(OneForm):
    name = "facts"
    told = _("What is known about the person was changed.")

    def carry_out(self, person: Any, form: Any) -> bool:
        def change(given: dict[str, Any]) -> None:
            given["status"] = PersonStatus(given["status"])
            given["relation"] = Relation(given["relation"])
            commands.change_person(actor=self.actor, person_id=person.uid, **given)

        done: bool = form.carries(change)
        return done


class AssignRole(OneForm):
    name = "role"
    told = _("The role was assigned.")

    def carry_out(self, person: Any, form: Any) -> bool:
        def make(given: dict[str, Any]) -> str:
            given["role"] = Role(given["role"])
            where = person.organization.uid
            commands.assign_role(actor=self.actor, person_id=person.uid, organization_id=where, **given)
            return self.address(person)

        made: bool = form.makes(self.actor, make)
        return made


class AddAccount(OneForm):
    name = "account"
    told = _("The account was added.")

    def carry_out(self, person: Any, form: Any) -> bool:
        def make(given: dict[str, Any]) -> str:
            commands.add_account(actor=self.actor, person_id=person.uid, **given)
            return self.address(person)

        made: bool = form.makes(self.actor, make)
        return made


class AddServiceAccount(OneForm):
    name = "service"
    told = _("The service account was made. The person who answers for it makes its tokens.")

    def carry_out(self, person: Any, form: Any) -> bool:
        def make(given: dict[str, Any]) -> str:
            commands.create_service_account(actor=self.actor, person_id=person.uid, **given)
            return self.address(person)

        made: bool = form.makes(self.actor, make)
        return made


class EndRole(Page):
    section = "people"

    def post(self, request: HttpRequest, assignment_id: UUID) -> HttpResponse:
        ended = commands.end_role(actor=self.actor, role_assignment_id=assignment_id)
        messages.success(request, gettext("The role has ended."))
        return redirect("console:person", ended.person.uid)


class ServiceAccounts(Page):
    section = "people"
    template = "console/people/services.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.service_accounts_visible_to(self.actor)
        return self.show({"page": page_of(request, found, "username")})
