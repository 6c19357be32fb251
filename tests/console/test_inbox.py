"""The inbox is sorted by risk and deadline, says why, and single keys can be switched off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.access.models import Request
from apps.console.settings import SHORTCUTS
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.law import first_rulebook

KEYS = "js/shortcuts.js"


def shown(page: str) -> list[str]:
    return [part.split("</p>")[0] for part in page.split('<p class="small muted">AR-')[1:]]


def test_the_riskiest_stands_first_and_equals_by_their_deadline(world: AccessWorld, browse: Browse) -> None:
    one, two, three = (asked(world["scientist"], draft(world.personal, world.purposes["pay"])) for _ in "abc")
    Request.objects.filter(pk=three.pk).update(risk=40)
    Request.objects.filter(pk=two.pk).update(due_at=one.due_at - timedelta(days=1))
    page = browse("owner").get("/inbox/").text
    refs = [request.ref.removeprefix("AR-") for request in (three, two, one)]
    assert shown(page) == refs


def test_it_says_what_to_look_at_and_what_is_late(world: AccessWorld, browse: Browse) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    client = browse("owner")
    page = client.get("/inbox/").text
    assert "Personal data" in page and "First access" in page and "late by" not in page
    Request.objects.filter(pk=request.pk).update(due_at=timezone.now() - timedelta(hours=3))
    assert "late by" in client.get("/inbox/").text


def test_who_had_access_before_is_no_first_access(world: AccessWorld, browse: Browse) -> None:
    granted(world)
    asked(world["scientist"], draft(world.harmless, world.purposes["ordinary"], actions=["export"]))
    page = browse("owner").get("/inbox/").text
    assert "Leaves the house" in page
    assert "First access" not in page


def test_what_lacks_a_record_stands_apart_and_offers_no_approval(world: AccessWorld, browse: Browse) -> None:
    first_rulebook()  # one record is missing, and nothing else
    request = asked(world["scientist"], draft(world.personal, world.purposes["unrecorded"]))
    client = browse("owner")
    page = client.get("/inbox/").text
    assert shown(page) == [] and "Wait for a record" in page and request.ref in page
    page = client.get(f"/inbox/{request.uid}/").text
    assert 'value="approve"' not in page and 'value="return"' in page
    assert request.ref not in client.get("/").text


def test_who_decides_asks_on_the_same_page(world: AccessWorld, browse: Browse) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    form = f'action="/requests/{request.uid}/ask/"'
    assert form in browse("owner").get(f"/inbox/{request.uid}/").text
    assert form not in browse("auditor").get(f"/inbox/{request.uid}/").text  # the control


def test_risk_and_deadline_are_set_when_a_request_is_sent(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    request.refresh_from_db()
    assert request.risk > 0
    assert request.due_at is not None and request.due_at > timezone.now() + timedelta(days=2)


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/{}/"])
def test_single_keys_are_switched_off_in_the_settings(world: AccessWorld, browse: Browse, path: str) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    client, path = browse("owner"), path.format(request.uid)
    assert KEYS in client.get(path).text
    answer = client.post("/settings/", {"language": "en", "shortcuts": "off"})
    assert answer.status_code == 302
    assert answer.cookies[SHORTCUTS]["httponly"]
    assert KEYS not in client.get(path).text
    client.post("/settings/", {"language": "en", "shortcuts": "on"})
    assert KEYS in client.get(path).text


def test_settings_refuse_what_is_no_choice(world: AccessWorld, browse: Browse) -> None:
    answer = browse("owner").post("/settings/", {"language": "tlh", "shortcuts": "off"})
    assert answer.status_code == 400
    assert SHORTCUTS not in answer.cookies


def test_the_language_chosen_is_that_of_the_pages(world: AccessWorld, browse: Browse) -> None:
    client = browse("owner")
    client.post("/settings/", {"language": "de", "shortcuts": "on"})
    assert '<html lang="de"' in client.get("/").text


def test_what_came_since_is_counted_and_the_rows_stay(world: AccessWorld, browse: Browse) -> None:
    client = browse("owner")
    since = client.get("/inbox/").context["since"].isoformat()
    news = {"HX-Request": "true", "HX-Target": "news"}
    assert "<a" not in client.get("/inbox/", {"since": since}, headers=news).text
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    assert "1 new request: show it" in client.get("/inbox/", {"since": since}, headers=news).text
    assert "<a" not in client.get("/inbox/", {"since": "yesterday"}, headers=news).text
