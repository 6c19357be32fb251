"""Asking for access, and following what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.lifecycle import EDITABLE_REQUEST, OPEN_REQUEST
from apps.accounts.queries import people_visible_to
from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import purposes_in_force
from apps.console.evidence import asset_names, purpose_named
from apps.console.forms.access import OTHER_DAY, RequestForm, asked_for, new_request
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.kernel.errors import InvalidInput, not_found
from apps.policy.facts import Action


class Ask(Page):
    """The form, for a new request about one asset. "Check" shows the outcome, "Send" carries it out."""

    section = "catalog"
    template = "console/request_form.html"
    parts = frozenset({"outcome"})

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        user: Any = request.user
        purpose = uid_of(request.GET.get("purpose", ""))
        form = self._form(initial=new_request(user.organization.country, str(purpose or "")))
        return self._shown(form, {**_about(asset), "preview": self._foreseen(asset, purpose)})

    def _foreseen(self, asset: Any, purpose: UUID | None) -> Any:
        """What would happen to the form as it is opened; nothing where the purpose is not in force."""
        if purpose is None:
            return None
        try:
            return queries.asset_preview(
                self.actor, asset.uid, purpose_id=purpose, actions=[Action.READ.value]
            )
        except InvalidInput:
            return None

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        items = [ItemDraft(asset_id=asset.uid)]

        def save(draft: RequestDraft) -> UUID:
            saved: UUID = commands.create_request(actor=self.actor, draft=draft).uid
            return saved

        def send(draft: RequestDraft) -> UUID:
            sent: UUID = commands.ask_for_access(actor=self.actor, draft=draft).uid
            return sent

        return self.answer(request, _about(asset), items, save=save, send=send)

    def answer(
        self,
        request: HttpRequest,
        about: dict[str, Any],
        items: list[ItemDraft],
        *,
        save: Callable[[RequestDraft], UUID],
        send: Callable[[RequestDraft], UUID],
    ) -> HttpResponse:
        form = self._form(request.POST)
        if "send" not in request.POST and "save" not in request.POST:
            return self._checked(form, about, items)
        keep, told = save, gettext("The draft is kept. Nobody was asked yet.")
        if "send" in request.POST:
            keep, told = send, gettext("The request was sent. This page shows who has it now.")

        def make(given: dict[str, Any]) -> str:
            draft = RequestDraft(items=items, **asked_for(given))
            return reverse("console:request", args=[keep(draft)])

        if not form.makes(self.actor, make):
            return self._shown(form, about)
        messages.success(request, told)
        return redirect(form.address)

    def _checked(self, form: RequestForm, about: dict[str, Any], items: list[ItemDraft]) -> HttpResponse:
        preview: Any = None

        def check(given: dict[str, Any]) -> None:
            nonlocal preview
            given.pop("key")
            preview = queries.draft_preview(self.actor, RequestDraft(items=items, **asked_for(given)))

        form.carries(check)
        return self._shown(form, {**about, "preview": preview})

    def _form(self, *given: Any, **options: Any) -> RequestForm:
        return RequestForm(*given, purposes=purposes_in_force(self.actor, at=timezone.now()), **options)

    def _shown(self, form: RequestForm, about: dict[str, Any]) -> HttpResponse:
        return self.show({"form": form, **about}, status=form.status)


class AskAgain(Ask):
    """A draft or a returned request, changed and sent again."""

    section = "requests"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        asked = self._editable(request_id)
        content = queries.content_of(asked)
        initial = {**content, "days": OTHER_DAY}
        return self._shown(self._form(initial=initial), {"asked": asked})

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        asked = self._editable(request_id)
        content = queries.content_of(asked)
        items = [ItemDraft(**{**item, "columns": tuple(item["columns"])}) for item in content["items"]]

        def save(draft: RequestDraft) -> UUID:
            saved: UUID = commands.change_request(actor=self.actor, request_id=asked.uid, draft=draft).uid
            return saved

        def send(draft: RequestDraft) -> UUID:
            save(draft)
            sent: UUID = commands.submit_request(actor=self.actor, request_id=asked.uid).uid
            return sent

        return self.answer(request, {"asked": asked}, items, save=save, send=send)

    def _editable(self, request_id: UUID) -> Any:
        """Raises: NotFound, also where it is somebody else's or not to be edited any more."""
        visible: Any = queries.requests_visible_to(self.actor)
        asked = visible.filter(requester=self.actor.person_key).one(request_id)
        if asked.state not in EDITABLE_REQUEST:
            raise not_found("request")
        return asked


class Requests(Page):
    section = "requests"
    template = "console/requests.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = queries.requests_visible_to(self.actor).filter(requester=self.actor.person_key)
        if request.GET.get("open"):
            mine = mine.filter(state__in=OPEN_REQUEST)
        page = page_of(request, mine.prefetch_related("revision__items__asset"))
        return self.show({"page": page, "given": request.GET})


class Request(Page):
    """The tracker: what was asked, who has it now, and what was said."""

    section = "requests"
    template = "console/request.html"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        visible: Any = queries.requests_visible_to(self.actor)
        detail = queries.detail_of(self.actor, visible.one(request_id))
        asked = detail.request
        is_mine = asked.requester_id == self.actor.person_key
        named = detail.people_named
        people = people_visible_to(self.actor).filter(uid__in=named) if named else ()
        context = {
            "detail": detail,
            "asset_names": asset_names(detail),
            "is_mine": is_mine,
            "is_editable": is_mine and asked.state in EDITABLE_REQUEST,
            "is_withdrawable": is_mine and asked.state in OPEN_REQUEST,
            "purpose": purpose_named(self.actor, detail.revision.purpose_id),
            "names": {person.uid: person.name for person in people},
            "hand_over": detail.uid if detail.may_hand_over else None,
        }
        return self.show(context)


class Withdraw(Page):
    section = "requests"

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        commands.withdraw_request(actor=self.actor, request_id=request_id)
        messages.success(request, gettext("The request was withdrawn."))
        return redirect("console:request", request_id)


def _about(asset: Any) -> dict[str, Any]:
    return {"asset": asset, "asset_names": {str(asset.uid): asset.name}}
