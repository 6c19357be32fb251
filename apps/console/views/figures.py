"""Access in pictures, and what an asset was made from; the tables beside them say the same in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.access import queries
from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.catalog.commands import InputDraft, add_inputs
from apps.catalog.facts import asset_resource
from apps.catalog.queries import assets_visible_to, lineage_of, versions_named, versions_visible_to
from apps.classification.queries import ladder
from apps.compliance.queries import effective_nature
from apps.console import wording
from apps.console.forms.assets import InputForm
from apps.console.page import Page
from apps.console.pictures import bars_of, graph_of
from apps.kernel.errors import invalid
from apps.policy.reason import declare

WEEKS = 8
LOOKED_BACK = timedelta(days=90)
INPUT_UNKNOWN = declare(
    "INPUT_UNKNOWN",
    "There is no such version that you may see, or several bear the name.",
    "Write the name of the asset as the catalog shows it, and the number of the version: Well logs, v2.",
)


class Overview(Page):
    section = "overview"
    template = "console/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now, user = timezone.now(), request.user
        zone = ZoneInfo(user.organization.time_zone)  # type: ignore[union-attr]
        words: dict[int | None, wording.Word] = {
            step.rank: wording.class_word(step) for step in ladder(self.actor)
        }
        classes = queries.access_by_class(self.actor, at=now)
        ending = queries.grants_ending(self.actor, at=now, weeks=WEEKS, zone=zone)
        taken = queries.turnaround(self.actor, since=now - LOOKED_BACK)
        named = [(words.get(row.rank) or wording.class_word(None), row) for row in classes]
        steps = list(zip(wording.TURNAROUND, taken.within, strict=True))
        context = {
            "classes": named,
            "class_bars": bars_of((word.text, row.grants, word.tone) for word, row in named),
            "ending": ending,
            "ending_bars": bars_of((self._week(row.week), row.grants, "info") for row in ending),
            "taken": taken,
            "steps": steps,
            "taken_bars": bars_of((text, count, "success") for text, count in steps),
            "weeks": WEEKS,
            "days": LOOKED_BACK.days,
        }
        return self.show(context)

    def _week(self, monday: Any) -> str:
        return gettext("Week of %(day)s") % {"day": date_format(monday, "j M")}


class Lineage(Page):
    """What the latest version was made from, what it is at least because of it; and a further input."""

    section = "catalog"
    template = "console/lineage.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        return self._shown(asset_id, InputForm())

    def post(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        form = InputForm(request.POST)
        version = self._latest(assets_visible_to(self.actor).one(asset_id))

        def add(given: dict[str, Any]) -> None:
            found = versions_named(self.actor, [given["input"]])[given["input"]] if version else []
            if len(found) != 1:
                raise invalid("input", INPUT_UNKNOWN)
            draft = InputDraft(version_id=found[0].uid, role=given["role"])
            add_inputs(actor=self.actor, asset_version_id=version.uid, inputs=[draft])

        if not form.carries(add):
            return self._shown(asset_id, form)
        messages.success(request, gettext("The input is named."))
        return redirect("console:lineage", asset_id)

    def _latest(self, asset: Any) -> Any:
        versions = versions_visible_to(self.actor).prefetch_related(None).filter(asset=asset.pk)
        return versions.order_by("-number").first()

    def _shown(self, asset_id: UUID, form: InputForm) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        version = self._latest(asset)
        lineage = lineage_of(self.actor, version) if version else None
        is_made = lineage is not None and any(edge.output == version for edge in lineage.edges)
        context = {
            "asset": asset,
            "version": version,
            "lineage": lineage,
            "graph": graph_of(lineage) if lineage and lineage.edges else None,
            "effective": effective_nature(self.actor, version) if is_made else None,
            "form": form,
            "may_edit": version is not None
            and may(actor=self.actor, operation=Operation.EDIT_ASSET, resource=asset_resource(asset)),
        }
        return self.show(context, status=form.status)
