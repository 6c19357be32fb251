"""Teams, roles, object permissions and the trail, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.roles import Role
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import accounts, catalog
from tests.factories.accounts import World, world


def test_members_come_and_go(place: World, as_: As) -> None:
    admin, someone = as_(Role.ADMINISTRATOR), accounts.player(place.organization)
    made = admin.post("teams", {"organization_id": str(place.organization.uid), "name": "Geologists"})
    assert admin.get(made.headers["Location"]).json() == made.json()
    members, uid = f"teams/{made.json()['id']}/members", str(someone.account.uid)
    assert admin.post(members, {"add": [uid]}).json()["row_version"] == 2
    assert [row["id"] for row in admin.get(members).json()["results"]] == [uid]
    admin.post(members, {"remove": [uid]})
    assert admin.get(members).json()["results"] == []


def test_nobody_gives_themselves_a_role(place: World, as_: As) -> None:
    sent = {
        "person_id": str(place[Role.ADMINISTRATOR].person.uid),
        "role": "compliance_officer",
        "organization_id": str(place.organization.uid),
    }
    answer = as_(Role.ADMINISTRATOR).post("role-assignments", sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "ROLE_TO_ONESELF")
    assert answer.json()["reasons"][0]["field"] == "person_id"


def test_a_role_is_assigned_listed_and_ended_once(place: World, as_: As) -> None:
    admin, someone = as_(Role.ADMINISTRATOR), accounts.person(place.organization)
    sent = {
        "person_id": str(someone.uid),
        "role": "owner",
        "organization_id": str(place.organization.uid),
        "domain_id": str(place.domain.uid),
    }
    made = admin.post("role-assignments", sent).json()
    assert made["domain_id"] == str(place.domain.uid)
    held = admin.get("role-assignments", person=someone.uid, role="owner").json()["results"]
    assert [row["id"] for row in held] == [made["id"]]
    assert admin.post(f"role-assignments/{made['id']}/end").json()["ends_at"] is not None
    assert admin.post(f"role-assignments/{made['id']}/end").status_code == 409


@pytest.mark.parametrize("kind", ["asset", "domain"])
@pytest.mark.parametrize("holder", ["account", "team"])
def test_an_object_permission_is_given_listed_and_taken(
    place: World, as_: As, kind: str, holder: str
) -> None:
    target = catalog.asset(place.domain) if kind == "asset" else place.domain
    someone = accounts.player(place.organization)
    given_to = someone.account if holder == "account" else accounts.team(place.organization)
    sent = {f"{kind}_id": str(target.uid), "holder_id": str(given_to.uid), "permission": "classify"}
    admin = as_(Role.ADMINISTRATOR)
    made = admin.post("permissions", sent)
    assert made.status_code == 201
    said = made.json()
    assert (said["target_kind"], said["holder_kind"], said["permission"]) == (kind, holder, "classify")
    query = {kind: target.uid, "holder": given_to.uid}
    assert admin.get("permissions", **query).json()["results"] == [said]
    assert admin.post("permissions", sent).status_code == 409
    assert admin.post("permissions/take", sent).status_code == 204
    assert admin.get("permissions", **query).json()["results"] == []
    assert admin.post("permissions/take", sent).status_code == 409


@pytest.mark.parametrize("targets", [{}, {"asset_id": "x", "domain_id": "x"}])
def test_a_permission_is_about_one_thing(place: World, as_: As, targets: dict[str, str]) -> None:
    uid = str(place.domain.uid)
    sent = {**dict.fromkeys(targets, uid), "holder_id": uid, "permission": "view"}
    assert as_(Role.ADMINISTRATOR).post("permissions", sent).status_code == 400
    assert as_(Role.ADMINISTRATOR).get("permissions").status_code == 400


@pytest.fixture
def told(place: World, as_: As) -> list[dict[str, Any]]:
    """The trail after a registration and a refusal."""
    place_id = str(place.organization.uid)
    person = {"organization_id": place_id, "name": "Ada", "username": "ada", "relation": "employee"}
    assert as_(Role.ADMINISTRATOR).post("people", person).status_code == 201
    assert as_(Role.STEWARD).post("people", {**person, "username": "eve"}).status_code == 403
    found: list[dict[str, Any]] = as_(Role.AUDITOR).get("audit/events").json()["results"]
    return found[:2]


def test_the_trail_tells_newest_first_who_did_what_and_what_was_refused(
    place: World, told: list[dict[str, Any]]
) -> None:
    refused, done = told
    assert (refused["name"], refused["outcome"]) == ("accounts.register_person", "refused")
    assert refused["data"]["reasons"][0]["code"] == "NOT_PERMITTED"
    assert (done["name"], done["outcome"]) == ("accounts.person.registered", "done")
    assert done["actor_person_id"] == str(place[Role.ADMINISTRATOR].person.uid)
    assert done["personal"] == {"person_name": "Ada", "username": "ada"}
    assert done["commitments"].keys() == done["personal"].keys()


def test_the_trail_is_filtered(place: World, as_: As, told: list[dict[str, Any]]) -> None:
    refused, done = told

    def names(**query: object) -> list[str]:
        return [row["id"] for row in as_(Role.AUDITOR).get("audit/events", **query).json()["results"]]

    assert names(name="accounts.person.registered")[0] == done["id"]
    assert names(name="accounts.person.vanished") == []
    assert names(outcome="refused") == [refused["id"]]
    assert names(subject=done["subject_id"]) == [done["id"]]
    assert names(actor=place[Role.STEWARD].person.uid) == [refused["id"]]
    assert names(**{"from": refused["at"]}) == [refused["id"]]
    assert names(to=refused["at"])[0] == done["id"]
    assert names(to="2020-01-01T00:00:00Z") == []


def test_the_trail_stops_at_the_organization(told: list[dict[str, Any]]) -> None:
    elsewhere = world()
    rows = Caller(elsewhere[Role.AUDITOR].token).get("audit/events", limit=200).json()["results"]
    assert rows
    assert not {row["id"] for row in rows} & {row["id"] for row in told}
    assert str(elsewhere.domain.uid) in {row["subject_id"] for row in rows}


def test_what_the_machine_does_is_told_where_it_was_done(place: World, as_: As) -> None:
    rows = as_(Role.AUDITOR).get("audit/events", name="accounts.domain.created").json()["results"]
    assert [(row["subject_id"], row["actor_kind"]) for row in rows] == [(str(place.domain.uid), "system")]


def test_a_moment_without_an_offset_is_refused(as_: As) -> None:
    answer = as_(Role.AUDITOR).get("audit/events", **{"from": "2026-01-01T00:00:00"})
    assert (answer.status_code, answer.json()["reasons"][0]["field"]) == (400, "from")
