"""Several requests that are alike are approved from a frozen list, one command each; nothing else is."""

from __future__ import annotations

import re

from django.test import Client

from apps.access.models import Request, Verdict
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld, approved, asked, draft, fresh


def waiting(world: AccessWorld, *who: str) -> list[Request]:
    return [asked(world[name], draft(world.personal, world.purposes["pay"])) for name in who]


def risky(world: AccessWorld) -> Request:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"], actions=["export"]))


def chosen(client: Client, *requests: Request) -> str:
    return client.post("/inbox/together/", {"request": [str(each.uid) for each in requests]}).text


def items_of(page: str) -> str:
    found = re.search(r'name="items" value="([^"]+)"', page)
    return found.group(1) if found else ""


def test_the_list_names_each_with_its_revision_and_evaluation_before_anything_is_approved(
    world: AccessWorld, browse: Browse
) -> None:
    alike = waiting(world, "scientist", "colleague")
    client = browse("owner")
    assert all(f'value="{each.uid}"' in client.get("/inbox/").text for each in alike)
    page = chosen(client, *alike)
    assert all(each.ref in page for each in alike) and len(items_of(page).split()) == 2
    assert not Verdict.objects.filter(revision__request__in=alike).exists()
    done = client.post("/inbox/together/done/", {"items": items_of(page), "reason": ""}).text
    assert done.count("your approval is on record") == 2
    assert Verdict.objects.filter(revision__request__in=alike).count() == 2


def test_what_changed_since_the_list_was_read_is_told_apart(world: AccessWorld, browse: Browse) -> None:
    one, two = waiting(world, "scientist", "colleague")
    client = browse("owner")
    items = items_of(chosen(client, one, two))
    uid, _, decision = items.split()[0].split(":")
    stale = f"{uid}:{'0' * 64}:{decision} {items.split()[1]}"
    page = client.post("/inbox/together/done/", {"items": stale, "reason": ""}).text
    assert page.count("not approved") == page.count("your approval is on record") == 1


def test_requests_that_are_not_alike_are_not_approved_together(world: AccessWorld, browse: Browse) -> None:
    low, high = waiting(world, "colleague")[0], risky(world)
    client = browse("owner")
    page = chosen(client, low, high)
    assert "These are not alike" in page and not items_of(page)
    items = " ".join(items_of(chosen(client, each)) for each in (low, low))
    forged = f"{items.split()[0]} {high.uid}:{'0' * 64}:{low.uid}"
    answer = client.post("/inbox/together/done/", {"items": forged, "reason": ""})
    assert answer.status_code == 400
    assert not Verdict.objects.filter(revision__request__in=[low, high]).exists()


def test_what_no_longer_waits_for_the_reader_is_counted_and_left_alone(
    world: AccessWorld, browse: Browse
) -> None:
    one, two = waiting(world, "scientist", "colleague")
    client = browse("owner")
    items = items_of(chosen(client, one, two))
    approved(one, world["second_owner"])
    page = client.post("/inbox/together/done/", {"items": items, "reason": ""}).text
    assert "1 no longer waited for you" in page and page.count("your approval is on record") == 1


def test_stepping_back_and_handing_over_are_forms_that_need_a_reason(
    world: AccessWorld, browse: Browse
) -> None:
    request = waiting(world, "scientist")[0]
    client, path = browse("owner"), f"/inbox/{request.uid}/"
    hand_over = re.search(rf'href="({path}hand-over/[^"]+)"', client.get(path).text)
    assert hand_over is not None
    person = world.players["second_owner"].person
    assert client.post(hand_over.group(1), {"person_id": person.uid, "reason": ""}).status_code == 400
    given = {"person_id": str(person.uid), "reason": "I am away."}
    assert client.post(hand_over.group(1), given).status_code == 302
    assert "handed to" in client.get(f"/requests/{request.uid}/").text
    other = browse("second_owner")
    assert other.post(f"{path}step-back/", {"reason": ""}).status_code == 400
    assert other.post(f"{path}step-back/", {"reason": "We share an office."}).status_code == 302
    assert "person stepped back" in client.get(path).text
    approved(fresh(request), world["owner"], world["officer"])
    assert fresh(request).state == "approved"
