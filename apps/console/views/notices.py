"""What the reader is told, and how they hear of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from apps.accounts.queries import people_visible_to
from apps.console.forms.notices import LANGUAGE, MailForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.notifications import commands, queries
from apps.notifications.queries import MailMode, NoticeKind


class Notices(Page):
    section = "notices"
    template = "console/notices/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        account: Any = request.user
        page = page_of(request, queries.notices_visible_to(self.actor))
        rows = queries.shown(self.actor, page.rows, zone=account.organization.time_zone)
        return self.show({"page": page, "rows": rows, "has_unread": any(row.is_unread for row in rows)})


class ReadNotice(Page):
    section = "notices"

    def post(self, request: HttpRequest, notice_id: UUID) -> HttpResponse:
        commands.note_read(self.actor, notice_id, at=timezone.now())
        return redirect("console:notices")


class ReadAll(Page):
    section = "notices"

    def post(self, request: HttpRequest) -> HttpResponse:
        commands.note_all_read(self.actor, at=timezone.now())
        messages.success(request, gettext("All notices are marked as read."))
        return redirect("console:notices")


class NotificationSettings(Page):
    section = "settings"
    template = "console/notices/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(MailForm(preferences=queries.preferences_of(self.actor)))

    def post(self, request: HttpRequest) -> HttpResponse:
        held = queries.preferences_of(self.actor)
        form = MailForm(request.POST, preferences=held)
        if not form.carries(lambda given: self._choose(given, held)):
            return self._shown(form)
        messages.success(request, gettext("Your choice is kept."))
        return redirect("console:notification-settings")

    def _choose(self, given: dict[str, Any], held: list[queries.Preference]) -> None:
        now = {preference.kind.value: preference.mode.value for preference in held}
        person = people_visible_to(self.actor).get(pk=self.actor.person_key)
        language = given.pop(LANGUAGE)
        if language != held[0].language:
            commands.choose_mail_language(actor=self.actor, person_id=person.uid, language=language)
        for kind, mode in given.items():
            if now[kind] != mode:
                commands.choose_mail(
                    actor=self.actor, person_id=person.uid, kind=NoticeKind(kind), mode=MailMode(mode)
                )

    def _shown(self, form: MailForm) -> HttpResponse:
        return self.show({"form": form}, status=form.status)
