"""Classes, categories and classifications, as a program meets them."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.models import Audience
from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.classification.models import SensitivityClass
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import accounts, catalog
from tests.factories.accounts import World

OFFICER, STEWARD, SCIENTIST, OWNER = Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.SCIENTIST, Role.OWNER
ABSENT = "00000000-0000-7000-8000-000000000000"
EMAIL = {
    "column": "value",
    "sensitivity_class_code": "confidential",
    "category_codes": ["EmailAddress"],
    "identifiability": "identified",
}
SECRET = {
    "rank": 40,
    "code": "secret",
    "label": "Secret",
    "definition": "For nobody.",
    "max_grant_days": 30,
    "max_lease_minutes": 60,
    "stages": ["data_owner", "compliance_officer"],
    "needs_step_up": True,
    "is_auto_ok_allowed": False,
}
HANDLED = ("max_lease_minutes", "stages", "needs_step_up", "is_auto_ok_allowed", "is_break_glass_allowed")


@pytest.fixture
def version(place: World) -> AssetVersion:
    return catalog.published_asset(place.domain).versions.get()


def reasons(answer: Any) -> list[tuple[str, str]]:
    return [(reason["code"], reason["field"]) for reason in answer.json()["reasons"]]


def classify(caller: Caller, version: AssetVersion, **changes: object) -> Any:
    return caller.post(f"asset-versions/{version.uid}/classify", {"items": [{**EMAIL, **changes}]})


def held(caller: Caller, version: AssetVersion) -> Any:
    return caller.get(f"asset-versions/{version.uid}/classification").json()["results"]


def proposed(as_: As, version: AssetVersion) -> str:
    classify(as_(STEWARD), version)
    lowering = classify(as_(STEWARD), version, sensitivity_class_code="internal").json()
    return str(lowering["proposed"][0]["id"])


def test_the_ladder_is_read_from_the_lowest(as_: As) -> None:
    rungs = as_(SCIENTIST).get("sensitivity-classes").json()["results"]
    assert [rung["rank"] for rung in rungs] == sorted(rung["rank"] for rung in rungs)
    assert rungs[0]["code"] == "open"


def test_a_class_is_put_on_the_ladder_once(as_: As) -> None:
    added = as_(OFFICER).post("sensitivity-classes", SECRET)
    assert added.status_code == 201
    assert as_(SCIENTIST).get(added.headers["Location"]).json() == added.json()
    assert added.json()["stages"] == ["data_owner", "compliance_officer"]
    assert as_(OFFICER).post("sensitivity-classes", {**SECRET, "code": "SECRET"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"max_lease_minutes": 0}, "max_lease_minutes"),
        ({"max_grant_days": "7"}, "max_grant_days"),
        ({"stages": ["nobody"]}, "stages.0"),
        ({"code": "not a slug"}, "code"),
        ({"color": "red"}, "color"),
    ],
)
def test_a_wrong_class_is_refused_by_field(as_: As, change: dict[str, object], field: str) -> None:
    answer = as_(OFFICER).post("sensitivity-classes", {**SECRET, **change})
    assert answer.status_code == 400
    assert field in [field for _code, field in reasons(answer)]


def test_handling_changes_from_what_was_read(as_: As) -> None:
    path = f"sensitivity-classes/{SensitivityClass.objects.get(code='internal').uid}"
    tag = as_(OFFICER).get(path).headers["ETag"]
    assert as_(OFFICER).patch(path, {"max_grant_days": 7}).status_code == 428
    changed = as_(OFFICER).patch(path, {"max_grant_days": 7}, If_Match=tag)
    assert changed.status_code == 200
    assert changed.json()["max_grant_days"] == 7
    stale = as_(OFFICER).patch(path, {"max_grant_days": 8}, If_Match=tag)
    assert stale.status_code == 412
    assert stale.json()["current"] == changed.json()
    assert as_(STEWARD).patch(path, {"max_grant_days": 7}, If_Match="*").status_code == 403
    assert as_(OFFICER).patch(path, {"rank": 7}, If_Match="*").status_code == 400


def test_what_is_laxer_is_proposed_and_holds_once_a_second_officer_has_agreed(as_: As, place: World) -> None:
    """The same as on the screen: refused with the way to go, proposed, agreed to, in force."""
    path = f"sensitivity-classes/{SensitivityClass.objects.get(code='internal').uid}"
    officer, second = as_(OFFICER), Caller(accounts.player(place.organization, OFFICER).token)
    shown = officer.get(path)
    tag, held = shown.headers["ETag"], shown.json()
    refused = officer.patch(path, {"max_grant_days": None}, If_Match=tag)
    assert (refused.status_code, reasons(refused)) == (422, [("LADDER_LAXER", "")])
    wanted = {name: held[name] for name in HANDLED} | {"max_grant_days": None}
    assert officer.post(f"{path}/propose", wanted).status_code == 428
    proposed = officer.post(f"{path}/propose", wanted, If_Match=tag)
    assert (proposed.status_code, proposed.json()["state"]) == (200, "proposed")
    change = f"ladder-changes/{proposed.json()['id']}"
    assert officer.get(change).json()["awaited"] == {"is_own": False, "others": 0, "second_person": True}
    assert as_(STEWARD).get(change).status_code == 404
    assert reasons(officer.post(f"{change}/agree")) == [("LADDER_SECOND_PERSON", "")]
    assert second.post(f"{change}/agree").json()["state"] == "in_force"
    assert officer.get(path).json()["max_grant_days"] is None
    stale = officer.post(f"{path}/propose", wanted, If_Match=tag)
    assert (stale.status_code, stale.json()["current"]) == (412, officer.get(path).json())
    assert reasons(second.post(f"{change}/reject", {"reason": "No."})) == [("LADDER_CHANGE_CLOSED", "")]


def test_categories_are_found_by_part_of_their_label(as_: As) -> None:
    found = as_(SCIENTIST).get("data-categories", q="e-mail").json()["results"]
    found += as_(SCIENTIST).get("data-categories", q="email").json()["results"]
    mine = {row["code"]: row for row in found}
    assert mine["EmailAddress"]["is_personal"] is True
    assert mine["EmailAddress"]["parent_codes"]


def test_categories_are_read_page_by_page(as_: As) -> None:
    caller = as_(SCIENTIST)
    first = caller.get("data-categories", limit=3).json()
    second = caller.get(first["next"]).json()
    codes = [row["code"] for row in (*first["results"], *second["results"])]
    assert len(set(codes)) == 6
    assert caller.get(second["previous"]).json()["results"] == first["results"]


def test_the_stricter_holds_at_once_and_the_laxer_waits(as_: As, version: AssetVersion) -> None:
    answer = classify(as_(STEWARD), version)
    assert answer.status_code == 200
    assert [row["rank"] for row in answer.json()["current"]] == [2]
    assert answer.json()["proposed"] == []
    lowering = classify(as_(STEWARD), version, sensitivity_class_code="internal", reason="Work only.").json()
    assert lowering["current"] == []
    (row,) = held(as_(SCIENTIST), version)
    assert (row["column"], row["sensitivity_class_code"]) == ("value", "confidential")
    assert row["proposal"]["id"] == lowering["proposed"][0]["id"]
    assert row["proposal"]["reason"] == "Work only."
    assert row["classified_by_id"] == row["proposal"]["classified_by_id"]
    (waiting,) = as_(OWNER).get("classification/proposals", version=version.uid).json()["results"]
    assert waiting["current"]["id"] == row["id"]
    assert as_(OWNER).get("classification/proposals", asset=ABSENT).json()["results"] == []


def test_another_person_confirms_a_lowering(as_: As, version: AssetVersion) -> None:
    path = f"asset-versions/{version.uid}/confirm-lowering"
    body = {"proposal_ids": [proposed(as_, version)]}
    own = as_(STEWARD).post(path, body)
    assert (own.status_code, reasons(own)) == (403, [("SECOND_PERSON_NEEDED", "")])
    assert as_(OWNER).post(path, body).status_code == 428
    body["seen_impact"] = as_(OWNER).get(f"assets/{version.asset.uid}/impact").json()["digest"]
    confirmed = as_(OWNER).post(path, body)
    assert confirmed.status_code == 200
    assert confirmed.json()["decided"][0]["status"] == "current"
    assert [row["sensitivity_class_code"] for row in held(as_(OWNER), version)] == ["internal"]
    assert as_(OWNER).post(path, body).status_code == 409


def test_a_lowering_is_rejected_with_a_reason(as_: As, version: AssetVersion) -> None:
    path = f"asset-versions/{version.uid}/reject-lowering"
    body = {"proposal_ids": [proposed(as_, version)]}
    silent = as_(OFFICER).post(path, {**body, "reason": ""})
    assert (silent.status_code, reasons(silent)) == (400, [("REJECTION_REASON_MISSING", "reason")])
    rejected = as_(OFFICER).post(path, {**body, "reason": "Still an address."})
    assert rejected.json()["decided"][0]["rejection_reason"] == "Still an address."
    assert as_(OFFICER).post(path, {"proposal_ids": [ABSENT], "reason": "x"}).status_code == 404
    assert held(as_(OWNER), version)[0]["proposal"] is None


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"column": "nothing"}, 400, ("COLUMN_UNKNOWN", "items.0.column")),
        ({"sensitivity_class_code": "x"}, 400, ("CLASS_UNKNOWN", "items.0.sensitivity_class_code")),
        ({"category_codes": ["x"]}, 400, ("CATEGORY_UNKNOWN", "items.0.category_codes")),
        ({"category_codes": []}, 422, ("CATEGORY_MISSING", "items.0.category_codes")),
        ({"identifiability": "perhaps"}, 400, ("FIELD_INVALID", "items.0.identifiability")),
        ({"rank": 1}, 400, ("FIELD_UNKNOWN", "items.0.rank")),
        (
            {"identifiability": "anonymised"},
            422,
            ("ANONYMITY_ASSESSMENT_MISSING", "items.0.assessment_ref"),
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    as_: As, version: AssetVersion, change: dict[str, object], status: int, reason: tuple[str, str]
) -> None:
    answer = classify(as_(STEWARD), version, **change)
    assert (answer.status_code, reasons(answer)) == (status, [reason])


def test_who_may_not_classify_is_told_what_it_takes(as_: As, version: AssetVersion) -> None:
    answer = classify(as_(SCIENTIST), version)
    assert answer.status_code == 403
    assert answer.json()["reasons"][0]["rule"] == "operation:classify"


def test_a_hidden_version_is_an_absent_one(as_: As, place: World) -> None:
    area = accounts.domain(place.organization, Audience.TEAMS, audience_team_ids=[])
    hidden = catalog.published_asset(area).versions.get()
    body = {"items": [EMAIL]}
    for uid in (hidden.uid, ABSENT):
        caller = as_(SCIENTIST)
        answers = [
            caller.get(f"asset-versions/{uid}"),
            caller.get(f"asset-versions/{uid}/classification"),
            caller.get(f"asset-versions/{uid}/permitted-purposes"),
            caller.get(f"asset-versions/{uid}/origin"),
            caller.post(f"asset-versions/{uid}/classify", body),
            caller.post(f"asset-versions/{uid}/permit-purpose", {"concept_code": "x"}),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "NOT_FOUND")] * 6


def test_a_new_version_is_found_at_its_location(as_: As, place: World) -> None:
    asset = catalog.asset(place.domain)
    made = as_(STEWARD).post(f"assets/{asset.uid}/versions", {"columns": [{"name": "id"}]})
    assert as_(STEWARD).get(made.headers["Location"]).json() == made.json()
