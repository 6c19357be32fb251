"""Where one begins: what needs me, what I have, what ends soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access import queries
from apps.access.lifecycle import LIVE_GRANT, OPEN_REQUEST
from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.catalog.queries import AssetState, assets_visible_to, versions_visible_to
from apps.classification.queries import effective_classes
from apps.console.page import Page
from apps.console.records import records_to_review

ROWS = 5
SOON = timedelta(days=14)
LOOKED_AT = 50
ASSETS_ASKED_FOR = "revision__items__asset"


class Home(Page):
    section = "home"
    template = "console/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = list(queries.inbox_of(self.actor).order_by("submitted_at")[:ROWS])
        mine = queries.requests_visible_to(self.actor).filter(requester=self.actor.person_key)
        asked = list(mine.filter(state__in=OPEN_REQUEST).order_by("-pk")[:ROWS])
        prefetch_related_objects([*waiting, *asked], ASSETS_ASKED_FOR)
        held = queries.grants_visible_to(self.actor).filter(person=self.actor.person_key)
        grants = list(held.filter(state__in=LIVE_GRANT).order_by("not_after")[: ROWS + 1])
        soon = timezone.now() + SOON
        context: dict[str, Any] = {
            "waiting": waiting,
            "asked": asked,
            "grants": grants[:ROWS],
            "has_more_grants": len(grants) > ROWS,
            "soon": soon,
            "ending": [grant for grant in grants if grant.not_after < soon],
            "is_steward": any(held.role is Role.STEWARD for held in standing_of(self.actor).roles),
        }
        if any(held.role is Role.COMPLIANCE_OFFICER for held in standing_of(self.actor).roles):
            context["records"] = records_to_review(self.actor, ROWS)
        if context["is_steward"]:
            context |= self._to_keep_right()
        return self.show(context)

    def _to_keep_right(self) -> dict[str, Any]:
        """A steward's drafts, and what is not classified among the versions registered last."""
        drafts = assets_visible_to(self.actor).filter(state=AssetState.DRAFT).order_by("-pk")
        versions = versions_visible_to(self.actor).prefetch_related(None).order_by("-pk")[:LOOKED_AT]
        classes = effective_classes(versions)
        unclassified = [version for version in versions if not classes[version.pk].is_complete]
        return {"drafts": list(drafts[:ROWS]), "unclassified": unclassified[:ROWS], "looked_at": LOOKED_AT}
