"""The trail: what happened and what was refused, for those who may read it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from apps.access import commands
from apps.access.queries import TrailFormat, trail_wanted, without_concealed
from apps.accounts.queries import trail_visible_to, with_actors
from apps.audit.queries import reasons_of
from apps.console.exports import sent
from apps.console.forms.trail import TakeTrailForm, TrailForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.pointers import pointed_at, pointers, uids_in
from apps.console.trail import differences, facts, text_of, words_of_names
from apps.console.trail_words import EVENTS, FIELDS
from apps.kernel.errors import not_found

FILTERS = ("who", "what", "outcome", "about", "from", "to")


class Trail(Page):
    section = "trail"
    template = "console/trail/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._listed(request, TrailForm(request.GET), TakeTrailForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Gives out what the page shows, and what stands on the pages behind it."""
        form, taking, made = TrailForm(request.GET), TakeTrailForm(request.POST), None

        def take(given: dict[str, Any]) -> None:
            nonlocal made
            made = commands.export_trail(
                actor=self.actor,
                format=TrailFormat(given["format"]),
                wanted=form.wanted(),
                words=words_of_names(),
            )

        if not form.is_valid() or not taking.carries(take) or made is None:
            return self._listed(request, form, taking)
        return sent(made)

    def _listed(self, request: HttpRequest, form: TrailForm, taking: TakeTrailForm) -> HttpResponseBase:
        trail_visible_to(self.actor)  # whoever may not read it is told that first
        if not form.is_valid():
            return self.show({"form": form, "taking": taking, "is_filtered": True}, status=400)
        page = page_of(request, with_actors(trail_wanted(self.actor, form.wanted()).prefetch_related(None)))
        about = form.cleaned_data["about"]
        wanted = {uid for event in page.rows for uid in (*uids_in(event.data), event.subject_uid) if uid}
        wanted |= {about} if about else set()
        known = pointers(self.actor, wanted)
        context = {
            "form": form,
            "taking": taking,
            "page": page,
            "rows": [(event, text_of(event.name), pointed_at(event, known)) for event in page.rows],
            "about": known.get(about),
            "is_filtered": any(request.GET.get(name) for name in FILTERS),
        }
        return self.show(context, status=taking.status)


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
