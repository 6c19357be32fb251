"""Entity tags on everything that can be edited."""

from __future__ import annotations

import pytest

from apps.access.commands import ItemDraft, RequestDraft, amend_request
from apps.access.models import Request
from apps.access.queries import content_of
from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetVersion
from tests.api import asking
from tests.api.conftest import As
from tests.factories import catalog
from tests.factories.access import about_people
from tests.factories.accounts import World
from tests.factories.classification import classified


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


def test_a_request_is_sent_and_amended_from_what_was_read(place: World, as_: As) -> None:
    caller, path = as_(Role.SCIENTIST), f"access-requests/{asking.drafted(place).uid}"
    assert caller.post(f"{path}/submit").status_code == 428
    stale = caller.post(f"{path}/submit", If_Match='"something-else"')
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "draft")
    read = caller.get(path).headers["ETag"]
    assert caller.post(f"{path}/submit", If_Match=read).status_code == 200
    content = asking.offer(place).body("export")
    assert caller.post(f"{path}/amend", content, If_Match=read).status_code == 412
    read = caller.get(path).headers["ETag"]
    assert caller.post(f"{path}/amend", content, If_Match=read).status_code == 200


def test_a_verdict_on_what_was_amended_shows_what_became_another(place: World, as_: As) -> None:
    request = asking.waiting(place)
    named, path = asking.verdict(request), f"access-requests/{request.uid}"
    amend_request(
        actor=place[Role.SCIENTIST].actor,
        request_id=request.uid,
        draft=RequestDraft(
            **{**content_of(request), "items": _items(request), "actions": ["export", "read"]}
        ),
    )
    stale = as_(Role.OWNER).post(f"{path}/approve", named)
    assert (stale.status_code, stale.json()["code"]) == (412, "REVISION_CHANGED")
    changes = stale.json()["changes"]
    assert {"field": "actions", "before": ["export"], "after": ["export", "read"]} in changes["amended"]
    assert changes["evaluation"] is None
    again = {name: changes[name] for name in ("revision_sha256", "decision_id")}
    assert as_(Role.OWNER).post(f"{path}/approve", {**named, **again}).status_code == 200


def test_a_verdict_on_changed_facts_shows_the_reasons_that_are_new(place: World, as_: As) -> None:
    request = asking.waiting(place)
    named, path = asking.verdict(request), f"access-requests/{request.uid}"
    version = AssetVersion.objects.get(uid=_items(request)[0].version_id)
    classified(version, place[Role.STEWARD].actor, about_people("value"))
    stale = as_(Role.OWNER).post(f"{path}/reject", {**named, "rejection_code": "risk"})
    assert (stale.status_code, stale.json()["code"]) == (412, "FACTS_CHANGED")
    changes = stale.json()["changes"]
    assert changes["amended"] == [] and changes["evaluation"]["before"] == "refer"
    assert changes["evaluation"]["new"]
    assert changes["decision_id"] != named["decision_id"]


def _items(request: Request) -> list[ItemDraft]:
    return [ItemDraft(**{**item, "columns": ()}) for item in content_of(request)["items"]]
