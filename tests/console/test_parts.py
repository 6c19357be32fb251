"""A part of a page that is renewed alone is what the whole page would show there."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.access.models import Request
from apps.console.page import Page
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld


def part(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


@pytest.mark.parametrize(
    "path",
    [
        "/catalog/?q=asset",
        "/people/?q=person",
        "/records/purposes/?q=p&state=active",
        "/records/processing-activities/?mine=1",
    ],
)
def test_what_is_found_is_the_same_alone_and_in_the_page(browse: Browse, path: str) -> None:
    client = browse("owner_and_officer")
    whole, found = client.get(path), client.get(path, headers=part("found"))
    assert "<html" not in found.text
    section = found.text.split("</section>")[0].strip()
    assert section in whole.text
    assert "HX-Target" in whole.headers["Vary"] and "HX-Target" in found.headers["Vary"]


def test_what_is_found_is_announced(world: AccessWorld, browse: Browse) -> None:
    found = browse("scientist").get("/catalog/?q=zzz", headers=part("found")).text
    assert 'hx-swap-oob="innerHTML">0 assets shown' in found


def test_a_target_that_is_no_part_gets_the_whole_page(world: AccessWorld, browse: Browse) -> None:
    assert "<html" in browse("scientist").get("/catalog/", headers=part("elsewhere")).text


def test_the_outcome_is_shown_before_anything_is_sent(world: AccessWorld, browse: Browse) -> None:
    client, path = browse("scientist"), f"/catalog/{world.personal.asset.uid}/request/"
    key = client.get(path).context["form"]["key"].value()
    form = {
        "purpose_id": world.purposes["pay"].uid,
        "actions": ["read"],
        "days": "30",
        "mode": "pinned",
        "place_of_processing": "DE",
        "key": key,
    }
    answer = client.post(path, form, headers=part("outcome"))
    assert answer.status_code == 200
    assert "Needs approval" in answer.text and "<html" not in answer.text
    assert not Request.objects.exists()


def test_a_half_filled_form_shows_no_outcome_and_no_fault(world: AccessWorld, browse: Browse) -> None:
    answer = browse("scientist").post(
        f"/catalog/{world.personal.asset.uid}/request/", {"actions": ["read"]}, headers=part("outcome")
    )
    assert answer.status_code == 200
    assert "Before you send" in answer.text


def test_whoever_is_signed_out_is_led_to_the_sign_in_and_not_shown_it_inside_the_page() -> None:
    headers = {**part("found"), "HX-Current-URL": "http://testserver/catalog/?q=x"}
    answer = Client().get("/catalog/?q=xy", headers=headers)
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/catalog/%3Fq%3Dx"
    assert answer.content == b""


def test_a_whole_page_takes_the_place_of_the_page_where_a_part_was_asked_for(browse: Browse) -> None:
    """What was typed stands in it."""
    form = {"name": "Kinds of rock", "csrfmiddlewaretoken": "x"}
    answer = Client().post("/records/labeling-policies/new/", form, headers=part("findings"))
    assert (answer.status_code, "Kinds of rock" in answer.text) == (403, True)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("body", "innerHTML")
    absent = browse("scientist").get("/catalog/00000000-0000-7000-8000-000000000000/", headers=part("needs"))
    assert (absent.status_code, absent.headers["HX-Retarget"]) == (404, "body")
    found = browse("scientist").get("/catalog/", headers=part("found"))
    assert "HX-Retarget" not in found.headers
    assert "HX-Retarget" not in browse("scientist").get("/catalog/").headers


def test_a_page_stays_as_it_is_where_the_portal_itself_fails(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Page, "show", fails)
    client = browse("scientist")
    client.raise_request_exception = False
    answer = client.get("/catalog/", headers=part("found"))
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (500, "none")
    assert "HX-Retarget" not in answer.headers
