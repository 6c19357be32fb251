"""The roster of a labeling policy: who labels, entering somebody, changing what holds of them, ending it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext

from apps.accounts.queries import directory
from apps.classification.queries import ladder
from apps.compliance.queries import records_to_choose
from apps.console import wording
from apps.console.forms.people import cleared_text
from apps.console.forms.roster import AnnotatorForm, ChangeAnnotatorForm, LiftForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.labeling import commands
from apps.labeling.queries import annotators_visible_to, demand_keeping, labeling_policy, may_keep_roster


@dataclass(frozen=True, kw_only=True)
class Told:
    """A row of the roster, with its words."""

    row: Any
    role: Any
    cleared: str


def told(rows: Iterable[Any], classes: Iterable[Any]) -> list[Told]:
    steps = {step.rank: step.label for step in classes}
    return [
        Told(
            row=row,
            role=wording.ANNOTATOR_ROLES[row.role],
            cleared=cleared_text(steps, row.cleared_rank),
        )
        for row in rows
    ]


class RosterPage(Page):
    section = "register"

    @cached_property
    def classes(self) -> list[Any]:
        return list(ladder(self.actor))

    def choices(self) -> dict[str, Any]:
        return {
            "classes": self.classes,
            "parties": list(records_to_choose(self.actor, "parties")),
        }


class Roster(RosterPage):
    template = "console/roster/roster.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return self.shown(record_id, self.form())

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        form = self.form(request.POST)

        def enter(given: dict[str, Any]) -> str:
            draft = form.draft(given)
            commands.enter_annotator(actor=self.actor, legal_record_id=record_id, draft=draft)
            return reverse("console:roster", args=[record_id])

        if not form.makes(self.actor, enter):
            return self.shown(record_id, form)
        messages.success(request, gettext("They may label under this policy now."))
        return redirect(form.address)

    def form(self, *given: Any) -> AnnotatorForm:
        def find(name: str) -> Any:
            return directory.person_named(self.actor, name)

        return AnnotatorForm(*given, find=find, **self.choices())

    def shown(self, record_id: UUID, form: AnnotatorForm) -> HttpResponse:
        policy = labeling_policy(self.actor, record_id)
        page = page_of(self.request, annotators_visible_to(self.actor).filter(policy=policy))
        may_keep = may_keep_roster(self.actor, policy)
        context = {
            "policy": policy,
            "page": page,
            "rows": told(page.rows, self.classes),
            "may_keep": may_keep,
            "names": directory.names_of_accounts(self.actor) if may_keep else [],
            "form": form,
        }
        return self.show(context, status=form.status)


class ChangeAnnotator(RosterPage):
    template = "console/roster/change.html"

    def get(self, request: HttpRequest, annotator_id: UUID) -> HttpResponse:
        row = self.row(annotator_id)
        return self.shown(row, self.form(initial=ChangeAnnotatorForm.initial_of(row)))

    def post(self, request: HttpRequest, annotator_id: UUID) -> HttpResponse:
        row = self.row(annotator_id)
        form = self.form(request.POST, initial={"cleared_rank": row.cleared_rank})

        def change(given: dict[str, Any]) -> str:
            draft = form.draft(given, row.code)
            commands.change_annotator(actor=self.actor, annotator_id=annotator_id, draft=draft)
            return reverse("console:roster", args=[row.policy.uid])

        if not form.makes(self.actor, change):
            return self.shown(row, form)
        messages.success(request, gettext("It holds from now on. What held until now stays on the roster."))
        return redirect(form.address)

    def form(self, *given: Any, **options: Any) -> ChangeAnnotatorForm:
        return ChangeAnnotatorForm(*given, **self.choices(), **options)

    def row(self, annotator_id: UUID) -> Any:
        """Raises: NotFound, NotPermitted."""
        row = annotators_visible_to(self.actor).one(annotator_id)
        demand_keeping(self.actor, row.policy)
        return row

    def shown(self, row: Any, form: ChangeAnnotatorForm, lift: LiftForm | None = None) -> HttpResponse:
        context = {"row": row, "policy": row.policy, "form": form, "lift": lift or LiftForm()}
        return self.show(context, status=(lift or form).status)


class LiftPause(ChangeAnnotator):
    def post(self, request: HttpRequest, annotator_id: UUID) -> HttpResponse:
        row, form = self.row(annotator_id), LiftForm(request.POST)
        if form.carries(
            lambda given: commands.lift_pause(actor=self.actor, annotator_id=annotator_id, **given)
        ):
            messages.success(request, gettext("The pause is lifted: they may label again."))
            return redirect("console:roster", row.policy.uid)
        return self.shown(row, self.form(initial=ChangeAnnotatorForm.initial_of(row)), form)


class EndAnnotator(RosterPage):
    def post(self, request: HttpRequest, annotator_id: UUID) -> HttpResponse:
        row = commands.end_annotator(actor=self.actor, annotator_id=annotator_id)
        messages.success(request, gettext("They label no more under this policy."))
        return redirect("console:roster", row.policy.uid)
