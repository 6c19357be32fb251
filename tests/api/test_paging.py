"""Lists by keyset."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing

from apps.accounts.roles import Role
from apps.api.endpoints.catalog import Assets
from apps.api.paging import SALT
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import catalog
from tests.factories.accounts import World


def names(page: dict[str, Any]) -> list[str]:
    return [row["name"] for row in page["results"]]


def walk(caller: Caller, url: str, link: str = "next") -> list[list[str]]:
    pages = []
    while url:
        page = caller.get(url).json()
        pages.append(names(page))
        url = page[link]
    return pages


def test_a_list_is_read_to_its_end_and_back(place: World, as_: As) -> None:
    for number in range(7):
        catalog.published_asset(place.domain, name=f"a{number}")
    caller = as_(Role.SCIENTIST)
    forth = walk(caller, "assets?limit=3")
    assert forth == [["a6", "a5", "a4"], ["a3", "a2", "a1"], ["a0"]]
    last = caller.get(caller.get(caller.get("assets?limit=3").json()["next"]).json()["next"]).json()
    assert last["next"] is None
    assert walk(caller, last["previous"], "previous") == [["a3", "a2", "a1"], ["a6", "a5", "a4"]]


def test_a_row_added_meanwhile_shifts_nothing(place: World, as_: As) -> None:
    for number in range(4):
        catalog.published_asset(place.domain, name=f"a{number}")
    caller = as_(Role.SCIENTIST)
    first = caller.get("assets", limit=2).json()
    catalog.published_asset(place.domain, name="late")
    assert names(caller.get(first["next"]).json()) == ["a1", "a0"]


def test_a_named_order_pages_through_equal_values(
    place: World, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assets, "order", ("description", "-pk"))
    for name, description in [("a", "x"), ("b", "x"), ("c", "w"), ("d", "y"), ("e", "x")]:
        catalog.published_asset(place.domain, name=name, description=description)
    caller = as_(Role.SCIENTIST)
    assert walk(caller, "assets?limit=2") == [["c", "e"], ["b", "a"], ["d"]]


def test_a_cursor_tells_no_number_of_ours(place: World, as_: As) -> None:
    for _ in range(3):
        catalog.published_asset(place.domain)
    page = as_(Role.SCIENTIST).get("assets", limit=1).json()
    told = signing.loads(page["next"].split("cursor=")[1].replace("%3A", ":"), salt=SALT)
    assert told["u"] == page["results"][0]["id"]
    assert told["v"] == []


@pytest.mark.parametrize("change", ["forged", "other filter", "other list", "other caller"])
def test_a_cursor_holds_for_its_own_list_only(place: World, as_: As, change: str) -> None:
    for _ in range(3):
        catalog.published_asset(place.domain)
    caller = as_(Role.SCIENTIST)
    url = caller.get("assets", limit=1).json()["next"]
    match change:
        case "forged":
            answer = caller.get(url[:-3] + ("aaa" if not url.endswith("aaa") else "bbb"))
        case "other filter":
            answer = caller.get(url + "&kind=dataset")
        case "other list":
            answer = caller.get(url.replace("/assets?", "/domains?"))
        case _:
            answer = as_(Role.STEWARD).get(url)
    assert (answer.status_code, answer.json()["code"]) == (400, "CURSOR_INVALID")


def test_filters_narrow_and_stay_in_the_links(place: World, as_: As) -> None:
    for number in range(3):
        catalog.published_asset(place.domain, name=f"well {number}")
    catalog.published_asset(place.domain, name="seismic", kind=catalog.AssetKind.MODEL)
    caller = as_(Role.SCIENTIST)
    assert walk(caller, "assets?limit=2&q=WELL") == [["well 2", "well 1"], ["well 0"]]
    assert names(caller.get("assets", kind="model").json()) == ["seismic"]
    assert names(caller.get("assets", domain=place.domain.uid, state="draft").json()) == []
    assert names(caller.get("assets", q="%").json()) == []


def test_there_are_no_counts(place: World, as_: As) -> None:
    assert as_(Role.SCIENTIST).get("assets").json().keys() == {"results", "next", "previous"}
