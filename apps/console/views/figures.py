"""Access in pictures, and what an asset was made from; the tables beside them say the same in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.access import queries
from apps.catalog.queries import assets_visible_to, lineage_of, versions_visible_to
from apps.classification.queries import ladder
from apps.console import wording
from apps.console.page import Page
from apps.console.pictures import bars_of, graph_of

WEEKS = 8
LOOKED_BACK = timedelta(days=90)


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
    section = "catalog"
    template = "console/lineage.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        versions = versions_visible_to(self.actor).prefetch_related(None).filter(asset=asset.pk)
        version = versions.order_by("-number").first()
        lineage = lineage_of(self.actor, version) if version else None
        graph = graph_of(lineage) if lineage and lineage.edges else None
        return self.show({"asset": asset, "version": version, "lineage": lineage, "graph": graph})
