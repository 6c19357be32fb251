"""What is told of prepared views: to the second person, and to who asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.accounts.roles import ObjectPermission
from apps.audit.models import AuditEvent
from apps.catalog.queries import people_holding
from apps.notifications.notices.people import accounts_of
from apps.notifications.notices.registry import Telling, subject_of, tells
from apps.preparing.models import PreparedView

CAME_OF_IT = {
    "preparing.view.ready": "view_ready",
    "preparing.view.failed": "view_failed",
    "preparing.view.rejected": "view_rejected",
}


@tells("preparing.view.proposed")
def view_proposed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Those who own the data, where another person has to look at the recipe."""
    view = _view(event)
    if view.needs_second_person:
        owners = people_holding(ObjectPermission.OWN, view.source.asset) - {view.asked_by_id}
        yield _about(view, "view_proposed", owners)


@tells("preparing.view.ready", "preparing.view.failed", "preparing.view.rejected")
def view_came_to(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    view = _view(event)
    yield _about(view, CAME_OF_IT[event.name], frozenset({view.asked_by_id}))


def _view(event: AuditEvent) -> PreparedView:
    return PreparedView.objects.select_related("source__asset").get(uid=subject_of(event))


def _about(view: PreparedView, code: str, people: frozenset[int]) -> Telling:
    asset = view.source.asset.uid
    return Telling(
        code=code, to=accounts_of(people), about=view.uid, assets=(asset,), facts={"view": view.name}
    )
