"""Ticket systems on the screen: a secret shown once, and what each said where one waits for it."""

from __future__ import annotations

import re
from datetime import timedelta

from apps.access.models import Request, TicketCheck, TicketSystem
from apps.kernel.clock import database_now
from tests.console.conftest import Browse
from tests.factories import tickets
from tests.factories.access import AccessWorld, asked, draft


def test_the_secret_of_a_ticket_system_is_shown_once(world: AccessWorld, browse: Browse) -> None:
    admin = browse("administrator")
    key = re.search(r'name="key" value="([^"]+)"', admin.get("/ticket-systems/new/").text)
    assert key is not None
    sent = {"key": key[1], "name": "JIRA", "url": "https://tickets.example.org/secret-path"}
    made = admin.post("/ticket-systems/new/", sent)
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    system = TicketSystem.objects.get(name="JIRA")
    page = admin.get(f"/ticket-systems/{system.uid}/").text
    assert made.context["made"].secret not in page and "secret-path" not in page
    changed = {"row_version": system.row_version, "url": "", "tells_assets": "on"}
    assert admin.post(f"/ticket-systems/{system.uid}/", changed).status_code == 302
    stale = admin.post(f"/ticket-systems/{system.uid}/", {**changed, "url": "https://u.example.org"})
    assert stale.status_code == 412
    system.refresh_from_db()
    assert system.tells_assets and system.origin == "https://tickets.example.org:443"
    renewed = admin.post(f"/ticket-systems/{system.uid}/secret/")
    assert renewed.context["made"].secret != made.context["made"].secret


def test_who_waits_and_who_decides_see_what_the_system_said(world: AccessWorld, browse: Browse) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], ticket="OPS-7"))
    tickets.asked_about(request, tickets.system(world.organization, name="JIRA"))
    TicketCheck.objects.update(standing="unanswered", fault="NO_ANSWER", attempts=2)
    for who, path in (("scientist", f"/requests/{request.uid}/"), ("owner", f"/inbox/{request.uid}/")):
        page = browse(who).get(path).text
        assert "Does not answer; will be asked again" in page
        assert f"/requests/{request.uid}/ticket/" in page
    page = browse("auditor").get(f"/requests/{request.uid}/").text
    assert "Does not answer" in page and f"/requests/{request.uid}/ticket/" not in page


def test_who_waits_for_a_word_at_the_beginning_of_access_sees_it(world: AccessWorld, browse: Browse) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], ticket="OPS-7"))
    tickets.asked_about(request, tickets.system(world.organization, name="JIRA"))
    now = database_now()
    said = {"standing": "open", "answered_at": now - timedelta(days=1)}
    TicketCheck.objects.update(**said, asked_again_at=now, next_at=now, fault="NO_ANSWER")
    Request.objects.filter(pk=request.pk).update(state="awaiting_conditions")
    page = browse("scientist").get(f"/requests/{request.uid}/").text
    assert "Access begins when it says so once more." in page
    assert f"/requests/{request.uid}/ticket/" in page
