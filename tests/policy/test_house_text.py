"""The text of a policy set: what is read, and how every fault is told by line, rule and remedy."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from apps.policy.conditions import ConditionCheck
from apps.policy.house import readings, tickets
from apps.policy.house.faults import PolicySetRefused
from apps.policy.house.reader import policy_set_of, read_policy_set
from apps.policy.house.text import TextUnreadable, read_text
from apps.policy.reason import text_of
from apps.policy.rulebook import DEFAULT_RULEBOOK, Rulebook, RulebookRefused

from .house_rules import HOUSE, policy_set, rulebook

SPOILT = {
    'class_rank: ">=3"': ("POLICY_WOULD_LOOSEN", 'class_rank: "<=3"'),
    'class_rank: "<=1"': ("POLICY_WOULD_TIGHTEN", 'class_rank: ">=1"'),
    "actions_any: export": ("POLICY_FACT_UNKNOWN", "action: export"),
    "place_outside: EEA": ("POLICY_FACT_UNKNOWN", "eval: __import__('os')"),
    "of: model_risk": ("POLICY_VALUE_WRONG", "of: dpo"),
    "then: {deny: TRANSFER_NOT_COVERED}": ("POLICY_RULE_EMPTY", "then: {}"),
    "id: REG-1": ("POLICY_KEY_MISSING", "id: REG-1\n    articles: []"),
    "id: MANY-1": ("POLICY_RULE_TWICE", "id: A10"),
    "notify: dpo": ("POLICY_KEY_UNKNOWN", "inform: dpo"),
    'pattern: "OPS-[0-9]{1,6}"': ("POLICY_VALUE_WRONG", 'pattern: "(a+)+$"'),
    "check: automatic": ("POLICY_VALUE_WRONG", "check: sometimes"),
    "then: {auto_ok: true}": ("POLICY_AUTO_OK_ADDS", "then: {auto_ok: true, notify: dpo}"),
    "name: House rules": ("POLICY_VALUE_WRONG", 'name: "House\\u202erules"'),
    "days: 20": ("POLICY_VALUE_WRONG", "days: 0"),
    "of: ciso": ("POLICY_VALUE_WRONG", "of: ciso, keep_verdicts: always"),
    "format: 1": ("POLICY_VALUE_WRONG", "keep_verdicts: [owner]\nformat: 1"),
}


def test_what_is_written_well_is_read() -> None:
    house = policy_set()
    assert house.rule_ids == ("CLS-3", "TRAIN-2", "REG-1", "MANY-1", "EXPORT-1", "QUICK-1")
    privacy = next(stage for stage in house.rules[0].then.stages if stage.name == "privacy")
    assert privacy.is_independent and privacy.sla_days == 3


@pytest.mark.parametrize("good", sorted(SPOILT))
def test_a_fault_names_its_line_the_rule_and_the_remedy(good: str) -> None:
    code, bad = SPOILT[good]
    line = HOUSE[: HOUSE.index(good)].count("\n") + 1
    text = HOUSE.replace(good, bad, 1)
    if code == "POLICY_KEY_MISSING":
        text = text.replace("    fix: Process the data in the EEA.\n", "")
    with pytest.raises(PolicySetRefused) as refusal:
        policy_set(text)
    reason = next(each for each in refusal.value.reasons if each.code == code)
    assert reason.facts["line"] == line
    said = (text_of(code).sentence + text_of(code).remedy) % dict(reason.facts)
    assert f"ine {line}" in said


@pytest.mark.parametrize(("code", "kind"), [("CALL_BACK", "during"), ("REGISTER_MODEL", "before")])
def test_what_the_portal_cannot_find_by_itself_is_refused_but_not_in_what_is_stored(
    code: str, kind: str
) -> None:
    text = HOUSE.replace("code: REGISTER_MODEL, kind: during", f"code: {code}, kind: {kind}")
    with pytest.raises(PolicySetRefused) as refusal:
        policy_set(text)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.rule, reason.facts["line"]) == ("POLICY_CHECK_UNKNOWN", "TRAIN-2", 16)
    by_hand = policy_set(text.replace(", check: automatic", ""))
    stated = by_hand.as_dict()
    stated["rules"][1]["then"]["require_condition"]["check"] = "automatic"
    (condition,) = policy_set_of(stated).rules[1].then.conditions
    assert condition.check is ConditionCheck.AUTOMATIC


def test_a_steward_or_an_administrator_stands_in_and_is_never_asked_first() -> None:
    stands_in = "of: ciso, fallback_roles: [steward], on_timeout: escalate, escalate_to: [administrator]"
    house = policy_set(HOUSE.replace("of: ciso", stands_in))
    stage = next(stage for rule in house.rules for stage in rule.then.stages if stage.name == "security")
    assert (stage.fallback_roles, stage.escalate_to) == (("steward",), ("administrator",))
    for spoilt in ("of: steward", stands_in.replace("steward", "dpo")):
        with pytest.raises(PolicySetRefused):
            policy_set(HOUSE.replace("of: ciso", spoilt))


def test_no_stage_that_decides_takes_the_name_of_the_opinion() -> None:
    with pytest.raises(PolicySetRefused) as refusal:
        policy_set(HOUSE.replace("stage: security", "stage: dpo_opinion"))
    assert "dpo_opinion: true" in str(refusal.value.reasons[0].facts["expected"])


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = HOUSE.replace("of: ciso", "of: nobody").replace('class_rank: ">=3"', "class_rank: 3")
    with pytest.raises(PolicySetRefused) as refusal:
        policy_set(text)
    lines = [each.facts["line"] for each in refusal.value.reasons]
    assert lines == sorted(lines) and len(lines) == 2


def test_json_is_read_as_the_same_rules() -> None:
    stated = json.dumps(policy_set().as_dict(), indent="\t")
    assert read_policy_set(stated).sha256 == policy_set().sha256


def test_comments_and_order_change_nothing_and_a_value_changes_the_hash() -> None:
    assert policy_set(HOUSE + "# The end.\n").sha256 == policy_set().sha256
    assert policy_set(HOUSE.replace("days: 20", "days: 21")).sha256 != policy_set().sha256


def test_both_parts_of_a_rulebook_stand_under_one_hash() -> None:
    book = rulebook(policy_set())
    again = Rulebook.from_dict(book.as_dict())
    assert (again, again.sha256) == (book, book.sha256) and book.sha256 != DEFAULT_RULEBOOK.sha256
    spoilt = {**book.as_dict(), "policy_set": {"format": 1, "name": "x", "rules": [{}]}}
    with pytest.raises(RulebookRefused):
        Rulebook.from_dict(spoilt)


def test_words_are_never_guessed_to_be_something_else() -> None:
    """YAML 1.1 takes NO for false, 1.10 for a number and 2027-01-01 for a day."""
    read = read_text("a: NO\nb: 1.10\nc: 2027-01-01\nd: '3'\ne: 3\nf: true\ng:\n")
    assert list(read.value.values()) == ["NO", "1.10", "2027-01-01", "3", 3, True, None]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "a: 1\na: 2",
        "a: &x [1]\nb: *x",
        "a: !!python/object/apply:os.system [id]",
        "--- 1\n--- 2",
        "? [a]\n: 1",
        "a: \x00",
        "[" * 5000,
        "- a\n" * 30_000,
        "x" * 200_000,
    ],
)
def test_what_could_harm_is_refused_with_a_line(text: str) -> None:
    began = time.process_time()
    with pytest.raises(TextUnreadable) as refusal:
        read_text(text)
    assert refusal.value.line >= 1 and refusal.value.problem
    assert time.process_time() - began < 5


def test_a_ticket_has_the_form_asked_for() -> None:
    form = tickets.read_form("OPS-[0-9]{1,6}")
    assert form.matches("OPS-1") and form.matches("OPS-123456")
    for wrong in ("OPS-", "OPS-1234567", "ops-1", "XOPS-1", "OPS-1 ", "OPS-1\n", "0" * 1000):
        assert not form.matches(wrong)


def test_no_form_can_make_matching_slow() -> None:
    form = tickets.read_form("[a-z]{0,40}" * 7)
    assert form.matches("a" * 100) and not form.matches("a" * 99 + "!")


@pytest.mark.parametrize("text", ["", "(a|b)", "a+", "a*", "[0-9", "[^a]", "a{41}", "a{0}", "a{2,1}", "é"])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(tickets.FormUnknown):
        tickets.read_form(text)


def test_the_example_in_the_documents_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "decisions" / "011-policy-sets.md").read_text()
    example = page.split("```yaml\n")[1].split("```")[0]
    assert read_policy_set(example).rule_ids[0] == "CLS-3"
    assert all(f"`{name}`" in page for name in readings.FACTS)
