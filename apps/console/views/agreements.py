"""Data-use agreements: read and accepted by whoever uses data, put in force by those who answer for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.access.commands import AgreementTarget
from apps.accounts.queries.targets import target_named
from apps.catalog.queries import assets_visible_to
from apps.classification.queries import ladder
from apps.console.forms.agreements import ASSET, NewAgreementForm, NextAgreementForm
from apps.console.forms.talk import AcceptForm
from apps.console.page import Page
from apps.console.paging import page_of


class Agreements(Page):
    """Those in force first; what was retired stays readable."""

    section = "agreements"
    template = "console/agreements/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        wants_retired = request.GET.get("retired") == "1"
        rows = queries.agreements_visible_to(self.actor).filter(retired_at__isnull=not wants_retired)
        context = {
            "page": page_of(request, rows, "title"),
            "wants_retired": wants_retired,
            "may_keep": queries.may_keep_agreements(self.actor),
        }
        return self.show(context)


class NewAgreement(Page):
    section = "agreements"
    template = "console/agreements/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.demand_keepers(self.actor)
        return self.show({"form": self._form()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)

        def make(given: dict[str, Any]) -> str:
            made = commands.publish_agreement(actor=self.actor, **given)
            return reverse("console:agreement", args=[made.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        messages.success(request, gettext("It is in force. Whoever uses these data accepts it first."))
        return redirect(form.address)

    def _form(self, *given: Any) -> NewAgreementForm:
        return NewAgreementForm(*given, find=self._found, steps=ladder(self.actor))

    def _found(self, kind: str, name: str) -> UUID | None:
        if kind != ASSET:
            return target_named(self.actor, kind, name)
        same = assets_visible_to(self.actor).filter(name__iexact=name.strip())
        uids = list(same.values_list("uid", flat=True)[:2])
        return uids[0] if len(uids) == 1 else None


class Agreement(Page):
    section = "agreements"
    template = "console/agreements/agreement.html"

    def get(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        return self._shown(agreement_id)

    def post(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        form = AcceptForm(request.POST)

        def accept(given: dict[str, Any]) -> None:
            commands.accept_agreement(actor=self.actor, agreement_id=agreement_id, sha256=given["sha256"])

        if not form.carries(accept):
            return self._shown(agreement_id, form)
        messages.success(request, gettext("Your acceptance is on record, with the text you read."))
        return redirect("console:agreement", agreement_id)

    def _shown(self, agreement_id: UUID, form: AcceptForm | None = None) -> HttpResponse:
        visible: Any = queries.agreements_visible_to(self.actor)
        agreement = visible.one(agreement_id)
        may_keep = queries.may_keep_agreement(self.actor, agreement)
        accepted = queries.acceptances_of(self.actor, agreement) if may_keep else None
        context = {
            "agreement": agreement,
            "form": form or AcceptForm(initial={"sha256": agreement.sha256}),
            "may_keep": may_keep,
            "page": page_of(self.request, accepted) if accepted is not None else None,
        }
        return self.show(context, status=form.status if form else 200)


class NextAgreement(Page):
    """The next version of a text in force: everybody accepts anew."""

    section = "agreements"
    template = "console/agreements/next.html"

    def get(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        agreement = self._kept(agreement_id)
        initial = {"title": agreement.title, "text": agreement.text}
        return self.show({"agreement": agreement, "form": NextAgreementForm(initial=initial)})

    def post(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        agreement, form = self._kept(agreement_id), NextAgreementForm(request.POST)
        step = agreement.sensitivity_class
        target = AgreementTarget(
            asset_id=agreement.asset.uid if agreement.asset else None,
            domain_id=agreement.domain.uid if agreement.domain else None,
            sensitivity_class_id=step.uid if step else None,
        )

        def make(given: dict[str, Any]) -> str:
            made = commands.publish_agreement(actor=self.actor, code=agreement.code, target=target, **given)
            return reverse("console:agreement", args=[made.uid])

        if not form.makes(self.actor, make):
            return self.show({"agreement": agreement, "form": form}, status=form.status)
        messages.success(request, gettext("The next version is in force. Everybody accepts it anew."))
        return redirect(form.address)

    def _kept(self, agreement_id: UUID) -> Any:
        """Raises: NotFound, NotPermitted."""
        visible: Any = queries.agreements_visible_to(self.actor)
        agreement = visible.one(agreement_id)
        queries.demand_keeper(self.actor, agreement)
        return agreement


class Retire(Page):
    section = "agreements"

    def post(self, request: HttpRequest, agreement_id: UUID) -> HttpResponse:
        commands.retire_agreement(actor=self.actor, agreement_id=agreement_id)
        messages.success(request, gettext("Nobody has to accept it from now on."))
        return redirect("console:agreement", agreement_id)
