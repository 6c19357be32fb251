"""Rules of a house on screen: faults by line, the way to publication, and what they did."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from apps.access.models import PolicySet
from apps.access.tasks import run_replay
from apps.accounts.roles import Role
from apps.console import wording
from apps.console.forms.rules import RuleForm
from apps.console.policies import demand_text, rules_shown
from apps.policy.engine import ROUTE
from apps.policy.house.reader import read_policy_set
from apps.policy.house.writing import with_rule
from apps.policy.route import PHASES
from apps.policy.rules import CATALOGUE
from tests.console.conftest import Browse
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, asked, draft
from tests.factories.policies import HOUSE_RULES, drafted_policy, policy_in_review, published_policy

BAD = HOUSE_RULES.replace("{personal: true}", "{personal: false}", 1)


def test_a_fault_is_told_by_line_and_what_was_typed_stays(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    key = client.get("/rulebook/new/").context["form"]["key"].value()
    checked = client.post("/rulebook/new/", {"text": BAD, "key": key, "check": "1"})
    assert checked.status_code == 200 and "1 line to correct" in checked.text
    assert "would no longer apply when more is asked for" in checked.text
    kept = client.post("/rulebook/new/", {"text": BAD, "key": key})
    assert kept.status_code == 400 and "Line 7 (PAY-1)" in kept.text and "{personal: false}" in kept.text
    assert not PolicySet.objects.exists()


def test_a_rule_is_added_to_the_text_step_by_step(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    key = client.get("/rulebook/new/").context["form"]["key"].value()
    said = {
        "rule-id": "NEW-1",
        "rule-about": "Exports wait for counsel.",
        "rule-fact": "actions",
        "rule-value": "export, share",
        "rule-effect": "ask",
        "rule-role": "legal",
    }
    sent = {"text": HOUSE_RULES.replace("\n", "\r\n"), "key": key, "append": "1"}
    page = client.post("/rulebook/new/", {**sent, **said})
    text = page.context["editor"]["text"].value()
    assert (page.status_code, page.context["lint"].is_clean) == (200, True)
    added = read_policy_set(text).document["rules"][-1]
    assert added["when"] == {"actions_any": ["export", "share"]}
    assert added["then"] == {"require": {"stage": "legal", "of": "legal"}}
    assert not PolicySet.objects.exists()
    refused = client.post("/rulebook/new/", {**sent, **said, "rule-effect": "deny", "rule-value": ""})
    assert refused.status_code == 400
    assert set(refused.context["rule_form"].errors) == {"value", "code", "fix"}
    assert "Exports wait for counsel." in refused.text and "PAY-1" in refused.text
    by_hand = client.post("/rulebook/new/", {**sent, **said, "text": "{}"})
    assert (by_hand.status_code, "by hand" in by_hand.text) == (400, True)


SEVERAL = {
    "rule-id": "NEW-2",
    "rule-about": "Much that leaves the region.",
    "rule-fact": "place",
    "rule-value": "EEA",
    "rule-how": "outside",
    "rule-fact_2": "class_rank",
    "rule-value_2": "2",
    "rule-fact_3": "special",
    "rule-role": "dpo",
}
WHEN = {"place_outside": ["EEA"], "class_rank": ">=2", "special": True}


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({"effect": "notify"}, {"notify": "dpo"}),
        ({"effect": "days", "number": "30"}, {"cap": {"days": 30}}),
        ({"effect": "minutes", "number": "60"}, {"cap": {"ttl_minutes": 60}}),
        (
            {"effect": "condition", "code": "REPORT_USE", "kind": "during", "text": "Report the use."},
            {"require_condition": {"code": "REPORT_USE", "kind": "during", "text": "Report the use."}},
        ),
        (
            {"effect": "ticket", "system": "JIRA", "pattern": "OPS-[0-9]{1,6}"},
            {"require_ticket": {"system": "JIRA", "pattern": "OPS-[0-9]{1,6}"}},
        ),
        ({"effect": "block", "code": "NO_PLACE", "fix": "Record it."}, {"block": "NO_PLACE"}),
    ],
    ids=lambda each: each.get("effect", "") if isinstance(each, dict) else "",
)
def test_a_rule_of_several_comparisons_is_written_as_it_is_read(
    said: dict[str, str], then: dict[str, Any]
) -> None:
    form = RuleForm({**SEVERAL, **{f"rule-{name}": each for name, each in said.items()}}, prefix="rule")
    assert form.is_valid(), form.errors
    added = read_policy_set(with_rule(HOUSE_RULES, form.rule())).document["rules"][-1]
    assert added["when"] == WHEN
    written = {
        name: {key: each for key, each in value.items() if key in then[name]}
        if isinstance(value, dict)
        else value
        for name, value in added["then"].items()
    }
    assert written == then


def test_every_field_of_a_rule_stands_in_a_row() -> None:
    form = RuleForm(prefix="rule")
    assert [field.name for row in form.rows for field in row] == list(form.fields)


def test_a_comparison_twice_and_what_an_effect_lacks_are_told_at_their_fields() -> None:
    twice = {**SEVERAL, "rule-fact_3": "place", "rule-value_3": "NO", "rule-how_3": "outside"}
    for effect, missing in (
        ("condition", {"kind", "code", "text"}),
        ("ticket", {"system", "pattern"}),
        ("days", {"number"}),
        ("deny", {"code", "fix"}),
    ):
        form = RuleForm({**twice, "rule-effect": effect}, prefix="rule")
        assert set(form.errors) == {"fact_3", *missing}
    both = {**twice, "rule-how_3": "any", "rule-effect": "notify"}
    assert RuleForm(both, prefix="rule").is_valid()
    asked_to_decide = RuleForm({**both, "rule-effect": "ask"}, prefix="rule")
    assert set(asked_to_decide.errors) == {"role"}


def test_a_part_of_the_editor_says_what_the_text_says(world: AccessWorld, browse: Browse) -> None:
    answer = browse("officer").post(
        "/rulebook/new/",
        {"text": HOUSE_RULES, "check": "1"},
        headers={"HX-Request": "true", "HX-Target": "lint"},
    )
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "personal: true" in answer.text and "TRANSFER_NOT_COVERED" in answer.text


def test_rules_go_into_force_on_screen_by_two_people(world: AccessWorld, browse: Browse) -> None:
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    author, second = browse("officer"), browse("second_officer")
    key = author.get("/rulebook/new/").context["form"]["key"].value()
    made = author.post("/rulebook/new/", {"text": HOUSE_RULES, "key": key})
    assert author.post("/rulebook/new/", {"text": HOUSE_RULES, "key": key}).url == made.url
    started = author.post(f"{made.url}replay/", {"months": "3"})
    assert "Running" in author.get(started.url).text
    run_replay(started.url.rstrip("/").rpartition("/")[2])
    report = author.get(started.url).text
    assert "1 of 1 would be answered otherwise" in report and "PAY-1" in report
    author.post(f"{made.url}submit/")
    own = author.get(f"{made.url}publish/").text
    assert "Put it in force" not in own and "Take it back" in own
    review = second.get(f"{made.url}publish/")
    sent = {"sha256": review.context["publish_form"]["sha256"].value(), "seen_impact": "0" * 64}
    assert second.post(f"{made.url}publish/", sent).status_code == 412
    del sent["seen_impact"]
    assert second.post(f"{made.url}publish/", sent).status_code == 428
    sent["seen_impact"] = review.context["reached"].digest
    assert second.post(f"{made.url}publish/", sent).status_code == 302
    assert "In force" in second.get("/rulebook/").text


def test_a_stage_that_nobody_can_fill_is_warned_of_while_one_writes(
    world: AccessWorld, browse: Browse
) -> None:
    text = HOUSE_RULES.replace("of: compliance_officer", "of: legal")
    policy_set = drafted_policy(world["officer"], text)
    page = browse("officer").get(f"/rulebook/{policy_set.uid}/edit/")
    assert page.context["lint"].warnings and "PAY-1" in page.text
    people.player(world.organization, Role.LEGAL)
    assert not browse("officer").get(f"/rulebook/{policy_set.uid}/edit/").context["lint"].warnings


def test_what_is_given_back_says_why_it_must(world: AccessWorld, browse: Browse) -> None:
    policy_set = policy_in_review(world["officer"])
    path = f"/rulebook/{policy_set.uid}/return/"
    assert browse("second_officer").post(path, {"reason": ""}).status_code == 400
    assert browse("second_officer").post(path, {"reason": "Too wide."}).status_code == 302
    policy_set.refresh_from_db()
    assert policy_set.state == "draft"


def test_rules_that_wait_for_a_second_person_are_counted_for_them(world: AccessWorld, browse: Browse) -> None:
    def waiting(who: str) -> list[str]:
        groups = browse(who).get("/").context["rail"].groups
        return [entry.count for group in groups for entry in group.entries if entry.url == "/rulebook/"]

    assert waiting("second_officer") == [""]
    policy_in_review(world["officer"])
    assert [waiting(who) for who in ("officer", "second_officer", "auditor")] == [[""], ["1"], [""]]


def test_home_begins_with_the_work_of_who_keeps_something(world: AccessWorld, browse: Browse) -> None:
    keeps, asks = browse("administrator").get("/").text, browse("scientist").get("/").text
    assert "Your work" in keeps and "You have no access to data yet" not in keeps
    assert "Your work" not in asks and "You have no access to data yet" in asks


def test_somebody_faster_is_told_and_what_was_typed_stays(world: AccessWorld, browse: Browse) -> None:
    policy_set = drafted_policy(world["officer"])
    typed = HOUSE_RULES + "# mine\n"
    answer = browse("officer").post(
        f"/rulebook/{policy_set.uid}/edit/", {"text": typed, "row_version": policy_set.row_version + 1}
    )
    assert answer.status_code == 412 and "# mine" in answer.text


def test_versions_are_compared_by_rule_and_by_line(world: AccessWorld, browse: Browse) -> None:
    first = published_policy(world["officer"], world["second_officer"])
    changed = HOUSE_RULES.replace("days: 90", "days: 30").replace("REG-1", "REG-2")
    second = drafted_policy(world["officer"], changed)
    page = browse("officer").get(f"/rulebook/{second.uid}/changes/?from={first.uid}").text
    for rule in ("PAY-1", "REG-1", "REG-2"):
        assert f"<code>{rule}</code>" in page
    assert "<del>" in page and "days: 30" in page


def test_who_neither_writes_nor_watches_sees_no_rules_of_the_house(
    world: AccessWorld, browse: Browse
) -> None:
    policy_set = drafted_policy(world["officer"])
    client = browse("scientist")
    assert client.get(f"/rulebook/{policy_set.uid}/").status_code == 404
    assert client.get("/rulebook/did/").status_code == 403
    assert client.get("/rulebook/new/").status_code == 403
    assert str(policy_set.uid) not in client.get("/rulebook/").text
    assert browse("auditor").get(f"/rulebook/{policy_set.uid}/").status_code == 200


def test_what_the_rules_did_names_what_would_unblock_the_rest(world: AccessWorld, browse: Browse) -> None:
    asked(world["scientist"], draft(world.personal, world.purposes["unrecorded"]))
    asked(world["scientist"], draft(world.harmless, world.purposes["rock"]))
    page = browse("officer").get("/rulebook/did/")
    activity = page.context["activity"]
    assert (activity.instant, activity.blocked) == (1, 1)
    assert activity.missing[0].waiting == 1 and "A02" in page.text


def test_before_sending_it_says_what_would_help(world: AccessWorld, browse: Browse) -> None:
    answer = browse("scientist").post(
        f"/catalog/{world.harmless.asset.uid}/request/",
        {
            "purpose_id": world.purposes["rock"].uid,
            "actions": ["export"],
            "days": "30",
            "mode": "pinned",
            "place_of_processing": "DE",
            "ticket": "",
            "key": str(uuid4()),
        },
        headers={"HX-Request": "true", "HX-Target": "outcome"},
    )
    assert "What would help" in answer.text and "Ask for another action: read" in answer.text


def test_every_rule_of_the_law_is_called_by_what_it_looks_at() -> None:
    assert not {rule for rule in (*CATALOGUE, ROUTE) if rule not in wording.RULES}
    assert PHASES.keys() <= wording.STAGES.keys()


def test_rules_and_what_they_ask_for_are_said_in_words() -> None:
    rule = {"id": "PAY-1", "about": "Pay.", "when": {"personal": True, "days": ">=30"}}
    rule["then"] = {"require": {"stage": "legal", "of": "compliance_officer"}, "cap": {"ttl_minutes": 60}}
    shown = rules_shown({"rules": [rule]})[0]
    assert [line.words for line in (*shown.when, *shown.then)] == [
        "a column is about people",
        "for how many days access is asked: >=30",
        "Legal: decided by compliance officer",
        "a key lives for at most 60 minutes",
    ]
    assert demand_text("legal: compliance_officer × 2") == "Legal: 2 × compliance officer"
    assert demand_text("step-up") == "who decides proves once more who they are"
    assert demand_text("log_rows") == "log which rows are read"
