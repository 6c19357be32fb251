"""Records of compliance, whatever their kind: lists, the record with its versions, drafts, reviews, acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.compliance.queries import (
    RESTED_ON,
    Outlook,
    kind_of_record,
    made_with,
    may_export,
    may_write_records,
    register_of,
)
from apps.console.clocks import clock_of
from apps.console.exports import reports_on
from apps.console.forms.record import (
    ActForm,
    Line,
    Names,
    RecordForm,
    Section,
)
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.reached import reached_by
from apps.console.records import DECLARED, LONGEST_SEARCH, Act, RecordKind, Rests, in_force
from apps.kernel.errors import not_found
from apps.policy.reason import Reason, declared_codes

FIRST_FEW = 5
DPIA = "impact-assessments"
AI_SYSTEM = "ai-systems"


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
    measured: Any = None


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
        if form.value_of(before, name) != form.value_of(after, name)
    ]


class RecordPage(Page):
    """A page about one kind of record; the kind comes with the address."""

    kind: RecordKind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kind = kwargs.pop("kind")
        self.section = self.kind.section or self.kind.slug  # type: ignore[misc]
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
            wanted = {name: typed.getlist(name) for name in self.kind.form.picked}
            wanted |= {f"{name}_q": typed.get(f"{name}_q", "") for name in self.kind.form.picked}
        choices = self.kind.choices(self.actor, content, wanted)
        return self.kind.form(*given, **choices, **options)

    def command(self, command: Any, record_id: UUID, **given: Any) -> Any:
        return command(actor=self.actor, **{self.kind.id_name: record_id}, **given)


class Register(Page):
    """Every declared kind of record, with how it stands."""

    section = "register"
    template = "console/records/register.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        tallies = [(DECLARED[tally.kind.slug], tally) for tally in register_of(self.actor)]
        context = {
            "tallies": tallies,
            "may_export": may_export(self.actor),
            "may_write": may_write_records(self.actor),
        }
        return self.show(context)


class AnyRecord(Page):
    """The way to a record of which only the id is known, not the kind."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return redirect("console:record", kind_of_record(self.actor, record_id), record_id)


class Records(RecordPage):
    template = "console/records/list.html"
    parts = frozenset({"found"})

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, self._found(request), "ref")
        context = {
            "page": page,
            "rows": [self._row(record) for record in page.rows],
            "given": request.GET,
            "is_filtered": any(
                request.GET.get(name) for name in ("q", "state", "clearance", "as_of", "mine")
            ),
            "as_of": _day(request.GET.get("as_of", "")),
            "may_write": may_write_records(self.actor),
            "today": timezone.localdate(),
        }
        return self.show(context)

    def _found(self, request: HttpRequest) -> Any:
        given = request.GET
        rows = self.kind.rows(self.actor, as_of=_day(given.get("as_of", "")))
        if words := given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]:
            rows = rows.filter(name__icontains=words) | rows.filter(ref__iexact=words)
        if given.get("state") in self.kind.states:
            rows = rows.filter(state=given["state"])
        if given.get("clearance") in self.kind.clearances:
            rows = rows.filter(clearance=given["clearance"])
        if given.get("mine"):
            rows = rows.filter(pk__in=self.kind.to_review(self.actor).values(self.kind.identity))
        return rows

    def _row(self, record: Any) -> Row:
        versions = tuple(record.seen_versions)
        counting, newest = in_force(versions), versions[0]
        is_open = newest is not counting and newest.record_status in {"draft", "in_review"}
        return Row(
            record=record,
            version=counting,
            open=newest if is_open else None,
            measured=self.kind.measure(counting),
        )


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
        return [
            act
            for act in self.kind.acts
            if (act.is_theirs(self.actor, self.record) if act.is_theirs else self.outlook.may_decide)
            and act.is_possible(self.record, self.outlook)
        ]

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
        period = self.kind.period(self.record, self.versions)
        due = period.due
        context = self.about(
            version=version,
            content=content,
            is_in_force=version is self.outlook.approved,
            measured=self.kind.measure(version),
            groups=facts_of(self.kind, content, names),
            why_blocked=_reasons(getattr(version, "clearance_reasons", ())),
            acts=self.acts(),
            steps=self.kind.steps(self.record),
            stage=self.kind.stage(self.record),
            due=due,
            stopped=period.stopped,
            clock=clock_of(due, at=timezone.now()) if isinstance(due, datetime) else None,
            has_document=self.kind.slug == DPIA,
            may_tell=self.kind.slug in RESTED_ON and may_write_records(self.actor),
            reports=reports_on(self.actor, self.record),
            made=made_with(self.actor, content) if self.kind.slug == AI_SYSTEM else (),
            today=timezone.localdate(),
            **self.few(self.kind.rests(self.actor, self.record, version)),
        )
        return self.show({**context, **more}, status=status)


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
        named = {
            name: request.GET[name] for name in request.GET if name in (chosen.form or ActForm).base_fields
        }
        return self.asked(chosen, (chosen.form or ActForm)(initial=named))

    def post(self, request: HttpRequest, record_id: UUID, act: str) -> HttpResponse:
        chosen = self._act(act)
        form: Any = (chosen.form or ActForm)(request.POST)

        def perform(given: dict[str, Any]) -> None:
            said: dict[str, Any] = {"reason": given["reason"]} if chosen.has_reason else {}
            if chosen.form:
                said["said"] = form.said()
            if chosen.impact and given["seen_impact"]:
                said["seen_impact"] = given["seen_impact"]
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

    def asked(self, act: Act, form: Any) -> HttpResponse:
        """With what it would reach now: the next sending is about that."""
        rests = (act.rests or self.kind.rests)(self.actor, self.record, in_force(self.versions))
        reached = None
        if act.impact:
            impact = act.impact(actor=self.actor, **{self.kind.id_name: self.record.uid})
            reached = reached_by(impact, self.actor)
        context = self.about(act=act, form=form, reached=reached, **self.few(rests))
        return self.show(context, status=form.status)


def _day(typed: str) -> date | None:
    """A day typed into an address; what is none narrows nothing."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _reasons(kept: Iterable[dict[str, Any]]) -> tuple[Reason, ...]:
    """Findings as they were kept; those of codes that are gone stay untold."""
    known = declared_codes()
    return tuple(
        Reason(**{**each, "articles": tuple(each["articles"])}) for each in kept if each["code"] in known
    )
