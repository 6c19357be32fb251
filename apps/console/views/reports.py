"""Documents made from records: read here, or taken out as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from apps.compliance import commands
from apps.compliance.lifecycle.dpia import DPIAS, ActionItem, DpiaStage
from apps.compliance.lifecycle.dpia.matrix import matrix_of
from apps.compliance.lifecycle.dpia.measures import FINISHING
from apps.compliance.rendering.dpia import in_words
from apps.console.exports import download, reports_on
from apps.console.page import Page
from apps.console.templatetags.occurring import due_word
from apps.console.views.records import OneRecord, facts_of
from apps.console.wording import DUTY_STATES, Word
from apps.kernel.errors import not_found

TONES = {
    "approved": ("success", "check"),
    "approved_with_conditions": ("success", "check"),
    "not_required": ("success", "check"),
    "rejected": ("danger", "cross"),
    "prohibited": ("danger", "cross"),
    "outdated": ("warning", "alert"),
}
DECISIONS = ("decide", "not-needed")


class Document(OneRecord):
    """An impact assessment from its first question to the decision, to be read in one go."""

    template = "console/dpia/document.html"

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        if self.kind.slug != DPIAS.slug:
            raise not_found("address")
        self.open(record_id)
        version = self.version(request.GET.get("version"))
        content = self.content(version)
        names = self.kind.names(self.actor, (), [version])
        steps = self.kind.steps(self.record)
        taken = {step.step: step for step in steps}
        context = self.about(
            version=version,
            groups=facts_of(self.kind, content, names),
            risks=content.risks,
            pictures=[
                self._picture(content, "before", gettext("Without the measures"), is_residual=False),
                self._picture(content, "after", gettext("With the measures"), is_residual=True),
            ],
            measures=[_measure(action, steps) for action in content.actions],
            may_finish=any(act.slug == FINISHING for act in self.acts()),
            opinion=taken.get("advise"),
            decision=next((step for step in reversed(steps) if step.step in DECISIONS), None),
            steps=steps,
            stage=stage_word(self.record.stage),
            reports=reports_on(self.actor, self.record),
        )
        return self.show(context)

    def _picture(self, content: Any, id: str, title: str, *, is_residual: bool) -> dict[str, Any]:
        matrix = matrix_of(content.risks, is_residual=is_residual)
        return {"id": f"matrix-{id}", "title": title, "matrix": matrix, "told": in_words(matrix)}


def _measure(action: ActionItem, steps: Iterable[Any]) -> dict[str, Any]:
    """With what shows that it is done, and how it stands."""
    shown = (step for step in steps if step.step == FINISHING and step.said["measure"] == action.what)
    done = next(shown, None)
    word = DUTY_STATES["done"] if done else due_word(action.due_on)
    return {"action": action, "done": done.said if done else None, "word": word}


def stage_word(stage: str) -> Word:
    tone, icon = TONES.get(stage, ("info", "clock"))
    return Word(text=DpiaStage(stage or DpiaStage.SCREENING).label, tone=tone, icon=icon)


class Export(OneRecord):
    """A report as a file; that it was made stands in the trail."""

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        report = commands.export_report(
            actor=self.actor, legal_record_id=record_id, report=request.POST.get("report", "")
        )
        return download(report.content, name=report.name, media_type=report.media_type)

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return redirect(self.address("record", record_id))


class ExportListing(Page):
    """A list over the organization as a file."""

    section = "regulator"

    def post(self, request: HttpRequest) -> HttpResponse:
        report = commands.export_listing(
            actor=self.actor,
            organization_id=request.user.organization.uid,  # type: ignore[union-attr]
            report=request.POST.get("report", ""),
        )
        return download(report.content, name=report.name, media_type=report.media_type)

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("console:regulator")
