"""Approving several requests that are alike: a list is frozen, read once more, and carried out one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access import commands, queries
from apps.console.forms.access import TogetherForm
from apps.console.page import Page, uid_of
from apps.kernel.errors import LakewardenError
from apps.policy.reason import Reason

MOST = 50


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What became of one of them; no reasons where it is on record."""

    request: Any
    reasons: tuple[Reason, ...]


class Together(Page):
    section = "inbox"
    template = "console/together.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = [uid for word in request.POST.getlist("request")[:MOST] if (uid := uid_of(word))]
        rows = self._rows(chosen)
        form = TogetherForm(initial={"items": " ".join(_frozen(row) for row in rows)})
        return self.show({"rows": rows, "are_alike": _are_alike(rows), "form": form})

    def _rows(self, chosen: list[UUID]) -> list[queries.Waiting]:
        inbox = queries.inbox_of(self.actor).filter(uid__in=chosen)
        waiting = inbox.prefetch_related("revision__items__asset").order_by("pk")
        return queries.waiting_of(list(waiting), at=timezone.now())


class TogetherConfirmed(Together):
    """The same command for each of them, under the hash and the evaluation that were shown."""

    template = "console/together_done.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TogetherForm(request.POST)
        items = form.cleaned_data["items"] if form.is_valid() else []
        rows = {row.request.uid: row for row in self._rows([item["request_id"] for item in items])}
        if not _are_alike(list(rows.values())):
            context = {"rows": list(rows.values()), "are_alike": False, "form": form}
            return self.show(context, status=400, template="console/together.html")
        done = [self._approve(rows[i["request_id"]], i, form) for i in items if i["request_id"] in rows]
        return self.show({"done": done, "gone": len(items) - len(done)})

    def _approve(self, row: queries.Waiting, item: dict[str, Any], form: TogetherForm) -> Approved:
        try:
            commands.approve_request(actor=self.actor, reason=form.cleaned_data["reason"], **item)
        except LakewardenError as fault:
            return Approved(request=row.request, reasons=fault.reasons)
        return Approved(request=row.request, reasons=())


def _frozen(row: queries.Waiting) -> str:
    return f"{row.request.uid}:{row.revision_sha256}:{row.decision_id}"


def _are_alike(rows: list[queries.Waiting]) -> bool:
    """Whether there are some, all of low risk and under the same rules."""
    return len({row.alike for row in rows}) == 1 and all(row.alike for row in rows)
