"""Reads about requests: which there are, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from apps.access.models import Decision, Request, Revision, RevisionItem, Stage
from apps.catalog.models import Asset
from apps.kernel.actor import Actor

RELATED = (
    "organization",
    "requester",
    "extends",
    *(f"revision__{name}" for name in ("purpose", "person", "service_account", "project", "edited_by")),
)


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    return Request.objects.visible_to(actor).select_related(*RELATED)


def look_up_assets(requests: Sequence[Request]) -> None:
    """What each asks for, with the assets, is at hand afterwards. One query."""
    items = RevisionItem.objects.select_related("asset")
    prefetch_related_objects(requests, Prefetch("revision__items", queryset=items))


def content_of(request: Request) -> dict[str, Any]:
    """What the current revision asks for, as the fields of a draft."""
    revision = Revision.objects.select_related(
        "purpose", "service_account", "project", "request__organization"
    ).get(pk=request.revision_key)
    zone = ZoneInfo(revision.request.organization.time_zone)
    begins_later = revision.starts_at > (revision.frozen_at or revision.created_at)
    return {
        "items": [
            {"asset_id": item.asset.uid, "version_id": item.version.uid, "columns": item.columns}
            for item in revision.asked
        ],
        "purpose_id": revision.purpose.uid,
        "actions": revision.actions,
        "ends_on": (revision.ends_at.astimezone(zone) - timedelta(microseconds=1)).date(),
        "starts_on": revision.starts_at.astimezone(zone).date() if begins_later else None,
        "service_account_id": revision.service_account.uid if revision.service_account else None,
        "project_id": revision.project.uid if revision.project else None,
        "place_of_processing": revision.place_of_processing,
        "ticket": revision.ticket,
        "labeling_part": revision.labeling_part,
        "justification": revision.justification,
        "mode": revision.mode,
    }


def current_decision(revision: Revision) -> Decision:
    """The newest evaluation of the revision; the only one verdicts may name."""
    return revision.decisions.latest("pk")


def open_stage(decision: Decision) -> Stage | None:
    return decision.stages.filter(closed_at__isnull=True).order_by("position").first()


def assets_of(revision: Revision) -> list[Asset]:
    return [item.asset for item in revision.asked]
