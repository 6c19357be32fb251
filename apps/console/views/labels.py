"""Label sets: all that one may see, and the report on each."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from apps.accounts.operations import Operation
from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import legal_records_visible_to
from apps.console.exports import download
from apps.console.label_pictures import confusions_of, drawings_of
from apps.console.page import Page, uid_of
from apps.console.paging import AFTER, page_of
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import export_label_report, review_label_set
from apps.labeling.facts import terms_of
from apps.labeling.queries import (
    label_imports_visible_to,
    label_sets_in_brief,
    label_sets_visible_to,
    pauses_shown,
    reviews_visible_to,
)
from apps.labeling.rendering.changes import changes_between
from apps.labeling.rendering.comparison import compared
from apps.labeling.rendering.croissant import croissant
from apps.labeling.rendering.measurements import changed_since, measurements_of
from apps.labeling.rendering.readers import reader_of
from apps.labeling.rendering.report import report_on
from apps.labeling.rendering.sheets import sheet_of

MOST_OTHERS = 10
BRINGS, EXPORTS = Operation.BRING_LABELS, Operation.EXPORT_LABEL_REPORT
FIRST = "first"


class LabelSets(Page):
    """The newest first; of one asset, or under one policy, where the address names it."""

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
        if policy := request.GET.get("policy", "").replace("\0", ""):
            rows = rows.filter(policy__legal_record__ref__iexact=policy)
        context = {
            "page": page_of(request, rows, "-pk"),
            "asset": asset,
            "policy": policy,
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
        shown, measurements = self.measured(found), measurements_of(found)
        held = reader_of(self.actor, found.version.asset)
        report = report_on(found, shown)
        report = report if held else report.without_people
        others = label_sets_in_brief(self.actor).filter(version__asset=found.version.asset_id)
        context = {
            "label_set": found,
            "asset": found.version.asset,
            "report": report,
            "drawings": drawings_of(report, terms_of(report.policy.said)),
            "measurements": measurements,
            "is_earlier": report.measured_at != measurements[0].at,
            "changed": changed_since(found),
            "paused": pauses_shown(self.actor, found),
            "confusions": confusions_of(report),
            "others": others.exclude(pk=found.pk)[:MOST_OTHERS],
            "brought_with": label_imports_visible_to(self.actor).filter(label_set=found).first()
            if found.left_out
            else None,
            "may_export": EXPORTS in held,
            "may_bring": report.verdict != Verdict.RELEASE and BRINGS in held,
            "may_measure": BRINGS in held,
            "sees_policy": legal_records_visible_to(self.actor)
            .filter(pk=found.policy.legal_record_id)
            .exists(),
        }
        return self.show(context)

    def measured(self, label_set: Any) -> Any:
        """The measurement that the address names: the first, or a review. None: the newest."""
        named = self.request.GET.get("measured", "")
        if named == FIRST:
            return label_set
        uid = uid_of(named) if named else None
        return uid and reviews_visible_to(self.actor).filter(label_set=label_set).one(uid)


class Review(Page):
    """Measuring a set anew, by what its policy and records say now."""

    section = "label-sets"

    def post(self, request: HttpRequest, label_set_id: UUID) -> HttpResponse:
        review_label_set(actor=self.actor, label_set_id=label_set_id)
        messages.success(request, gettext("It was measured anew. What was measured before stays."))
        return redirect("console:label-set", label_set_id)

    def get(self, request: HttpRequest, label_set_id: UUID) -> HttpResponse:
        return redirect("console:label-set", label_set_id)


class Against(Page):
    """Two sets of one dataset beside each other, and what is answered otherwise."""

    section = "label-sets"
    template = "console/labels/against.html"

    def get(self, request: HttpRequest, label_set_id: UUID, other_id: UUID) -> HttpResponse:
        first: Any = label_sets_visible_to(self.actor).one(label_set_id)
        same = label_sets_visible_to(self.actor).filter(version__asset=first.version.asset_id)
        second: Any = same.one(other_id)
        held = reader_of(self.actor, first.version.asset)
        told = report_on(first), report_on(second)
        reports = told if held else tuple(each.without_people for each in told)
        after = request.GET.get(AFTER, "").replace("\0", "")
        context = {
            "asset": first.version.asset,
            "first": reports[0],
            "second": reports[1],
            "comparison": compared(*reports),
            "changes": changes_between(first, second, after=after, are_listed=bool(held)),
            "after": after,
        }
        return self.show(context)


class Export(Page):
    """The report as a file; that it was made stands in the trail."""

    section = "label-sets"

    def post(self, request: HttpRequest, label_set_id: UUID) -> HttpResponse:
        report = export_label_report(actor=self.actor, label_set_id=label_set_id)
        return download(report.content, name=report.name, media_type=report.media_type)

    def get(self, request: HttpRequest, label_set_id: UUID) -> HttpResponse:
        return redirect("console:label-set", label_set_id)


class Croissant(Page):
    """What a version of a dataset is, for programs."""

    section = "catalog"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        told = croissant(sheet_of(self.actor, version_id))
        content = json.dumps(told, indent=2, ensure_ascii=False).encode()
        return download(content, name=f"croissant-{version_id}.json", media_type="application/ld+json")
