"""Entity tags on everything that can be edited."""

from __future__ import annotations

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import Asset
from tests.api.conftest import As
from tests.factories import catalog
from tests.factories.accounts import World


@pytest.fixture
def asset(place: World) -> Asset:
    return catalog.published_asset(place.domain, name="before")


def test_a_change_made_from_what_is_there_succeeds_and_gives_the_next_tag(asset: Asset, as_: As) -> None:
    caller = as_(Role.STEWARD)
    read = caller.get(f"assets/{asset.uid}")
    changed = caller.patch(f"assets/{asset.uid}", {"name": "after"}, If_Match=read.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] != read.headers["ETag"]
    assert caller.get(f"assets/{asset.uid}").headers["ETag"] == changed.headers["ETag"]


def test_a_change_without_a_tag_is_refused(asset: Asset, as_: As) -> None:
    answer = as_(Role.STEWARD).patch(f"assets/{asset.uid}", {"name": "after"})
    assert (answer.status_code, answer.json()["code"]) == (428, "IF_MATCH_MISSING")


@pytest.mark.parametrize("tag", ['"{uid}.1"', 'W/"{uid}.2"', '"something-else"', '"{uid}.99", "x"', '""'])
def test_a_change_made_from_something_else_shows_what_is_there(asset: Asset, as_: As, tag: str) -> None:
    path = f"assets/{asset.uid}"
    answer = as_(Role.STEWARD).patch(path, {"name": "after"}, If_Match=tag.format(uid=asset.uid))
    assert (answer.status_code, answer.json()["code"]) == (412, "STALE_VERSION")
    assert answer.json()["reasons"][0]["facts"]["current"] == 2
    assert answer.json()["current"]["name"] == "before"
    asset.refresh_from_db()
    assert asset.name == "before"


@pytest.mark.parametrize("tag", ["*", '"{uid}.2"', '"x", "{uid}.2"'])
def test_a_tag_that_matches_lets_the_change_through(asset: Asset, as_: As, tag: str) -> None:
    path = f"assets/{asset.uid}"
    answer = as_(Role.STEWARD).patch(path, {"name": "after"}, If_Match=tag.format(uid=asset.uid))
    assert answer.status_code == 200


@pytest.mark.parametrize("tag", ["2", "", '"open', 'w/"x"', '"a" "b"', "'a'"])
def test_a_malformed_tag_is_refused(asset: Asset, as_: As, tag: str) -> None:
    answer = as_(Role.STEWARD).patch(f"assets/{asset.uid}", {"name": "after"}, If_Match=tag)
    assert (answer.status_code, answer.json()["code"]) == (400, "IF_MATCH_MALFORMED")


def test_who_may_not_change_is_not_told_what_is_there(asset: Asset, as_: As) -> None:
    answer = as_(Role.SCIENTIST).patch(f"assets/{asset.uid}", {"name": "after"}, If_Match='"old"')
    assert answer.status_code == 403
    assert "current" not in answer.json()


def test_a_change_names_something_to_change(asset: Asset, as_: As) -> None:
    answer = as_(Role.STEWARD).patch(f"assets/{asset.uid}", {}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (400, "NOTHING_TO_CHANGE")
