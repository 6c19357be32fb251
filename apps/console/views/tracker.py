"""The tracker: what was asked, who has it now, what was said, and which files go with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.access.lifecycle import CLOSED_REQUEST, EDITABLE_REQUEST, OPEN_REQUEST, RequestState
from apps.accounts.queries import people_visible_to
from apps.console.evidence import asset_names, purpose_named, ticket_context
from apps.console.forms.house import OnceForm
from apps.console.forms.talk import AnswerForm, FileForm, QuestionForm, SayForm
from apps.console.page import Page
from apps.credentials.commands import extend_as_used


class Request(Page):
    section = "requests"
    template = "console/request.html"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        return self.shown(request_id)

    def shown(self, request_id: UUID, *, form: OnceForm | None = None) -> HttpResponse:
        """The page as it is now; a form that was refused stands in its place, with what was typed."""
        visible: Any = queries.requests_visible_to(self.actor)
        detail = queries.detail_of(self.actor, visible.one(request_id))
        asked = detail.request
        named = detail.people_named
        people = people_visible_to(self.actor).filter(uid__in=named) if named else ()
        is_mine = asked.requester_id == self.actor.person_key
        is_open = is_mine and asked.state in OPEN_REQUEST
        context = {
            "detail": detail,
            "may_export": queries.may_export(
                self.actor, asked, [item.asset for item in detail.revision.items.all()]
            ),
            "asset_names": asset_names(detail),
            "conditions": list(queries.conditions_on(self.actor, asked)),
            "is_mine": is_mine,
            "is_editable": is_mine and asked.state in EDITABLE_REQUEST,
            "is_amendable": is_mine and asked.state == RequestState.IN_REVIEW,
            "is_withdrawable": is_open,
            "purpose": purpose_named(self.actor, detail.revision.purpose_id),
            "names": {person.uid: person.name for person in people},
            "hand_over": detail.uid if detail.may_hand_over else None,
            "attachments": queries.attachments_of(self.actor, asked),
            "file_form": self._kept(form, FileForm) or (FileForm() if is_open else None),
            "form": form,
            **ticket_context(detail, may_ask=is_mine or detail.may_decide),
            **self._talk(detail, form, is_mine=is_mine),
        }
        return self.show(context, status=form.status if form else 200)

    def _talk(self, detail: queries.RequestDetail, form: OnceForm | None, *, is_mine: bool) -> dict[str, Any]:
        assets = [item.asset for item in detail.revision.items.all()]
        talk = queries.talk_about(self.actor, detail.revision, assets)
        in_review = detail.request.state == RequestState.IN_REVIEW
        kept = form.data.get("question_id") if isinstance(form, AnswerForm) else None
        threads = [
            {
                "said": said,
                "answer": talk.answers.get(said.pk),
                "state": "answered" if said.pk in talk.answers else "open",
                "form": None
                if not (is_mine and in_review) or said.kind != "question" or said.pk in talk.answers
                else form
                if str(said.uid) == kept
                else AnswerForm(question=said.uid),
            }
            for said in talk.comments
        ]
        may_ask = in_review and queries.CommentAudience.DECIDERS in talk.audiences
        say_form = self._kept(form, SayForm) or SayForm(audiences=talk.audiences)
        return {
            "threads": threads,
            "say_form": say_form if talk.may_comment else None,
            "ask_form": self._kept(form, QuestionForm) or (QuestionForm() if may_ask else None),
        }

    def _kept(self, form: OnceForm | None, kind: type[OnceForm]) -> OnceForm | None:
        return form if isinstance(form, kind) else None


class _Act(Request):
    """One of the forms of the tracker: carried out once, and back to the page."""

    told = ""

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        return redirect("console:request", request_id)

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        form = self.form(request, request_id)

        def make(given: dict[str, Any]) -> str:
            self.carry_out(request_id, given)
            return reverse("console:request", args=[request_id])

        if not form.makes(self.actor, make):
            return self.shown(request_id, form=form)
        messages.success(request, self.words())
        return redirect(form.address + "#talk")

    def form(self, request: HttpRequest, request_id: UUID) -> OnceForm:
        raise NotImplementedError

    def carry_out(self, request_id: UUID, given: dict[str, Any]) -> None:
        raise NotImplementedError

    def words(self) -> str:
        raise NotImplementedError


class Say(_Act):
    def form(self, request: HttpRequest, request_id: UUID) -> OnceForm:
        return SayForm(request.POST, audiences=queries.CommentAudience)

    def carry_out(self, request_id: UUID, given: dict[str, Any]) -> None:
        commands.comment_request(actor=self.actor, request_id=request_id, **given)

    def words(self) -> str:
        return gettext("Your comment stands with the request.")


class AskRequester(_Act):
    def form(self, request: HttpRequest, request_id: UUID) -> OnceForm:
        return QuestionForm(request.POST)

    def carry_out(self, request_id: UUID, given: dict[str, Any]) -> None:
        commands.ask_requester(actor=self.actor, request_id=request_id, **given)

    def words(self) -> str:
        return gettext("The requester was asked. The request stays in review meanwhile.")


class Answer(_Act):
    def form(self, request: HttpRequest, request_id: UUID) -> OnceForm:
        return AnswerForm(request.POST, question=request.POST.get("question_id", ""))

    def carry_out(self, request_id: UUID, given: dict[str, Any]) -> None:
        commands.answer_question(actor=self.actor, request_id=request_id, **given)

    def words(self) -> str:
        return gettext("Your answer stands with the request.")


class Attach(_Act):
    def form(self, request: HttpRequest, request_id: UUID) -> OnceForm:
        return FileForm(request.POST, request.FILES)

    def carry_out(self, request_id: UUID, given: dict[str, Any]) -> None:
        file = given["content"]
        commands.attach_file(
            actor=self.actor, request_id=request_id, name=file.name, content=file.read(queries.LARGEST + 1)
        )

    def words(self) -> str:
        return gettext("The file was attached.")


class RemoveAttachment(Page):
    section = "requests"

    def post(self, request: HttpRequest, request_id: UUID, attachment_id: UUID) -> HttpResponse:
        commands.remove_attachment(actor=self.actor, request_id=request_id, attachment_id=attachment_id)
        messages.success(request, gettext("The file was taken off. What was sent with it keeps it."))
        return redirect("console:request", request_id)

    def get(self, request: HttpRequest, request_id: UUID, attachment_id: UUID) -> HttpResponse:
        return redirect("console:request", request_id)


class Download(Page):
    """The bytes, to be saved and never shown: whatever they are, they run nowhere."""

    section = "requests"

    def get(self, request: HttpRequest, request_id: UUID, attachment_id: UUID) -> HttpResponse:
        attachment, content = queries.bytes_of(self.actor, request_id, attachment_id)
        response = HttpResponse(content, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = content_disposition_header(True, attachment.name) or ""
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, no-store"
        return response


class Withdraw(Page):
    section = "requests"

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        commands.withdraw_request(actor=self.actor, request_id=request_id)
        messages.success(request, gettext("The request was withdrawn."))
        return redirect("console:request", request_id)


class Extend(Page):
    """Drafts the extension of a grant, and leads to its form."""

    section = "grants"

    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        drafted = self._begun(grant_id) or extend_as_used(actor=self.actor, grant_id=grant_id)
        if drafted.state not in EDITABLE_REQUEST:
            return redirect("console:request", drafted.uid)
        return redirect("console:ask-again", drafted.uid)

    def _begun(self, grant_id: UUID) -> Any:
        """The reader's own extension of the grant that is not over yet."""
        mine = queries.requests_visible_to(self.actor).filter(requester=self.actor.person_key)
        return mine.filter(extends__uid=grant_id).exclude(state__in=CLOSED_REQUEST).first()

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)
