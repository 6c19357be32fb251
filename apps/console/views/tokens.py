"""API tokens: one's own, made and revoked. A token is in one answer, and nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from apps.accounts import commands, queries
from apps.console.forms.tokens import TokenForm
from apps.console.page import Page
from apps.console.paging import page_of

USUAL = {"days": "30", "scopes": ["read"]}


class Tokens(Page):
    """The reader's tokens, and those of the service accounts they answer for."""

    section = "settings"
    template = "console/tokens/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(self._form(initial=USUAL))

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        made: Any = None

        def make(given: dict[str, Any]) -> str:
            nonlocal made
            made = commands.create_token(actor=self.actor, **given)
            return reverse("console:tokens")

        if not form.makes(self.actor, make):
            return self.shown(form)
        if made is None:  # the form was sent before: its token cannot be shown again
            messages.warning(request, gettext("This token was made already, and shown once."))
            return redirect(form.address)
        response = self.show({"made": made}, status=201, template="console/tokens/shown.html")
        response.headers["Cache-Control"] = "no-store"
        return response

    def shown(self, form: TokenForm) -> HttpResponse:
        mine = queries.tokens_visible_to(self.actor).filter(
            account__person=self.actor.person_key, identity__isnull=True
        )
        page, now = page_of(self.request, mine), timezone.now()
        return self.show({"form": form, "page": page, "now": now}, status=form.status)

    def _form(self, *given: Any, **options: Any) -> TokenForm:
        mine = queries.accounts_visible_to(self.actor).filter(person=self.actor.person_key, is_active=True)
        return TokenForm(*given, accounts=mine.order_by("kind", "pk"), **options)


class RevokeToken(Page):
    section = "settings"

    def post(self, request: HttpRequest, token_id: UUID) -> HttpResponse:
        token = commands.revoke_token(actor=self.actor, api_token_id=token_id)
        messages.success(request, gettext("The token was revoked. It no longer works."))
        if token.account.person_id == self.actor.person_id:
            return redirect("console:tokens")
        return redirect("console:person", token.account.person.uid)
