"""How a request or a grant stands now, in words that a room full of people may read."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.access.models import Grant, Request
from apps.access.queries import current_decision, open_stage
from apps.notifications.notices.ends import end_told

CHAT = ("access.request.", "access.grant.")
"""Of these, rooms of people may be told."""
PLACES = (
    ("accounts.account.", "service-account"),
    ("access.request.", "request"),
    ("access.grant.", "grant"),
    ("catalog.", "asset"),
    ("compliance.purpose.", "purposes"),
    ("compliance.activity.", "processing-activities"),
    ("compliance.record.", "any-record"),
    ("credentials.lease.overdue", "overdue-revocations"),
    ("credentials.", "grants"),
    ("lakes.", "lake"),
    ("notifications.", "webhook"),
)
WITHOUT_ID = frozenset({"grants", "home", "overdue-revocations", "processing-activities", "purposes"})

REQUEST_STATES = {
    "in_review": _("waits for an answer"),
    "returned": _("came back for changes"),
    "approved": _("approved"),
    "rejected": _("rejected"),
    "withdrawn": _("withdrawn"),
}
GRANT_STATES = {
    "scheduled": _("begins later"),
    "active": _("active"),
    "expired": _("ended"),
    "revoked": _("revoked"),
    "given_back": _("given back"),
}


def may_be_chatted(event_name: str) -> bool:
    return event_name.startswith(CHAT)


def link_to(event_name: str, about: UUID | None) -> str:
    place = next((page for start, page in PLACES if event_name.startswith(start)), "home")
    needs_id = place not in WITHOUT_ID
    if needs_id and about is None:
        place, needs_id = "home", False
    return f"{settings.PUBLIC_URL}{reverse(f'console:{place}', args=[about] if needs_id else [])}"


def standing(event_name: str, about: UUID | None) -> tuple[str, str]:
    """What it is and how it stands, as of now, whatever has happened since the event."""
    if about and event_name.startswith("access.request."):
        return _of_request(about)
    if about and event_name.startswith("access.grant."):
        return _of_grant(about)
    return gettext("A test of this webhook"), gettext("If you can read this, it works.")


def _of_request(uid: UUID) -> tuple[str, str]:
    request = Request.objects.select_related("organization", "revision").get(uid=uid)
    state = _worded(REQUEST_STATES, request.state)
    stage = open_stage(current_decision(request.revision)) if request.revision else None
    if request.state == "in_review" and stage and request.due_at:
        zone = ZoneInfo(request.organization.time_zone)
        due = f"{end_told(request.due_at, zone)} {request.due_at.astimezone(zone):%Z}"
        state = gettext("%(state)s by %(due)s") % {"state": state, "due": due}
    return gettext("Request %(ref)s") % {"ref": request.ref}, state


def _of_grant(uid: UUID) -> tuple[str, str]:
    grant = Grant.objects.select_related("revision__request").get(uid=uid)
    title = gettext("Access by request %(ref)s") % {"ref": grant.revision.request.ref}
    return title, _worded(GRANT_STATES, grant.state)


def _worded(texts: Mapping[str, object], state: str) -> str:
    return str(texts.get(state, state.replace("_", " ")))
