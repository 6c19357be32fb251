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
from apps.access.errors import LONGER_THAN_GIVEN, NO_DECIDER_IN_COMMON
from apps.access.lifecycle import EDITABLE_REQUEST, OPEN_REQUEST, RequestState
from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import purposes_in_force
from apps.console.basket import Basket, accepted_in, basket_of
from apps.console.forms.access import (
    OTHER_DAY,
    RequestForm,
    asked_for,
    new_request,
    subject_in,
    subjects_of,
)
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.credentials.queries import fit_of
from apps.kernel.errors import InvalidInput, not_found
from apps.policy.facts import Action


class Ask(Page):
    """The form, for a new request that begins with one asset. "Check" shows the outcome, "Send" sends it."""

    section = "catalog"
    template = "console/request_form.html"
    parts = frozenset({"outcome"})

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        user: Any = request.user
        purpose = uid_of(request.GET.get("purpose", ""))
        form = self._form(initial=new_request(user.organization.country, str(purpose or "")))
        basket = basket_of(self.actor, None, [ItemDraft(asset_id=asset.uid)])
        return self._shown(form, {"asset": asset, "preview": self._foreseen(asset, purpose)}, basket)

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

        def save(draft: RequestDraft, _seen: int | None) -> Any:
            return commands.create_request(actor=self.actor, draft=draft)

        def send(draft: RequestDraft, _seen: int | None) -> Any:
            return commands.ask_for_access(
                actor=self.actor, draft=draft, accept_shorter=_accepts_shorter(request)
            )

        basket = basket_of(self.actor, request.POST, [ItemDraft(asset_id=asset.uid)])
        return self.answer(request, {"asset": asset}, basket, save=save, send=send)

    def answer(
        self,
        request: HttpRequest,
        about: dict[str, Any],
        basket: Basket,
        *,
        save: Callable[[RequestDraft, int | None], Any],
        send: Callable[[RequestDraft, int | None], Any],
    ) -> HttpResponse:
        form = self._form(request.POST)
        if basket.is_changing:
            return self._shown(_unchecked(form), about, basket)
        if "send" not in request.POST and "save" not in request.POST:
            return self._checked(form, about, basket)
        keep, told = save, gettext("The draft is kept. Nobody was asked yet.")
        if "send" in request.POST:
            keep, told = send, gettext("The request was sent. This page shows who has it now.")

        def make(given: dict[str, Any]) -> str:
            nonlocal told
            for agreement_id, sha256 in accepted_in(request.POST):
                commands.accept_agreement(actor=self.actor, agreement_id=agreement_id, sha256=sha256)
            draft = RequestDraft(items=basket.items, **asked_for(given))
            if request.POST.get("send") == "separately":
                told = gettext("A request was sent for each of the assets.")
                commands.ask_separately(actor=self.actor, draft=draft)
                return reverse("console:requests")
            kept = keep(draft, given["seen_version"])
            if kept.state == RequestState.APPROVED:
                told = gettext("It was approved at once: nobody has to be asked.")
            return reverse("console:request", args=[kept.uid])

        if not form.makes(self.actor, make):
            return self._shown(form, about, basket)
        messages.success(request, told)
        return redirect(form.address)

    def _checked(self, form: RequestForm, about: dict[str, Any], basket: Basket) -> HttpResponse:
        preview: Any = None

        def check(given: dict[str, Any]) -> None:
            nonlocal preview
            given.pop("key")
            draft = RequestDraft(items=basket.items, **asked_for(given))
            preview = queries.draft_preview(self.actor, draft)

        form.carries(check)
        return self._shown(form, {**about, "preview": preview}, basket)

    def _form(self, *given: Any, **options: Any) -> RequestForm:
        now = timezone.now()
        subjects = subjects_of(self.actor, at=now)
        purposes = purposes_in_force(self.actor, at=now)
        return RequestForm(*given, purposes=purposes, subjects=subjects, **options)

    def _shown(self, form: RequestForm, about: dict[str, Any], basket: Basket) -> HttpResponse:
        context = {"form": form, "basket": basket, "asset_names": basket.names, **about}
        reasons = form.fault.reasons if form.fault else ()
        context["capped"] = next((each for each in reasons if each.code == LONGER_THAN_GIVEN), None)
        is_new = "asked" not in about
        context["is_apart"] = is_new and any(each.code == NO_DECIDER_IN_COMMON for each in reasons)
        if not self.part:
            context["agreements"] = queries.agreements_on_assets(basket.assets, self.actor)
        return self.show(context, status=form.status)


class AskAgain(Ask):
    """A draft or a returned request, changed and sent again; a request in review, amended."""

    section = "requests"

    def get(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        asked = self._editable(request_id)
        content = queries.content_of(asked)
        initial = {
            **content,
            "days": OTHER_DAY,
            "subject": subject_in(content),
            "seen_version": asked.row_version,
        }
        basket = basket_of(self.actor, None, _items_in(content))
        return self._shown(self._form(initial=initial), self._about(asked), basket)

    def post(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        asked = self._editable(request_id)
        basket = basket_of(self.actor, request.POST, _items_in(queries.content_of(asked)))

        own: dict[str, Any] = {"actor": self.actor, "request_id": asked.uid}

        def save(draft: RequestDraft, seen: int | None) -> Any:
            return commands.change_request(draft=draft, seen_version=seen, **own)

        shorter = _accepts_shorter(request)

        def send(draft: RequestDraft, seen: int | None) -> Any:
            if asked.state == RequestState.IN_REVIEW:
                return commands.amend_request(draft=draft, seen_version=seen, accept_shorter=shorter, **own)
            changed = commands.change_request(draft=draft, seen_version=seen, **own)
            return commands.submit_request(seen_version=changed.row_version, accept_shorter=shorter, **own)

        return self.answer(request, self._about(asked), basket, save=save, send=send)

    def _about(self, asked: Any) -> dict[str, Any]:
        is_amending = asked.state == RequestState.IN_REVIEW
        extended = asked.extends
        fit = fit_of(extended) if extended is not None else None
        return {"asked": asked, "extended": extended, "is_amending": is_amending, "fit": fit}

    def _editable(self, request_id: UUID) -> Any:
        """Raises: NotFound, also where it is somebody else's or not to be edited any more."""
        visible: Any = queries.requests_visible_to(self.actor)
        asked = visible.filter(requester=self.actor.person_key).one(request_id)
        if asked.state not in EDITABLE_REQUEST | {RequestState.IN_REVIEW}:
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


def _items_in(content: dict[str, Any]) -> list[ItemDraft]:
    return [ItemDraft(**{**item, "columns": tuple(item["columns"])}) for item in content["items"]]


def _accepts_shorter(request: HttpRequest) -> bool:
    """The button beside the refusal: until the last day that the rules give."""
    return request.POST.get("send") == "shorter"


def _unchecked(form: RequestForm) -> RequestForm:
    """As it was typed, without a word about what is missing: it was sent only to change the basket."""
    form.is_valid()
    form.errors.clear()
    return form
