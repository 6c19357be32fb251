"""The rules, and what one would need."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from tests.api import asking
from tests.api.conftest import As
from tests.api.long_lists import LONG_LISTS
from tests.api.test_classification import ABSENT, reasons
from tests.factories import catalog
from tests.factories.accounts import World


def test_rulebooks_are_open_to_everybody(as_: As) -> None:
    (first, *_rest) = as_(Role.SCIENTIST).get("rulebooks").json()["results"]
    assert first["is_in_force"] is True
    read = as_(Role.SCIENTIST).get(f"rulebooks/{first['id']}").json()
    assert read["sha256"] == first["sha256"]
    assert read["document"]["rules"]
    assert as_(Role.SCIENTIST).get(f"rulebooks/{ABSENT}").status_code == 404


def test_a_wish_is_answered_as_a_draft_is(as_: As, place: World) -> None:
    offer, caller = asking.offer(place), as_(Role.SCIENTIST)
    path = f"assets/{offer.asset.uid}/preview"
    ends_on = (database_now().date() + timedelta(days=10)).isoformat()
    asked = caller.get(path, purpose=offer.purpose.uid, action="read,export", ends_on=ends_on).json()
    assert asked == caller.post("access-requests/preview", offer.body("read", "export")).json()
    assert asked["stages"][0]["eligible"] == 1
    assert caller.get(path, purpose=offer.purpose.uid, action="read").json()["effect"] == "permit"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": ABSENT}, "purpose"),
        ({"purpose": "x"}, "purpose"),
        ({"action": "read,fly"}, "action"),
        ({"action": ""}, "action"),
        ({"ends_on": "2001-01-01"}, "ends_on"),
        ({"until": "2001-01-01"}, "until"),
    ],
)
def test_a_wrong_wish_is_refused_by_parameter(
    as_: As, place: World, change: dict[str, object], field: str
) -> None:
    offer = asking.offer(place)
    query = {"purpose": offer.purpose.uid, "action": "read", **change}
    answer = as_(Role.SCIENTIST).get(f"assets/{offer.asset.uid}/preview", **query)
    assert answer.status_code == 400
    assert field in [name for _code, name in reasons(answer)]


def test_what_is_hidden_is_not_previewed(as_: As, place: World) -> None:
    offer, draft = asking.offer(place), catalog.asset(place.domain)
    query = {"purpose": offer.purpose.uid, "action": "read"}
    assert as_(Role.SCIENTIST).get(f"assets/{draft.uid}/preview", **query).status_code == 404
    assert as_(Role.SCIENTIST).get(f"assets/{ABSENT}/preview", **query).status_code == 404
    unpublished = as_(Role.STEWARD).get(f"assets/{draft.uid}/preview", **query)
    assert (unpublished.status_code, reasons(unpublished)) == (400, [("ASSET_NOT_REQUESTABLE", "")])


@pytest.mark.parametrize(
    "name",
    [
        "classification-proposals-list",
        "permitted-purposes-list",
        "processing-activities-list",
        "purposes-list",
        "rulebooks-list",
        "sensitivity-classes-list",
        "version-classification-list",
    ],
)
def test_a_long_list_is_read_to_its_end_and_back(as_: As, place: World, name: str) -> None:
    path, query, make = LONG_LISTS[name](place)
    for _ in range(5):
        make()
    caller = as_(Role.AUDITOR)
    whole = [row["id"] for row in caller.get(path, **query).json()["results"]]
    page = caller.get(path, **query, limit=2).json()
    found = [page["results"]]
    while page["next"]:
        page = caller.get(page["next"]).json()
        found.append(page["results"])
    assert [row["id"] for rows in found for row in rows] == whole
    assert len(found) > 2
    assert caller.get(page["previous"]).json()["results"] == found[-2]
