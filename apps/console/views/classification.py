"""Classifying: what waits, the workbench of one version, and the second person's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.accounts.authorization import authorize, may_each
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.queries import versions_visible_to
from apps.classification import commands, queries
from apps.console.forms.classification import (
    WHOLE,
    ClassifyForm,
    LoweringForm,
    Row,
    rows_of,
    said_in,
)
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.console.reached import reached_by
from apps.kernel.contributions import impact_of
from apps.kernel.errors import StaleVersion

MOST_COLUMNS = 200
MOST_PROPOSALS = 200
MOST_LISTED = 20


class Queue(Page):
    section = "classification"
    template = "console/classification/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, queries.versions_to_classify(self.actor), "pk")
        context = {
            "page": page,
            "waiting": [(version, queries.progress_of(version)) for version in page.rows],
            "lowerings": queries.versions_to_lower(self.actor)[:MOST_LISTED],
        }
        return self.show(context)


class Workbench(Page):
    """All columns of a version in one form; what was changed in it is sent, and nothing else."""

    section = "classification"
    template = "console/classification/workbench.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        self._read(version_id)
        tick = request.GET.get("tick", "")
        for row in self.rows:
            row.typed, row.seen = said_in(row.saying), row.held
            row.is_ticked = tick == "all" or (tick == "open" and not (row.saying or {}).get("is_confirmed"))
        return self.shown(self._form())

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        self._read(version_id)
        form = self._form(request.POST)
        form.full_clean()
        form.read(self._held_once())
        items = form.items()
        done: Any = None

        def carry_out(given: dict[str, Any]) -> None:
            nonlocal done
            seen = {row.name or "*": uid_of(row.seen) for row in form.sent}
            done = commands.classify(
                actor=self.actor,
                asset_version_id=version_id,
                items=items,
                seen=seen,
                seen_impact=given["seen_impact"] or None,
            )

        if form.is_valid() and not items:
            authorize(actor=self.actor, operation=Operation.CLASSIFY, resource=self.resource)
            messages.info(request, gettext("Nothing was changed, so nothing was saved."))
            return redirect(request.get_full_path())
        if not form.carries(carry_out):
            if isinstance(form.fault, StaleVersion):
                self._read_again(version_id, form)
            return self.shown(form)
        messages.success(request, _told(done))
        return redirect(request.get_full_path())

    def shown(self, bench: ClassifyForm, *, decided: LoweringForm | None = None) -> HttpResponse:
        """`form`, told at the top where it was refused, is the one that was sent."""
        proposals = self.proposals()
        lowering = decided or LoweringForm(proposals=proposals, auto_id="lowering_%s")
        form = decided or bench
        may_classify = Operation.CLASSIFY in self.operations
        is_acting = may_classify or bool(proposals)
        impact = impact_of(commands.CLASSIFYING, self.version.asset.uid) if is_acting else None
        context = {
            "reached": reached_by(impact, self.actor) if impact else None,
            "version": self.version,
            "asset": self.version.asset,
            "progress": queries.progress_of(self.version),
            "form": form,
            "bench": bench,
            "abouts": bench.fields["about"].choices,  # type: ignore[attr-defined]
            "ladder": self.classes,
            "groups": _grouped(self.categories),
            "next": self.next,
            "given": self.request.GET,
            "may_classify": may_classify,
            "may_decide": Operation.CONFIRM_LOWERING in self.operations
            and any(each.classified_by_id != self.actor.person_key for each in proposals),
            "proposals": proposals,
            "person": self.actor.person_key,
            "lowering": lowering,
            "ticked": set(lowering["proposal_ids"].value() or ()),
        }
        return self.show(context, status=form.status)

    def proposals(self) -> list[Any]:
        return list(queries.open_proposals(self.actor).filter(version=self.version)[:MOST_PROPOSALS])

    def _read(self, version_id: UUID) -> None:
        """Raises: NotFound, NotPermitted for those who may neither classify nor decide."""
        versions = versions_visible_to(self.actor).prefetch_related(None).select_related("asset__domain")
        self.version: Any = queries.with_progress(versions).one(version_id)
        self.resource = asset_resource(self.version.asset)
        both = (Operation.CLASSIFY, Operation.CONFIRM_LOWERING)
        self.operations = may_each(actor=self.actor, operations=both, resource=self.resource)
        if not self.operations:
            authorize(actor=self.actor, operation=Operation.CLASSIFY, resource=self.resource)
        self.classes = list(queries.ladder(self.actor))
        self.categories = list(queries.categories_in_use(self.actor).prefetch_related(None))
        self.rows, self.next = self._rows()

    def _rows(self) -> tuple[list[Row], int | None]:
        if not self.version.columns_count:
            return [Row(place=WHOLE, name=None, **queries.whole_with_sayings(self.version))], None
        is_open = self.request.method == "GET" and bool(self.request.GET.get("open"))
        columns = queries.columns_with_sayings(self.version, only_open=is_open)
        after = self.request.GET.get("after", "")
        if after.isdecimal() and len(after) < 9:
            columns = columns.filter(position__gt=int(after))
        if self.request.method == "POST":
            shown = [int(text) for text in self.request.POST.getlist("shown") if text.isdecimal()]
            columns = columns.filter(position__in=shown[:MOST_COLUMNS])
        found = list(columns[: MOST_COLUMNS + 1])
        has_more = len(found) > MOST_COLUMNS
        rows = rows_of(found[:MOST_COLUMNS])
        return rows, rows[-1].place if has_more else None

    def _read_again(self, version_id: UUID, form: ClassifyForm) -> None:
        """What holds now stands beside what was typed; saving again means it."""
        self._read(version_id)
        now = {row.place: row for row in self.rows}
        for row in form.rows:
            row.saying, row.proposal = now[row.place].saying, now[row.place].proposal
            if row in form.sent and row.seen != row.held:
                row.errors.append(gettext("Somebody classified this column meanwhile; see what holds now."))
            row.seen = row.held

    def _held_once(self) -> Any:
        """Sayings that were shown and have been replaced since."""
        gone = [
            uid
            for row in self.rows
            if (seen := self.request.POST.get(f"c{row.place}-seen", "")) != row.held and (uid := uid_of(seen))
        ]
        return queries.sayings_once(self.actor, self.version, gone) if gone else {}

    def _form(self, *given: Any) -> ClassifyForm:
        return ClassifyForm(*given, rows=self.rows, classes=self.classes, categories=self.categories)


class DecideLowering(Workbench):
    """Another person than the one who proposed it lets a laxer classification take effect, or does not."""

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        return redirect("console:classify", version_id)

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        versions = versions_visible_to(self.actor).prefetch_related(None)
        self.version = versions.one(version_id)
        form = LoweringForm(request.POST, proposals=self.proposals(), auto_id="lowering_%s")
        is_rejection = request.POST.get("do") == "reject"

        def carry_out(given: dict[str, Any]) -> None:
            about = {
                "actor": self.actor,
                "asset_version_id": version_id,
                "proposal_ids": given["proposal_ids"],
            }
            if is_rejection:
                commands.reject_lowering(**about, reason=given["reason"])
            else:
                commands.confirm_lowering(**about, seen_impact=given["seen_impact"] or None)

        if form.carries(carry_out):
            said = (
                gettext("The stricter classification stays.")
                if is_rejection
                else gettext("The laxer classification holds now.")
            )
            messages.success(request, said)
            return redirect(f"{reverse('console:classify', args=[version_id])}")
        return self._refused(version_id, form)

    def _refused(self, version_id: UUID, form: LoweringForm) -> HttpResponse:
        self._read(version_id)
        for row in self.rows:
            row.typed, row.seen = said_in(row.saying), row.held
        return self.shown(self._form(), decided=form)


def _grouped(categories: list[Any]) -> list[tuple[str, list[Any]]]:
    """About nobody, about people, and what the law protects most."""
    special = [each for each in categories if each.special_kind or each.is_criminal]
    personal = [each for each in categories if each.is_personal and each not in special]
    others = [each for each in categories if not each.is_personal]
    return [
        (gettext("About nobody"), others),
        (gettext("About people"), personal),
        (gettext("Special categories and offences (GDPR Art. 9 and 10)"), special),
    ]


def _told(done: Any) -> str:
    current, proposed = len(done.current), len(done.proposed)
    said = []
    if current or not proposed:
        said.append(
            ngettext("%(number)s column was saved.", "%(number)s columns were saved.", current)
            % {"number": current}
        )
    if proposed:
        said.append(
            ngettext(
                "%(number)s lowering waits for a second person; the stricter class holds until then.",
                "%(number)s lowerings wait for a second person; the stricter classes hold until then.",
                proposed,
            )
            % {"number": proposed}
        )
    return " ".join(said)
