"""Approving several requests that are alike: a list is frozen, read once more, and carried out one by one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from apps.access import commands, queries
from apps.console.forms.access import TogetherForm
from apps.console.page import Page, uid_of
from apps.kernel.errors import InvalidInput


class Together(Page):
    section = "inbox"
    template = "console/together.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        words = request.POST.getlist("request")[: commands.MOST_TOGETHER]
        rows = queries.waiting_together(self.actor, [uid for word in words if (uid := uid_of(word))])
        form = TogetherForm(initial={"items": " ".join(_frozen(row) for row in rows)})
        return self.show({"rows": rows, "are_alike": queries.are_alike(rows), "form": form})


class TogetherConfirmed(Page):
    """The same command for each of them, under the hash and the evaluation that were shown."""

    section = "inbox"
    template = "console/together_done.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TogetherForm(request.POST)
        chosen = form.cleaned_data["items"] if form.is_valid() else []
        try:
            outcomes = commands.approve_together(
                actor=self.actor, chosen=chosen, reason=form.cleaned_data.get("reason", "")
            )
        except InvalidInput:
            rows = queries.waiting_together(self.actor, [each.request_id for each in chosen])
            context = {"rows": rows, "are_alike": False, "form": form}
            return self.show(context, status=400, template="console/together.html")
        done = [outcome for outcome in outcomes if outcome.request is not None]
        return self.show({"done": done, "gone": len(outcomes) - len(done)})


def _frozen(row: queries.Waiting) -> str:
    return f"{row.request.uid}:{row.revision_sha256}:{row.decision_id}"
