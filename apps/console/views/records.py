"""Records of compliance, whatever their kind: lists, the record with its versions, drafts, reviews, acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.compliance.queries import Outlook, may_write_records
from apps.console.forms.records import (
    Line,
    Names,
    ReasonForm,
    RecordForm,
    ReviewForm,
    Section,
    SeenForm,
)
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.records import LONGEST_SEARCH, Act, RecordKind, Rests, in_force
from apps.kernel.errors import InvalidState, RuleBroken, StaleVersion, not_found
from apps.policy.reason import Reason, declared_codes

FIRST_FEW = 5


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A field of a version, as it is shown."""

    label: Any
    article: str
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Group:
    section: Section
    facts: list[Fact]


@dataclass(frozen=True, kw_only=True)
class Difference:
    label: Any
    article: str
    before: list[Line]
    after: list[Line]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Of a list: the record, the version that counts, and the one being worked on, if it is another."""

    record: Any
    version: Any
    open: Any


def facts_of(kind: RecordKind, content: Any, names: Names) -> list[Group]:
    """Sections in which nothing stands are left out."""
    form = kind.form

    def facts(section: Section) -> list[Fact]:
        told = ((name, form.lines(content, name, names)) for name in section.names)
        return [
            Fact(label=form.base_fields[name].label, article=form.articles.get(name, ""), lines=lines)
            for name, lines in told
            if lines or name in form.always
        ]

    groups = (Group(section=section, facts=facts(section)) for section in form.sections)
    return [group for group in groups if group.facts]


def differences(kind: RecordKind, before: Any, after: Any, names: Names) -> list[Difference]:
    form = kind.form
    return [
        Difference(
            label=form.base_fields[name].label,
            article=form.articles.get(name, ""),
            before=form.lines(before, name, names),
            after=form.lines(after, name, names),
        )
        for section in form.sections
        for name in section.names
        if getattr(before, name) != getattr(after, name)
    ]


class RecordPage(Page):
    """A page about one kind of record; the kind comes with the address."""

    kind: RecordKind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kind = kwargs.pop("kind")
        self.section = self.kind.slug  # type: ignore[misc]
        return super().dispatch(request, *args, **kwargs)

    def show(self, context: dict[str, Any], *, status: int = 200, template: str = "") -> HttpResponse:
        return super().show({"kind": self.kind, **context}, status=status, template=template)

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"console:{name}", args=[self.kind, *args])

    def form(self, *given: Any, content: Any = None, **options: Any) -> RecordForm:
        """With the choices that what is typed, or what is kept, needs."""
        if content is not None:
            options["initial"] = {**self.kind.form.initial_of(content), **options.get("initial", {})}
        typed = given[0] if given and given[0] is not None else None
        wanted: dict[str, Any] = dict(options.get("initial") or {})
        if typed is not None:
            wanted = {name: typed.getlist(name) for name in ("purpose_ids", "asset_ids")}
            wanted |= {name: typed.get(name, "") for name in ("purpose_ids_q", "asset_ids_q")}
        choices = self.kind.choices(self.actor, content, wanted)
        return self.kind.form(*given, **choices, **options)

    def command(self, command: Any, record_id: UUID, **given: Any) -> Any:
        return command(actor=self.actor, **{self.kind.id_name: record_id}, **given)


class Records(RecordPage):
    template = "console/records/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, self._found(request), order="ref")
        context = {
            "page": page,
            "rows": [self._row(record) for record in page.rows],
            "given": request.GET,
            "is_filtered": any(request.GET.get(name) for name in ("q", "state", "mine")),
            "may_write": may_write_records(self.actor),
            "today": timezone.localdate(),
        }
        return self.show(context)

    def _found(self, request: HttpRequest) -> Any:
        rows, given = self.kind.rows(self.actor), request.GET
        if words := given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]:
            rows = rows.filter(name__icontains=words) | rows.filter(ref__iexact=words)
        if given.get("state") in self.kind.states:
            rows = rows.filter(state=given["state"])
        if given.get("mine"):
            rows = rows.filter(pk__in=self.kind.to_review(self.actor).values(self.kind.identity))
        return rows

    def _row(self, record: Any) -> Row:
        versions = tuple(record.seen_versions)
        counting, newest = in_force(versions), versions[0]
        is_open = newest is not counting and newest.record_status in {"draft", "in_review"}
        return Row(record=record, version=counting, open=newest if is_open else None)


class OneRecord(RecordPage):
    """What every page about one record has at hand."""

    record: Any
    versions: tuple[Any, ...]
    outlook: Outlook

    def open(self, record_id: UUID) -> None:
        """Raises: NotFound."""
        self.record, self.versions = self.kind.record(self.actor, record_id)
        self.outlook = self.kind.outlook(self.actor, self.record, self.versions)

    @property
    def title(self) -> str:
        return str(in_force(self.versions).name)

    def content(self, version: Any) -> Any:
        return self.outlook.content if version is self.outlook.open else self.kind.content(version)

    def version(self, number: str | None) -> Any:
        """The version of that number, or the one that counts.  Raises: NotFound."""
        if not number:
            return in_force(self.versions)
        found = next((each for each in self.versions if str(each.number) == number), None)
        if found is None:
            raise not_found("version")
        return found

    def about(self, **more: Any) -> dict[str, Any]:
        return {
            "record": self.record,
            "title": self.title,
            "versions": self.versions,
            "outlook": self.outlook,
            "missing": [self.kind.form.worded(reason) for reason in self.outlook.missing],
            "doubts": [self.kind.form.worded(reason) for reason in self.outlook.doubts],
            **more,
        }

    def acts(self) -> list[Act]:
        if not self.outlook.may_decide:
            return []
        return [act for act in self.kind.acts if act.is_possible(self.record, self.outlook)]

    @staticmethod
    def few(rests: Rests) -> dict[str, Any]:
        return {"rests": rests, "few": f":{FIRST_FEW}"}


class Record(OneRecord):
    template = "console/records/record.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self.open(record_id)
        return self.shown(request)

    def shown(self, request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
        version = self.version(request.GET.get("version"))
        content = self.content(version)
        names = self.kind.names(self.actor, (), [version])
        context = self.about(
            version=version,
            content=content,
            is_in_force=version is self.outlook.approved,
            groups=facts_of(self.kind, content, names),
            why_blocked=_reasons(getattr(version, "clearance_reasons", ())),
            acts=self.acts(),
            today=timezone.localdate(),
            **self.few(self.kind.rests(self.actor, self.record, version)),
        )
        return self.show({**context, **more}, status=status)


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


class Write(RecordPage):
    """A new record, as a draft."""

    template = "console/records/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_write_records(self.actor):
            raise not_found(str(self.kind.one))
        return self.asked(self.form(initial=self._begun()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if "find" in request.POST:
            return self.asked(_unchecked(form))
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

    def asked(self, form: RecordForm, **more: Any) -> HttpResponse:
        return self.show({"form": form, **more}, status=form.status)

    def _begun(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {"role": "controller", "presumption": "none", "controller_id": str(user.organization.uid)}


class Edit(OneRecord):
    """The draft; where an approved version stands, a new draft beside it."""

    template = "console/records/form.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self._open_to_write(record_id)
        form = self._fresh()
        if "missing" in request.GET and self.outlook.is_draft:
            form.refusal = form.show_beside(self.outlook.missing)
        return self.asked(form)

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self.open(record_id)
        form = self.form(request.POST)
        if "find" in request.POST:
            return self.asked(_unchecked(form))

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
        return self.show(self.about(form=form, **more), status=form.status)


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
        is_approval = "approve" in request.POST

        def decide(given: dict[str, Any]) -> None:
            if is_approval:
                self.command(self.kind.approve, record_id, seen_version=given["row_version"])
            else:
                self.command(self.kind.send_back, record_id, reason=given["reason"])

        if not form.carries(decide):
            return self._again(form, record_id)
        if is_approval:
            messages.success(request, gettext("Approved. This version is in force now."))
        else:
            messages.success(request, gettext("Returned to its writers, with your reason."))
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


class Changes(OneRecord):
    """Two versions, set against each other."""

    template = "console/records/changes.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        self.open(record_id)
        after = self.version(request.GET.get("to") or str(self.versions[0].number))
        earlier = [each for each in self.versions if each.number < after.number]
        usual = earlier[0] if earlier else after
        before = self.version(request.GET.get("from") or str(usual.number))
        told, tells = self.content(before), self.content(after)
        names = self.kind.names(self.actor, (), (before, after))
        context = self.about(
            before=before,
            after=after,
            changes=differences(self.kind, told, tells, names),
        )
        return self.show(context)


class Perform(OneRecord):
    """Suspends, resumes, withdraws, retires: a page says first what rests on the record."""

    template = "console/records/act.html"

    def get(self, request: HttpRequest, record_id: UUID, act: str) -> HttpResponse:
        chosen = self._act(act)
        self.open(record_id)
        if chosen not in self.acts() or not chosen.asks:
            return redirect(self.address("record", record_id))
        return self.asked(chosen, ReasonForm())

    def post(self, request: HttpRequest, record_id: UUID, act: str) -> HttpResponse:
        chosen, form = self._act(act), ReasonForm(request.POST)

        def perform(given: dict[str, Any]) -> None:
            said = given if chosen.has_reason else {}
            self.command(chosen.command, record_id, **said)

        if not form.carries(perform):
            self.open(record_id)
            return self.asked(chosen, form)
        messages.success(request, chosen.told)
        return redirect(self.address("record", record_id))

    def _act(self, slug: str) -> Act:
        """Raises: NotFound."""
        found = next((act for act in self.kind.acts if act.slug == slug), None)
        if found is None:
            raise not_found("address")
        return found

    def asked(self, act: Act, form: ReasonForm) -> HttpResponse:
        rests = self.kind.rests(self.actor, self.record, in_force(self.versions))
        return self.show(self.about(act=act, form=form, **self.few(rests)), status=form.status)


def _unchecked(form: RecordForm) -> RecordForm:
    """As it was typed, without a word about what is missing: it was sent only to search."""
    form.is_valid()
    form.errors.clear()
    return form


def _reasons(kept: Iterable[dict[str, Any]]) -> tuple[Reason, ...]:
    """Findings as they were kept; those of codes that are gone stay untold."""
    known = declared_codes()
    return tuple(
        Reason(**{**each, "articles": tuple(each["articles"])}) for each in kept if each["code"] in known
    )
