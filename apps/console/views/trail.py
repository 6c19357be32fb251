"""The trail: what happened and what was refused, for those who may read it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from apps.access.queries import without_concealed
from apps.accounts.queries import acted_by, trail_visible_to, with_actors
from apps.audit.queries import reasons_of
from apps.console.forms.trail import TrailForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.trail import differences, facts, pointed_at, pointers, text_of, uids_in
from apps.console.trail_words import EVENTS, FIELDS
from apps.kernel.errors import not_found

FILTERS = ("who", "what", "outcome", "about", "from", "to")


class Trail(Page):
    section = "trail"
    template = "console/trail/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        events = without_concealed(self.actor, trail_visible_to(self.actor)).prefetch_related(None)
        form = TrailForm(request.GET)
        if not form.is_valid():
            return self.show({"form": form, "is_filtered": True}, status=400)
        found = acted_by(events, form.cleaned_data["who"]).filter(**form.wanted())
        page = page_of(request, with_actors(found))
        about = form.cleaned_data["about"]
        wanted = {uid for event in page.rows for uid in (*uids_in(event.data), event.subject_uid) if uid}
        wanted |= {about} if about else set()
        known = pointers(self.actor, wanted)
        context = {
            "form": form,
            "page": page,
            "rows": [(event, text_of(event.name), pointed_at(event, known)) for event in page.rows],
            "about": known.get(about),
            "is_filtered": any(request.GET.get(name) for name in FILTERS),
        }
        return self.show(context)


class Entry(Page):
    """Everything that was recorded of one act."""

    section = "trail"
    template = "console/trail/entry.html"

    def get(self, request: HttpRequest, event_id: UUID) -> HttpResponse:
        events = without_concealed(self.actor, trail_visible_to(self.actor))
        event: Any = with_actors(events).filter(uid=event_id).first()
        if event is None:
            raise not_found("entry")
        personal = {row.field: row.value for row in event.personal.all()}
        reasons = reasons_of(event)
        data = {
            name: value for name, value in event.data.items() if name != "reasons" or event.name in EVENTS
        }
        known = pointers(self.actor, uids_in(event.data) | ({event.subject_uid} - {None}))
        context = {
            "event": event,
            "text": text_of(event.name),
            "object": known.get(event.subject_uid),
            "reasons": reasons,
            "names": {str(uid): pointer.text for uid, pointer in known.items()},
            "facts": facts(event.name, data, known),
            "differences": differences(data, known),
            "words": [(FIELDS.get(field, field), personal.get(field)) for field in sorted(event.commitments)],
            "recorded": json.dumps(
                {"data": event.data, "commitments": event.commitments}, indent=2, ensure_ascii=False
            ),
        }
        return self.show(context)
