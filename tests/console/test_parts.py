"""A part of a page that is renewed alone is what the whole page would show there."""

from __future__ import annotations

import pytest

from apps.access.models import Request
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
