"""A service account: who answers for it, and by what tokens of its platform the program signs in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts import commands, queries
from apps.accounts.authorization import may
from apps.accounts.commands.unanswered import stops_at
from apps.accounts.commands.workloads import audience_of
from apps.accounts.operations import Operation
from apps.accounts.queries import directory
from apps.console.forms.workloads import WorkloadForm
from apps.console.page import Page
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason

USUAL = {"scopes": ["read", "credentials"], "is_single_use": True}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A workload identity, and why a token was refused since it last signed in."""

    identity: Any
    refusal: str
    remedy: str


class ServiceAccount(Page):
    section = "people"
    template = "console/people/service.html"

    def get(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        return self._shown(account_id, WorkloadForm(initial=USUAL))

    def post(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        form = WorkloadForm(request.POST)

        def make(given: dict[str, Any]) -> str:
            commands.register_workload(actor=self.actor, account_id=account_id, **given)
            return reverse("console:service-account", args=[account_id])

        if not form.makes(self.actor, make):
            return self._shown(account_id, form)
        messages.success(request, gettext("The program can sign in by its platform now."))
        return redirect(form.address)

    def _shown(self, account_id: UUID, form: WorkloadForm) -> HttpResponse:
        """Raises: NotFound."""
        account = queries.service_accounts_visible_to(self.actor).one(account_id)
        found = queries.workload_identities_visible_to(self.actor).filter(account=account).order_by("pk")
        is_own = account.person_id == self.actor.person_key
        about = directory.person_resource(account.person)
        may_manage = may(actor=self.actor, operation=Operation.MANAGE_SERVICE_ACCOUNT, resource=about)
        context = {
            "account": account,
            "audience": audience_of(account),
            "stops_at": stops_at(account),
            "identities": list(_told(found)),
            "is_own": is_own and account.is_active,
            "may_remove": is_own or may_manage,
            "may_hand_over": may_manage,
            "form": form,
        }
        return self.show(context, status=form.status)


class RemoveWorkload(Page):
    section = "people"

    def post(self, request: HttpRequest, identity_id: UUID) -> HttpResponse:
        removed = commands.remove_workload(actor=self.actor, workload_identity_id=identity_id)
        messages.success(request, gettext("It signs nobody in any more, and what it had been given ended."))
        return redirect("console:service-account", removed.account.uid)


def _told(identities: Any) -> Iterator[Shown]:
    for identity in identities:
        used, refused = identity.last_used_at, identity.last_refused_at
        if refused is None or (used is not None and used > refused):
            yield Shown(identity=identity, refusal="", remedy="")
            continue
        told = identity.last_refusal
        reason = Reason(code=told["code"], facts=told["facts"])
        yield Shown(identity=identity, refusal=sentence(reason), remedy=remedy(reason))
