"""Label sets: all that one may see, and the report on each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import legal_records_visible_to
from apps.console.label_pictures import confusions_of, drawings_of
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.labeling.checks.terms import Verdict
from apps.labeling.facts import terms_of
from apps.labeling.queries import label_sets_in_brief, label_sets_visible_to
from apps.labeling.rendering.report import report_on

MOST_OTHERS = 10


class LabelSets(Page):
    """The newest first; of one asset where the address names it."""

    section = "label-sets"
    template = "console/labels/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows: Any = label_sets_in_brief(self.actor)
        asset = None
        verdict = request.GET.get("verdict", "")
        if verdict in {each.value for each in Verdict}:
            rows = rows.filter(current_verdict=verdict)
        if about := request.GET.get("asset"):
            uid = uid_of(about)
            asset = assets_visible_to(self.actor).filter(uid=uid).first() if uid else None
            rows = rows.filter(version__asset=asset) if asset else rows.none()
        context = {
            "page": page_of(request, rows, "-pk"),
            "asset": asset,
            "verdicts": [each.value for each in Verdict],
            "given": request.GET,
        }
        return self.show(context)


class LabelSet(Page):
    """Whether they are good enough, and why, before all figures."""

    section = "label-sets"
    template = "console/labels/report.html"

    def get(self, request: HttpRequest, label_set_id: UUID) -> HttpResponse:
        found: Any = label_sets_visible_to(self.actor).one(label_set_id)
        report, terms = report_on(found), terms_of(found.policy.said)
        others = label_sets_in_brief(self.actor).filter(version__asset=found.version.asset_id)
        context = {
            "label_set": found,
            "asset": found.version.asset,
            "report": report,
            "drawings": drawings_of(report, terms),
            "confusions": confusions_of(report),
            "others": others.exclude(pk=found.pk)[:MOST_OTHERS],
            "sees_policy": legal_records_visible_to(self.actor)
            .filter(pk=found.policy.legal_record_id)
            .exists(),
        }
        return self.show(context)
