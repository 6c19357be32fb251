"""Drafts of records: written, changed, sent for review, and decided on by somebody else."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import may_write_records
from apps.console.forms.looking import look
from apps.console.forms.record import (
    RecordForm,
    ReviewForm,
    SeenForm,
)
from apps.console.forms.rows import moved
from apps.console.views.records import OneRecord, Record, RecordPage, differences, facts_of
from apps.kernel.errors import InvalidState, RuleBroken, StaleVersion, not_found


class Submit(Record):
    """Puts the draft before another person."""

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        form = SeenForm(request.POST)

        def submit(given: dict[str, Any]) -> None:
            self.command(self.kind.submit, record_id, seen_version=given["row_version"])

        if not form.carries(submit):
            self.open(record_id)
            return self.shown(request, refusal=form.refusal, status=form.status)
        messages.success(request, gettext("Sent for review. Another compliance officer decides."))
        return redirect(self.address("record", record_id))

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return redirect(self.address("record", record_id))


class Typed(RecordPage):
    """What a form is sent for while somebody writes: to search, to change the rows of a table, to be looked
    at. Nothing is kept."""

    template = "console/records/form.html"
    parts = frozenset({"findings"})

    def sent(self) -> tuple[QueryDict, str]:
        """With the rows as a button wants them, and of which table; looking at a form moves none."""
        posted = self.request.POST
        return (posted, "") if self.part else moved(posted, self.kind.form)

    def meanwhile(self, form: RecordForm, table: str, organization_id: int) -> HttpResponse | None:
        """The answer to that; nothing where it was sent to be kept."""
        sent = self.request.POST
        if not (table or self.part or {"check", "find"} & sent.keys()):
            return None
        self.demand_writer()
        if self.kind.look and (self.part or "check" in sent):
            judged = partial(self.kind.look, self.actor, organization_id=organization_id)
            return self.asked(form, looked=look(form, judged), is_renewed=bool(self.part))
        if table and self.request.htmx.target == form[table].auto_id:  # type: ignore[attr-defined]
            is_added = sent.get("rows", "").partition(":")[2].startswith("add")
            context = {"field": _unchecked(form)[table], "is_added": is_added}
            answer = self.show(context, template="console/records/rows.html")
            answer.headers["HX-Trigger-After-Settle"] = "look"
            return answer
        return self.asked(_unchecked(form))

    def demand_writer(self) -> None:
        """Raises: NotFound, for those who do not write such records."""
        if not may_write_records(self.actor):
            raise not_found(str(self.kind.one))

    def asked(self, form: RecordForm, **more: Any) -> HttpResponse:
        return self.show({"form": form, "looks": self.kind.look is not None, **more}, status=form.status)


class Write(Typed):
    """A new record, as a draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand_writer()
        return self.asked(self.form(initial=self._begun()))

    def post(self, request: HttpRequest) -> HttpResponse:
        sent, table = self.sent()
        form = self.form(sent)
        if answer := self.meanwhile(form, table, self.actor.organization_id or 0):
            return answer
        user: Any = request.user

        def make(given: dict[str, Any]) -> str:
            organization_id = user.organization.uid
            content = form.content()
            version = self.kind.draft(actor=self.actor, organization_id=organization_id, content=content)
            return self.address("record", getattr(version, self.kind.identity).uid)

        if not form.makes(self.actor, make):
            return self.asked(form)
        messages.success(request, gettext("The draft was saved. Nobody relies on it before it is approved."))
        if "send" not in request.POST:
            return redirect(form.address)
        return send(self, request, UUID(form.address.rstrip("/").rpartition("/")[2]))

    def _begun(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {"role": "controller", "presumption": "none", "controller_id": str(user.organization.uid)}


class Edit(Typed, OneRecord):
    """The draft; where an approved version stands, a new draft beside it."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self._open_to_write(record_id)
        form = self._fresh()
        if "missing" in request.GET and self.outlook.is_draft:
            form.refusal = form.show_beside(self.outlook.missing)
        return self.asked(form)

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self.open(record_id)
        sent, table = self.sent()
        form = self.form(sent)
        if answer := self.meanwhile(form, table, self.record.organization_id):
            return answer

        def edit(given: dict[str, Any]) -> None:
            seen = given["row_version"]
            self.command(self.kind.edit, record_id, content=form.content(), seen_version=seen)

        if not form.carries(edit) and not self._is_said(form, record_id):
            return self._again(form, record_id)
        messages.success(
            request, gettext("The draft was saved. What is in force stays until it is approved.")
        )
        if "send" not in request.POST:
            return redirect(self.address("record", record_id))
        return send(self, request, record_id)

    def _open_to_write(self, record_id: UUID) -> None:
        """Raises: NotFound, also for those who do not write it."""
        self.open(record_id)
        if not self.outlook.may_write:
            raise not_found(str(self.kind.one))

    def demand_writer(self) -> None:
        if not self.outlook.may_edit:
            raise not_found(str(self.kind.one))

    def _fresh(self) -> RecordForm:
        newest = self.versions[0]
        initial = {"row_version": newest.row_version}
        return self.form(content=self.kind.content(newest), initial=initial)

    def _is_said(self, form: RecordForm, record_id: UUID) -> bool:
        """Sent twice: what stands there now is what was typed."""
        if not isinstance(form.fault, StaleVersion | InvalidState):
            return False
        self.open(record_id)
        return self.outlook.open is not None and self.outlook.content == form.content()

    def _again(self, form: RecordForm, record_id: UUID) -> HttpResponse:
        """What was typed stays; where another was faster, it is set against what stands there now."""
        if not isinstance(form.fault, StaleVersion):
            return self.asked(form)
        newest = self.versions[0]
        theirs, typed = self.kind.content(newest), form.content()
        changes = differences(self.kind, theirs, typed, self.kind.names(self.actor, [theirs, typed], ()))
        kept = self.request.POST.copy()
        kept["row_version"] = str(newest.row_version)
        again = self.form(kept)
        again.is_valid()
        again.refusal, again.status = form.refusal, form.status
        return self.asked(again, changes=changes)

    def asked(self, form: RecordForm, **more: Any) -> HttpResponse:
        return super().asked(form, **self.about(**more))


_TOLD = {
    "approve": _("Approved. This version is in force now."),
    "reject": _("Rejected. It stays as it was put, with your reason; another version may be written."),
    "return": _("Returned to its writers, with your reason."),
}


def send(page: RecordPage, request: HttpRequest, record_id: UUID) -> HttpResponse:
    """What was just saved goes to review; where something is missing, the form says so beside its fields."""
    try:
        page.command(page.kind.submit, record_id)
    except RuleBroken:
        return redirect(f"{page.address('record-edit', record_id)}?missing=1")
    except InvalidState:  # sent twice: it is in review already
        return redirect(page.address("record", record_id))
    messages.success(request, gettext("Sent for review. Another compliance officer decides."))
    return redirect(page.address("record", record_id))


class Review(OneRecord):
    """What would change against the version in force, and the verdict on it."""

    template = "console/records/review.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self._open_to_decide(record_id)
        return self.asked(self._fresh())

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        form = ReviewForm(request.POST)
        said = next((word for word in _TOLD if word in request.POST), "return")

        def decide(given: dict[str, Any]) -> None:
            if said == "approve":
                self.command(self.kind.approve, record_id, seen_version=given["row_version"])
            elif said == "reject":
                self.command(self.kind.turn_down, record_id, reason=given["reason"])
            else:
                self.command(self.kind.send_back, record_id, reason=given["reason"])

        if not form.carries(decide):
            return self._again(form, record_id)
        messages.success(request, _TOLD[said])
        return redirect(self.address("record", record_id))

    def _again(self, form: ReviewForm, record_id: UUID) -> HttpResponse:
        self.open(record_id)
        if not self.outlook.is_in_review:
            return self.show(
                self.about(refusal=form.refusal, gone=True), status=form.status, template=self.template
            )
        fresh = self._fresh(reason=form.data.get("reason", ""))
        if isinstance(form.fault, StaleVersion):
            fresh.refusal, fresh.status = form.refusal, form.status
            return self.asked(fresh)
        return self.asked(form)

    def _open_to_decide(self, record_id: UUID) -> None:
        """Raises: NotFound where nothing is in review."""
        self.open(record_id)
        if not self.outlook.is_in_review:
            raise not_found("version")

    def _fresh(self, **given: str) -> ReviewForm:
        return ReviewForm(initial={"row_version": self.outlook.open.row_version, **given})

    def asked(self, form: ReviewForm) -> HttpResponse:
        opened, approved = self.outlook.open, self.outlook.approved
        content = self.content(opened)
        before = self.kind.content(approved) if approved else None
        names = self.kind.names(self.actor, (), filter(None, (opened, approved)))
        context = self.about(
            form=form,
            version=opened,
            content=content,
            writers=[person.name for person in opened.editors.all()],
            groups=facts_of(self.kind, content, names),
            changes=differences(self.kind, before, content, names) if before else None,
        )
        return self.show(context, status=form.status)


def _unchecked(form: RecordForm) -> RecordForm:
    """As it was typed, without a word about what is missing: it was sent only to search."""
    form.is_valid()
    form.errors.clear()
    return form
