"""The inbox, and one screen with everything a decision needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access import commands, queries
from apps.accounts.queries import people_visible_to
from apps.console.evidence import (
    asset_names,
    evidence_of,
    purpose_named,
    ticket_context,
)
from apps.console.forms.access import VerdictForm
from apps.console.forms.talk import QuestionForm
from apps.console.page import Page, moment_of
from apps.console.paging import page_of
from apps.console.settings import has_shortcuts
from apps.credentials.queries import fit_of
from apps.kernel.errors import StaleVersion

VERDICTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "approve": (commands.approve_request, _("Your approval is on record.")),
    "return": (commands.return_request, _("The request was returned to the requester for changes.")),
    "reject": (commands.reject_request, _("The request was rejected.")),
    "opinion": (commands.give_opinion, _("Your opinion is on record.")),
}


MOST_BLOCKED = 20


class Inbox(Page):
    """Rows never move under the reader's eyes: what came since is counted, and shown when they ask for it."""

    section = "inbox"
    template = "console/inbox.html"
    parts = frozenset({"news"})

    def get(self, request: HttpRequest) -> HttpResponse:
        everything, now = queries.inbox_of(self.actor), timezone.now()
        inbox = queries.without_blocked(everything)
        if self.part == "news":
            since = moment_of(request.GET.get("since", "")) or now
            return self.show({"since": since, "news": inbox.filter(submitted_at__gt=since).count()})
        waiting = inbox.prefetch_related("revision__items__asset")
        page = page_of(request, waiting, *queries.RISKIEST_FIRST)
        rows = queries.waiting_of(page.rows, at=now)
        shared = _shared(rows)
        context = {"page": page, "rows": rows, "has_shortcuts": has_shortcuts(request), "since": now}
        blocked = queries.only_blocked(everything).prefetch_related("revision__items__asset")
        context["blocked"] = list(blocked.order_by("-pk")[:MOST_BLOCKED])
        return self.show({**context, "shared": shared, "has_alike": bool(shared)})


def _shared(rows: list[queries.Waiting]) -> dict[str, str]:
    """A mark, A and on, for each kind of row of which there are several on the page."""
    counted = Counter(row.alike for row in rows if row.alike)
    several = [key for key, count in counted.items() if count > 1]
    return dict(zip(several, ascii_uppercase, strict=False))


class Decide(Page):
    section = "inbox"
    template = "console/decision.html"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        detail = self._detail(request_id)
        return self._shown(detail, self._fresh(detail))

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        detail = self._detail(request_id)
        form = VerdictForm(request.POST, detail=detail)
        verb = request.POST.get("verdict", "")
        verdict = VERDICTS.get(verb)
        if verdict is None:
            form.status = 400
            return self._shown(detail, form)
        command, told = verdict
        named = {"approve": form.approval, "reject": form.rejection}.get(verb, form.verdict)
        if not form.carries(lambda given: command(actor=self.actor, request_id=request_id, **named(given))):
            return self._again(self._detail(request_id), form)
        messages.success(request, told)
        return redirect("console:inbox")

    def _again(self, detail: queries.RequestDetail, form: VerdictForm) -> HttpResponse:
        """The same screen as it is now; the typed reason stays, and a stale verdict shows what changed."""
        if not isinstance(form.fault, StaleVersion):
            return self._shown(detail, form)
        named = {name: form.cleaned_data[name] for name in ("revision_sha256", "decision_id")}
        since = queries.changes_since(detail, **named)
        fresh = self._fresh(detail, reason=form.cleaned_data["reason"])
        fresh.refusal, fresh.status = form.refusal, form.status
        return self._shown(detail, fresh, change=since.evaluation, amended=since.amended)

    def _detail(self, request_id: UUID) -> queries.RequestDetail:
        visible: Any = queries.requests_visible_to(self.actor)
        return queries.detail_of(self.actor, visible.one(request_id))

    def _fresh(self, detail: queries.RequestDetail, **given: str) -> VerdictForm:
        decision_id = detail.decision.id if detail.decision else ""
        named = {"revision_sha256": detail.revision.sha256, "decision_id": decision_id}
        return VerdictForm(initial={**named, **given}, detail=detail)

    def _shown(self, detail: queries.RequestDetail, form: VerdictForm, **more: Any) -> HttpResponse:
        named = detail.people_named
        people = people_visible_to(self.actor).filter(uid__in=named) if named else ()
        form.offer(detail.acts_for)
        assets = [item.asset for item in detail.revision.items.all()]
        context = {
            "detail": detail,
            "may_export": queries.may_export(self.actor, detail.request, assets),
            "asset_names": asset_names(detail),
            "form": form,
            "ask_form": QuestionForm() if detail.may_decide else None,
            "evidence": evidence_of(detail),
            "background": queries.background_of(self.actor, detail),
            "has_shortcuts": has_shortcuts(self.request),
            "waiting": next((stage for stage in detail.stages if stage.state == "open"), None),
            "purpose": purpose_named(self.actor, detail.revision.purpose_id),
            "conditions": list(queries.conditions_on(self.actor, detail.request)),
            "names": {person.uid: person.name for person in people},
            "hand_over": detail.uid if detail.may_hand_over else None,
            "fit": fit_of(detail.request.extends) if detail.request.extends else None,
            **ticket_context(detail, may_ask=detail.may_decide),
        }
        return self.show({**context, **more}, status=form.status)
