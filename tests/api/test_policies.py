"""Rules of a house through REST: faults by line, a replay, two people, and what the rules did."""

from __future__ import annotations

from apps.accounts.commands import end_role
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.policy.rulebook import LAWFUL_RULEBOOK
from tests.api import asking
from tests.api.conftest import As
from tests.api.test_classification import reasons
from tests.factories.accounts import World
from tests.factories.policies import HOUSE_RULES, policy_in_review, published_policy, replayed

OFFICER, ADMINISTRATOR = Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR
BAD = HOUSE_RULES.replace(
    "personal: true}\n    then:\n      require", "personal: 1}\n    then:\n      require"
)


def test_a_text_is_checked_without_being_kept(as_: As) -> None:
    clean = as_(OFFICER).post("policy-sets/lint", {"text": HOUSE_RULES}).json()
    assert clean["is_clean"] and len(clean["sha256"]) == 64
    found = as_(OFFICER).post("policy-sets/lint", {"text": BAD}).json()
    (fault,) = found["faults"]
    assert (fault["code"], fault["facts"]["line"]) == ("POLICY_VALUE_WRONG", 7)
    assert "Line 7" in fault["sentence"] and "true or false" in fault["remedy"]
    assert as_(OFFICER).get("policy-sets").json()["results"] == []


def test_a_text_with_faults_is_refused_with_all_of_them(as_: As) -> None:
    answer = as_(OFFICER).post("policy-sets", {"text": BAD})
    assert (answer.status_code, reasons(answer)) == (400, [("POLICY_VALUE_WRONG", "text")])


def test_rules_go_from_a_draft_into_force_by_two_people(as_: As, place: World) -> None:
    officer, administrator = as_(OFFICER), as_(ADMINISTRATOR)
    made = officer.post("policy-sets", {"text": HOUSE_RULES}).json()
    path = f"policy-sets/{made['id']}"
    assert officer.post(f"{path}/submit", {}).status_code == 409
    replay = officer.post(f"{path}/replay", {"months": 1}).json()
    assert (replay["finished_at"], replay["draft_sha256"]) == (None, made["sha256"])
    policy_set = policy_in_review(place[OFFICER].actor)
    read = administrator.get(f"policy-sets/{policy_set.uid}").json()
    assert read["text"] == HOUSE_RULES
    body = {"sha256": read["sha256"]}
    assert officer.post(f"policy-sets/{policy_set.uid}/publish", body).status_code == 422
    unseen = administrator.post(f"policy-sets/{policy_set.uid}/publish", body)
    assert (unseen.status_code, reasons(unseen)) == (428, [("IMPACT_UNSEEN", "")])
    body["seen_impact"] = administrator.get(f"policy-sets/{policy_set.uid}/impact").json()["digest"]
    done = administrator.post(f"policy-sets/{policy_set.uid}/publish", body).json()
    assert (done["state"], done["approver_id"]) == ("published", str(place[ADMINISTRATOR].person.uid))
    (newest, *_older) = as_(Role.SCIENTIST).get("rulebooks").json()["results"]
    assert newest["is_in_force"] and newest["version"].startswith(f"{LAWFUL_RULEBOOK.version}+")


def test_a_stage_that_nobody_can_fill_is_told_of_by_lint_and_refuses_the_sending(
    as_: As, place: World
) -> None:
    end_role(actor=SYSTEM, role_assignment_id=RoleAssignment.objects.get(role=Role.LEGAL).uid)
    text = HOUSE_RULES.replace("of: compliance_officer", "of: legal")
    (warning,) = as_(OFFICER).post("policy-sets/lint", {"text": text}).json()["warnings"]
    assert warning["code"] == "POLICY_POOL_TOO_SMALL" and "Rule PAY-1" in warning["sentence"]
    made = as_(OFFICER).post("policy-sets", {"text": text}).json()
    refused = as_(OFFICER).post(f"policy-sets/{made['id']}/submit", {})
    assert (refused.status_code, reasons(refused)) == (422, [("POLICY_POOL_TOO_SMALL", "text")])


def test_a_report_lists_what_would_be_otherwise(as_: As, place: World) -> None:
    asking.waiting(place)
    exports = HOUSE_RULES.replace("personal: true}", "actions_any: export}", 1)
    policy_set = policy_in_review(place[OFFICER].actor, exports)
    found = replayed(place[OFFICER].actor, policy_set)
    report = as_(OFFICER).get(f"policy-replays/{found.uid}").json()
    assert report["counts"] == {"more_stages": 1}
    assert report["changed"][0]["rules"] == ["PAY-1"]


def test_what_the_rules_did_is_counted_by_rule(as_: As, place: World) -> None:
    published_policy(
        place[OFFICER].actor,
        place[ADMINISTRATOR].actor,
        HOUSE_RULES.replace("outside_eea: true, personal: true", "place_outside: DE"),
    )
    offer = asking.offer(place)
    asking.waiting(place)
    body = {**offer.body("read"), "place_of_processing": "US", "submit": True}
    assert as_(Role.SCIENTIST).post("access-requests", body).status_code == 422
    did = as_(Role.AUDITOR).get("rulebook-activity").json()
    by_rule = {each["rule"]: each for each in did["rules"]}
    assert did["refused"] == 1 and by_rule["REG-1"]["refused"] == 1
    assert did["total"] == did["refused"] + did["blocked"] + did["routed"] + did["instant"]


def test_a_preview_offers_what_would_help(as_: As, place: World) -> None:
    offer = asking.offer(place)
    found = as_(Role.SCIENTIST).post("access-requests/preview", offer.body("export")).json()
    assert found["effect"] == "refer"
    (first, *_rest) = found["way"]["offers"]
    assert first["edits"] == [{"kind": "other_action", "what": ["export", "read"]}]
    assert first["effect"] == "permit"


def test_the_usual_time_comes_from_the_own_history(as_: As, place: World) -> None:
    body = asking.offer(place).body("export")
    assert as_(Role.SCIENTIST).post("access-requests/preview", body).json()["way"]["usual_seconds"] is None
    request = asking.waiting(place)
    verdict = asking.verdict(request)
    assert as_(Role.OWNER).post(f"access-requests/{request.uid}/approve", verdict).status_code == 200
    way = as_(Role.SCIENTIST).post("access-requests/preview", body).json()["way"]
    assert set(way["usual_seconds_by_stage"]) == {"owner"} and way["usual_seconds"] is not None


def test_one_trace_is_read_in_three_ways(as_: As, place: World) -> None:
    request = asking.waiting(place)
    found = as_(Role.SCIENTIST).get(f"access-requests/{request.uid}/explanation").json()
    assert [each["code"] for each in found["reasons"]] == ["DEFAULT_ROUTE_TAKEN"]
    (first, *_rest) = found["rules"]
    assert (first["rule"], first["status"], first["added"]) != ("", "", [])
    assert {each["rule"] for each in found["rules"]} == {each["rule"] for each in found["trace"]["findings"]}
