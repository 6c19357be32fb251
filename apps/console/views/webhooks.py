"""Programs and rooms that are told: made, changed, tested, switched off, and what was sent to them."""

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

from apps.console.forms.webhooks import ChangeWebhookForm, NewWebhookForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.kernel.errors import StaleVersion
from apps.notifications import commands, queries

USUAL = {"channel": "webhook", "events": ["access.request.submitted", "access.request.approved"]}


class Webhooks(Page):
    section = "webhooks"
    template = "console/webhooks/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, queries.webhooks_visible_to(self.actor), "name")
        return self.show({"page": page, "may_manage": queries.may_manage(self.actor)})


class NewWebhook(Page):
    section = "webhooks"
    template = "console/webhooks/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.demand_manager(self.actor)
        return self.show({"form": NewWebhookForm(initial=USUAL)})

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form, made = NewWebhookForm(request.POST), None
        account: Any = request.user

        def make(given: dict[str, Any]) -> str:
            nonlocal made
            made = commands.create_webhook(
                actor=self.actor, organization_id=account.organization.uid, **given
            )
            return reverse("console:webhook", args=[made.webhook.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        if made is None or not made.secret:
            return redirect(form.address)
        response = self.show({"made": made}, status=201, template="console/webhooks/shown.html")
        response.headers["Cache-Control"] = "no-store"
        return response


class Webhook(Page):
    section = "webhooks"
    template = "console/webhooks/webhook.html"

    def get(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        webhook = queries.webhooks_visible_to(self.actor).one(webhook_id)
        sent = queries.deliveries_visible_to(self.actor).filter(webhook=webhook)
        return self.show({"webhook": webhook, "page": page_of(request, sent)})


class ChangeWebhook(Page):
    section = "webhooks"
    template = "console/webhooks/change.html"

    def get(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        webhook = queries.webhooks_visible_to(self.actor).one(webhook_id)
        initial = {name: getattr(webhook, name) for name in ("name", "room", "events", "row_version")}
        return self.show({"webhook": webhook, "form": ChangeWebhookForm(initial=initial)})

    @sensitive_variables()
    def post(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        webhook = queries.webhooks_visible_to(self.actor).one(webhook_id)
        form = ChangeWebhookForm(request.POST)

        def change(_given: dict[str, Any]) -> None:
            commands.change_webhook(actor=self.actor, webhook_id=webhook_id, **form.changes())

        if not form.carries(change):
            return self.show({"webhook": webhook, "form": self._again(form, webhook)}, status=form.status)
        messages.success(request, gettext("The webhook was changed. Test it before you rely on it."))
        return redirect("console:webhook", webhook_id)

    def _again(self, form: ChangeWebhookForm, webhook: Any) -> ChangeWebhookForm:
        """Somebody was faster: what was typed stays, and is sent against what stands there now."""
        if isinstance(form.fault, StaleVersion):
            form.data = {**form.data.dict(), "events": form.cleaned_data["events"]}  # type: ignore[attr-defined]
            form.data["row_version"] = str(webhook.row_version)
        return form


class Act(Page):
    """One deed on a webhook, done by a button."""

    section = "webhooks"
    said: ClassVar[Any] = ""
    deed: ClassVar[str]

    def post(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        getattr(commands, self.deed)(actor=self.actor, webhook_id=webhook_id)
        messages.success(request, self.said)
        return redirect("console:webhook", webhook_id)


class Test(Act):
    deed = "test_webhook"
    said = _("A test is on its way. Look at this page again in a moment.")


class Disable(Act):
    deed = "disable_webhook"
    said = _("Nothing more is sent to it. What waits goes on waiting.")


class Enable(Act):
    deed = "enable_webhook"
    said = _("It is told again, first of what waits.")


class Replay(Page):
    section = "webhooks"

    def post(self, request: HttpRequest, delivery_id: UUID) -> HttpResponse:
        delivery = commands.replay_delivery(actor=self.actor, webhook_delivery_id=delivery_id)
        messages.success(request, gettext("It is sent once more, under the id it had."))
        return redirect("console:webhook", delivery.webhook.uid)
