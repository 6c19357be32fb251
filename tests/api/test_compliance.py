"""Purposes, permissions, origins and processing activities, as a program meets them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.reading import written
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.api.test_classification import ABSENT, reasons
from tests.factories import accounts, catalog
from tests.factories.accounts import World
from tests.factories.compliance import particulars, with_interests_weighed

OFFICER, SCIENTIST = Role.COMPLIANCE_OFFICER, Role.SCIENTIST
PUMPS = {
    "name": "Predict pump failures",
    "concept_code": "ScientificResearch",
    "description": "Learn when a pump is about to fail.",
    "lawful_basis": "6(1)(f)",
    "lia_ref": "LIA-0001",
}


@pytest.fixture
def officer(as_: As) -> Caller:
    return as_(OFFICER)


@pytest.fixture
def reviewer(place: World) -> Caller:
    return Caller(accounts.player(place.organization, OFFICER).token)


@pytest.fixture
def version(place: World) -> AssetVersion:
    return catalog.published_asset(place.domain).versions.get()


def drafted(caller: Caller, place: World, path: str = "purposes", **said: object) -> Any:
    with_interests_weighed(place.organization)
    answer = caller.post(path, {"organization_id": str(place.organization.uid), **PUMPS, **said})
    assert answer.status_code == 201, answer.content
    return answer


def approved(officer: Caller, reviewer: Caller, place: World, **said: object) -> str:
    path = f"purposes/{drafted(officer, place, **said).json()['id']}"
    assert officer.post(f"{path}/submit").status_code == 200
    assert reviewer.post(f"{path}/approve").status_code == 200
    return path


def test_a_purpose_goes_from_draft_to_approved(
    officer: Caller, reviewer: Caller, as_: As, place: World
) -> None:
    made = drafted(officer, place)
    path = made.headers["Location"]
    assert made.json()["versions"][0]["record_status"] == "draft"
    assert as_(SCIENTIST).get(path).status_code == 404
    assert as_(SCIENTIST).get("purposes").json()["results"] == []
    sent = officer.post(f"{path}/submit")
    assert sent.json()["purpose"]["state"] == "in_review"
    assert officer.patch(path, {"name": "x"}, If_Match="*").status_code == 409
    own = officer.post(f"{path}/approve")
    assert (own.status_code, reasons(own)) == (403, [("RECORD_OWN", "")])
    returned = reviewer.post(f"{path}/return", {"reason": "Say which pumps."})
    assert returned.json()["versions"][0]["returned_reason"] == "Say which pumps."
    officer.post(f"{path}/submit")
    rejected = reviewer.post(f"{path}/reject", {"reason": "Nobody may."})
    assert rejected.json()["purpose"]["state"] == "rejected"
    assert rejected.json()["versions"][0]["rejected_by_id"]
    assert officer.patch(path, {"name": PUMPS["name"]}, If_Match="*").json()["versions"][0]["number"] == 2
    officer.post(f"{path}/submit")
    signed = reviewer.post(f"{path}/approve")
    assert signed.json()["purpose"]["state"] == "active"
    assert signed.json()["versions"][0]["approved_by_id"]
    assert as_(SCIENTIST).get(path).json()["purpose"]["name"] == PUMPS["name"]


def test_a_purpose_names_what_shows_it(officer: Caller, place: World) -> None:
    shown = {"what": "Minutes of the board", "where": "DMS 7", "sha256": "b" * 64}
    made = drafted(officer, place, evidence=[shown])
    assert made.json()["versions"][0]["evidence"] == [shown]
    path = made.headers["Location"]
    changed = officer.patch(path, {"evidence": [{**shown, "sha256": "no hash"}]}, If_Match="*")
    assert changed.json()["versions"][0]["evidence"][0]["sha256"] == "no hash"
    refused = officer.post(f"{path}/submit")
    assert (refused.status_code, reasons(refused)) == (
        422,
        [("EVIDENCE_HASH_MALFORMED", "evidence.0.sha256")],
    )
    wrong = officer.patch(path, {"evidence": [{"file": "x"}]}, If_Match="*")
    assert (wrong.status_code, reasons(wrong)) == (400, [("RECORD_FIELD_UNKNOWN", "evidence.0.file")])


def test_programs_take_the_access_log_of_an_asset_and_the_trail_keeps_that_they_did(
    as_: As, place: World
) -> None:
    asset = catalog.published_asset(place.domain)
    path, days = f"access-logs/{asset.uid}/export", {"since": "2026-01-01", "until": "2026-01-31"}
    taken = as_(Role.AUDITOR).post(path, days).json()
    file = base64.b64decode(taken["content"])
    assert file.splitlines()[0] == b"person,account,request,purpose,versions,places,from,until,key"
    assert taken["sha256"] == hashlib.sha256(file).hexdigest()
    kept = AuditEvent.objects.get(name="credentials.asset.access_log_exported")
    assert (kept.subject_uid, kept.data["content_sha256"]) == (asset.uid, taken["sha256"])
    refused = as_(Role.AUDITOR).post(path, {"since": "2026-01-31", "until": "2026-01-01"})
    assert (refused.status_code, reasons(refused)) == (400, [("ACCESS_LOG_REVERSED", "until")])


def test_a_reviewer_signs_what_was_read(officer: Caller, reviewer: Caller, place: World) -> None:
    path = f"purposes/{drafted(officer, place).json()['id']}"
    read = officer.post(f"{path}/submit").json()["row_version"]
    reviewer.post(f"{path}/return", {"reason": "Once more."})
    officer.patch(path, {"description": "Something else."}, If_Match="*")
    officer.post(f"{path}/submit")
    assert reviewer.post(f"{path}/approve", {"row_version": read}).status_code == 412
    now = reviewer.get(path).json()["row_version"]
    assert reviewer.post(f"{path}/approve", {"row_version": now}).status_code == 200


def test_a_draft_is_edited_from_what_was_read(officer: Caller, place: World) -> None:
    made = drafted(officer, place)
    path, tag = made.headers["Location"], made.headers["ETag"]
    assert officer.patch(path, {"name": "Pumps"}).status_code == 428
    changed = officer.patch(path, {"name": "Pumps", "lia_ref": "LIA-2"}, If_Match=tag)
    assert changed.status_code == 200
    (only,) = changed.json()["versions"]
    assert (only["name"], only["lia_ref"], only["description"]) == ("Pumps", "LIA-2", PUMPS["description"])
    stale = officer.patch(path, {"name": "Other"}, If_Match=tag)
    assert stale.status_code == 412
    assert stale.json()["current"] == changed.json()


def test_an_approved_purpose_is_changed_beside_itself(
    officer: Caller, reviewer: Caller, as_: As, place: World
) -> None:
    path = approved(officer, reviewer, place)
    tag = officer.get(path).headers["ETag"]
    forked = officer.patch(path, {"name": "All pumps"}, If_Match=tag)
    assert [each["number"] for each in forked.json()["versions"]] == [2, 1]
    assert forked.json()["purpose"]["name"] == PUMPS["name"]
    assert officer.patch(path, {"name": "No pumps"}, If_Match=tag).status_code == 412
    assert [each["number"] for each in as_(SCIENTIST).get(path).json()["versions"]] == [1]
    assert as_(SCIENTIST).get("purposes", q="all").json()["results"] == []


def test_the_tag_of_a_draft_that_was_signed_off_begins_no_other(
    officer: Caller, reviewer: Caller, place: World
) -> None:
    made = drafted(officer, place)
    path = made.headers["Location"]
    officer.post(f"{path}/submit")
    reviewer.post(f"{path}/approve")
    assert officer.patch(path, {"name": "x"}, If_Match=made.headers["ETag"]).status_code == 412


def test_a_purpose_is_suspended_resumed_withdrawn_and_retired(
    officer: Caller, reviewer: Caller, place: World
) -> None:
    path = approved(officer, reviewer, place)
    silent = officer.post(f"{path}/suspend", {"reason": " "})
    assert (silent.status_code, reasons(silent)[0][1]) == (400, "reason")
    unseen = officer.post(f"{path}/withdraw", {"reason": "Over."})
    assert (unseen.status_code, reasons(unseen)) == (428, [("IMPACT_UNSEEN", "")])
    seen = {"seen_impact": officer.get(f"{path}/impact").json()["digest"]}
    paused = officer.post(f"{path}/suspend", {"reason": "A pause.", **seen}).json()
    assert paused["purpose"]["state"] == "suspended"
    assert officer.post(f"{path}/resume").json()["purpose"]["state"] == "active"
    assert officer.post(f"{path}/resume").status_code == 409
    ended = officer.post(f"{path}/withdraw", {"reason": "Over.", **seen}).json()
    assert ended["purpose"]["state"] == "withdrawn"
    assert officer.patch(path, {"name": "x"}, If_Match="*").status_code == 409
    retired = officer.post(f"{path}/retire").json()
    assert retired["versions"][0]["record_status"] == "retired"


def test_purposes_are_filtered_by_state_and_name(officer: Caller, reviewer: Caller, place: World) -> None:
    approved(officer, reviewer, place)
    drafted(officer, place, name="Find leaks")

    def names(**query: object) -> list[str]:
        return [row["name"] for row in officer.get("purposes", **query).json()["results"]]

    assert names() == ["Find leaks", PUMPS["name"]]
    assert names(state="draft") == ["Find leaks"]
    assert names(state="active") == [PUMPS["name"]]
    assert names(q="PUMP") == [PUMPS["name"]]
    assert officer.get("purposes", state="new").status_code == 400


def test_what_a_purpose_lacks_is_told_by_field(officer: Caller, place: World) -> None:
    made = drafted(
        officer, place, name="Research", lawful_basis=None, description="", art9_conditions=["9(2)(h)"]
    )
    assert {each["code"] for each in made.json()["warnings"]} == {"PURPOSE_VAGUE", "PURPOSE_BASIS_UNSET"}
    sent = officer.post(f"{made.headers['Location']}/submit")
    assert sent.status_code == 422
    assert {"description", "lia_ref", "lawful_basis", "art9_law_ref"} <= {
        field for _code, field in reasons(sent)
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"concept_code": "Nothing"}, "concept_code"),
        ({"lawful_basis": "6(1)(z)"}, "lawful_basis"),
        ({"art9_conditions": ["9(2)(a)", 1]}, "art9_conditions.1"),
        ({"is_model_training": "yes"}, "is_model_training"),
        ({"valid_from": "2030-01-01", "valid_to": "2029-01-01"}, "valid_to"),
        ({"ref": "PU-1"}, "ref"),
    ],
)
def test_a_malformed_purpose_is_refused_by_field(
    officer: Caller, place: World, change: dict[str, object], field: str
) -> None:
    place_id = str(place.organization.uid)
    answer = officer.post("purposes", {"organization_id": place_id, **PUMPS, **change})
    assert answer.status_code == 400
    assert field in [name for _code, name in reasons(answer)]


def test_who_keeps_no_records_is_told_so(as_: As, place: World) -> None:
    answer = as_(SCIENTIST).post("purposes", {"organization_id": str(place.organization.uid), **PUMPS})
    assert answer.status_code == 403
    assert answer.json()["reasons"][0]["rule"] == "operation:edit_record"
    assert as_(SCIENTIST).post(f"purposes/{ABSENT}/approve").status_code == 404


def test_a_kind_of_purpose_is_permitted_and_forbidden(officer: Caller, version: AssetVersion) -> None:
    path = f"asset-versions/{version.uid}"
    body = {"concept_code": "ScientificResearch"}
    added = officer.post(f"{path}/permit-purpose", {**body, "columns": ["id"]})
    assert [each["column"] for each in added.json()["permitted"]] == ["id"]
    assert officer.post(f"{path}/permit-purpose", {**body, "columns": ["id"]}).status_code == 409
    officer.post(f"{path}/permit-purpose", body)
    assert officer.post(f"{path}/forbid-purpose", {**body, "columns": ["id"]}).status_code == 204
    left = officer.get(f"{path}/permitted-purposes").json()["results"]
    assert [(each["concept_code"], each["column"]) for each in left] == [("ScientificResearch", "value")]
    wrong = officer.post(f"{path}/permit-purpose", {**body, "columns": ["x"]})
    assert (wrong.status_code, reasons(wrong)) == (400, [("PERMISSION_COLUMN_UNKNOWN", "columns")])
    unknown = officer.post(f"{path}/permit-purpose", {"concept_code": "x"})
    assert (unknown.status_code, reasons(unknown)[0][1]) == (400, "concept_code")


def test_the_origin_is_stated_anew(officer: Caller, as_: As, version: AssetVersion) -> None:
    path = f"asset-versions/{version.uid}"
    assert officer.get(f"{path}/origin").status_code == 404
    said = {
        "original_basis": "6(1)(a)",
        "original_purpose_code": "ScientificResearch",
        "research_area_code": "AcademicResearch",
        "retention_ends_on": "2040-01-01",
    }
    assert officer.post(f"{path}/state-origin", said).status_code == 200
    shown = as_(SCIENTIST).get(f"{path}/origin").json()
    assert {name: shown[name] for name in said} == said
    contract = officer.post(f"{path}/state-origin", {**said, "original_basis": "6(1)(b)"})
    assert (contract.status_code, reasons(contract)[0][1]) == (422, "research_area_code")
    assert officer.post(f"{path}/state-origin", {"source": "A survey."}).json()["original_basis"] is None


def test_an_activity_goes_from_draft_to_cleared(
    officer: Caller, reviewer: Caller, as_: As, place: World, version: AssetVersion
) -> None:
    purpose = approved(officer, reviewer, place).removeprefix("purposes/")
    said = {
        "organization_id": str(place.organization.uid),
        "name": "Upkeep of pumps",
        "purpose_ids": [purpose],
        "asset_ids": [str(version.asset.uid)],
        "recipients": [{"kind": "public_authority", "party": "Labor inspectorate"}],
    }
    made = officer.post("processing-activities", said)
    assert made.status_code == 201
    path = made.headers["Location"]
    assert as_(SCIENTIST).get(path).status_code == 404
    lacking = officer.post(f"{path}/submit")
    assert lacking.status_code == 422
    assert {"security_measures", "data_subject_categories", "transfers"} <= {f for _c, f in reasons(lacking)}
    rest = {
        "data_subject_categories": ["Employee"],
        "security_measures": ["encryption"],
        "transfers": [{"country": "US", "importer": "Pumps Inc", "mechanism": "45(3)"}],
        "particulars": written(particulars()),
    }
    assert officer.patch(path, rest).status_code == 428
    changed = officer.patch(path, rest, If_Match=made.headers["ETag"])
    (only,) = changed.json()["versions"]
    assert (only["name"], only["purpose_ids"]) == (said["name"], said["purpose_ids"])
    assert only["transfers"] == [{**rest["transfers"][0], "instrument_ref": ""}]  # type: ignore[dict-item]
    assert officer.patch(path, rest, If_Match=made.headers["ETag"]).status_code == 412
    assert officer.post(f"{path}/submit").status_code == 200
    assert officer.post(f"{path}/approve").status_code == 403
    approved_now = reviewer.post(f"{path}/approve").json()
    assert approved_now["activity"]["clearance"] == "cleared"
    measured = approved_now["versions"][0]["completeness"]
    assert (measured["said"], measured["missing"]) == (measured["asked"], [])
    assert officer.get("processing-activities", clearance="blocked").json()["results"] == []
    assert officer.get("processing-activities", as_of="2020-01-01").json()["results"] == []
    in_force = officer.get(
        "processing-activities", clearance="cleared", as_of=approved_now["versions"][0]["effective_from"]
    )
    assert len(in_force.json()["results"]) == 1
    assert as_(SCIENTIST).get("processing-activities", state="approved", q="pumps").json()["results"]
    seen = officer.get(f"purposes/{purpose}/impact").json()["digest"]
    officer.post(f"purposes/{purpose}/suspend", {"reason": "A pause.", "seen_impact": seen})
    blocked = officer.post(f"{path}/reassess").json()
    assert blocked["activity"]["clearance"] == "blocked"
    assert blocked["versions"][0]["clearance_reasons"][0]["code"] == "ACTIVITY_PURPOSE_UNAPPROVED"
    assert officer.post(f"{path}/retire").json()["activity"]["state"] == "retired"


def test_particulars_are_changed_one_by_one_and_described(officer: Caller, place: World) -> None:
    said = {"business_function": "Maintenance", "places": [{"country": "DE"}]}
    body = {"organization_id": str(place.organization.uid), "name": "Upkeep", "particulars": said}
    made = officer.post("processing-activities", body)
    assert made.json()["versions"][0]["particulars"] == said
    change = {"particulars": {"business_function": None, "volume": "2 million rows"}}
    path = made.headers["Location"]
    changed = officer.patch(path, change, If_Match=made.headers["ETag"]).json()
    assert changed["versions"][0]["particulars"] == {
        "places": [{"country": "DE"}],
        "volume": "2 million rows",
    }
    described = officer.get("record-kinds").json()["particulars"]
    assert {"business_function", "places", "personal_data"} <= {each["name"] for each in described}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"transfers": [{"country": "us", "importer": "x"}]}, 400, "transfers"),
        ({"recipients": [{"kind": "friend"}]}, 400, "recipients.0.kind"),
        ({"purpose_ids": [ABSENT]}, 404, ""),
        ({"asset_ids": "all"}, 400, "asset_ids"),
        ({"particulars": {"automation": "robots"}}, 400, "particulars.automation"),
        ({"particulars": {"places": [{"country": "Mars"}]}}, 400, "particulars.places.0.country"),
        ({"particulars": {"favorite_color": "blue"}}, 400, "particulars.favorite_color"),
    ],
)
def test_a_malformed_activity_is_refused(
    officer: Caller, place: World, change: dict[str, object], status: int, field: str
) -> None:
    said = {"organization_id": str(place.organization.uid), "name": "Upkeep"}
    answer = officer.post("processing-activities", {**said, **change})
    assert answer.status_code == status
    assert field in [name for _code, name in reasons(answer)]
