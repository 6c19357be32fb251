"""Is this access still needed? The reviewer's queue, and the list once more before it is carried out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from apps.console.forms.reviews import AnswersForm, ConfirmForm, uids_answered
from apps.console.page import Page
from apps.console.paging import page_of
from apps.kernel.errors import StaleVersion
from apps.reviews.commands import Outcome, answer_reviews, shown_list
from apps.reviews.queries import SOONEST_FIRST, Answer, list_digest, waiting_for, with_evidence


class Reviews(Page):
    """What waits for the reader. Choosing decides nothing yet: it leads to the list to confirm."""

    section = "reviews"
    template = "console/reviews/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        page = page_of(request, waiting_for(self.actor, at=now), *SOONEST_FIRST)
        form = AnswersForm(reviews=with_evidence(page.rows, at=now))
        return self.show({"page": page, "form": form, "now": now})

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = uids_answered(request.POST)
        if not wanted:
            messages.info(request, gettext("Nothing was chosen. Choose keep or remove for at least one."))
            return redirect("console:reviews")
        reviews = shown_list(actor=self.actor, review_item_ids=wanted, at=timezone.now())
        sent: Any = request.POST.copy()
        sent["digest"] = list_digest(reviews)
        form = ConfirmForm(sent, reviews=reviews)
        form.is_valid()
        return self.show({"form": form}, template="console/reviews/confirm.html")


class Confirm(Page):
    """Every answer once more, before anything is done; refused as a whole where the list has changed."""

    section = "reviews"
    template = "console/reviews/confirm.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("console:reviews")

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = uids_answered(request.POST)
        if not wanted:
            return redirect("console:reviews")
        reviews = shown_list(actor=self.actor, review_item_ids=wanted, at=timezone.now())
        form, outcomes = ConfirmForm(request.POST, reviews=reviews), list[Outcome]()

        def carry_out(given: dict[str, Any]) -> None:
            done = answer_reviews(actor=self.actor, answers=form.answers(), digest=given["digest"])
            outcomes.extend(done)

        if not form.carries(carry_out):
            return self._again(form)
        messages.success(request, _told(outcomes))
        refused = [outcome for outcome in outcomes if not outcome.is_done]
        if not refused:
            return redirect("console:reviews")
        by_uid = {review.item.uid: review for review in reviews}
        rows = [(by_uid[outcome.review_item_id], outcome) for outcome in refused]
        return self.show({"rows": rows}, template="console/reviews/refused.html")

    def _again(self, form: ConfirmForm) -> HttpResponse:
        """What was typed stays; where the list has changed, it is shown as it is now, to be read again."""
        if isinstance(form.fault, StaleVersion):
            sent: Any = form.data
            sent = sent.copy()
            sent["digest"] = list_digest([row.review for row in form.rows])
            form.data = sent
        return self.show({"form": form}, status=form.status)


def _told(outcomes: list[Outcome]) -> str:
    done = [outcome for outcome in outcomes if outcome.is_done]
    kept = sum(outcome.answer is Answer.KEEP for outcome in done)
    removed = len(done) - kept
    parts = (
        ngettext("%(number)s grant kept", "%(number)s grants kept", kept) % {"number": kept},
        ngettext("%(number)s grant removed", "%(number)s grants removed", removed) % {"number": removed},
    )
    return gettext("On record: %(kept)s, %(removed)s.") % {"kept": parts[0], "removed": parts[1]}
