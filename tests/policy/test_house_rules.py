"""What rules of the house add, what would help against them, and what a draft would change."""

from __future__ import annotations

from typing import Any

import pytest

from apps.policy.comparison import Change, difference
from apps.policy.counterfactual import EditKind, offers_for
from apps.policy.decision import Decision, Effect
from apps.policy.engine import decide
from apps.policy.facts import JointFacts, RequestFacts
from apps.policy.house.faults import PolicySetRefused
from apps.policy.house.reader import policy_set_of
from apps.policy.rulebook import DEFAULT_RULEBOOK

from . import samples as a
from .house_rules import HOUSE, policy_set, rulebook

BOOK = rulebook(policy_set())
LITTLE = JointFacts(personal_assets=1, categories=frozenset(), special_kinds=frozenset())
"""Known, and below what a rule looks at."""


def _answer(facts: RequestFacts) -> Decision:
    return decide(facts, BOOK)


def _kinds(facts: RequestFacts, **given: Any) -> list[tuple[EditKind, ...]]:
    return [tuple(each.kind for each in o.edits) for o in offers_for(facts, _answer(facts), BOOK, **given)]


def test_a_high_class_adds_a_stage_a_cap_and_a_shorter_key() -> None:
    decision = _answer(a.request(a.personal_column(class_rank=3), days=80))
    assert {"owner", "privacy", "dpo_opinion"} <= set(a.stage_names(decision))
    assert decision.max_lease_minutes == 60
    assert decision.limiting_factor == "house_rule:CLS-3"


KEPT = HOUSE.replace("rules:\n", "keep_verdicts: {owner: unchanged_facts, privacy: none}\nrules:\n", 1)


def test_stages_keep_verdicts_where_the_house_says_so_once_or_with_each_demand() -> None:
    said = KEPT.replace("of: model_risk", "of: model_risk, keep_verdicts: unchanged_facts")
    house = policy_set(said)
    assert policy_set_of(house.as_dict()) == house
    facts = a.personal_request(actions=frozenset({"train"}))
    stages = decide(facts, rulebook(house)).stages
    kept = {stage.name: stage.keep_verdicts for stage in stages if stage.keep_verdicts}
    assert kept == dict.fromkeys(("owner", "model_risk"), "unchanged_facts")
    assert not any(stage.keep_verdicts for stage in _answer(facts).stages)


def test_verdicts_are_kept_of_stages_that_there_are() -> None:
    with pytest.raises(PolicySetRefused) as refusal:
        policy_set(KEPT.replace("{owner:", "{somebody:"))
    assert [reason.code for reason in refusal.value.reasons] == ["POLICY_KEY_UNKNOWN"]


def test_a_condition_is_set_by_name() -> None:
    decision = _answer(a.personal_request(actions=frozenset({"train"})))
    assert [condition.code for condition in decision.conditions] == ["REGISTER_MODEL"]


def test_a_place_outside_denies_and_an_unknown_one_blocks_and_says_so() -> None:
    assert _answer(a.request(place_of_processing="US")).effect is Effect.DENY
    unknown = _answer(a.request(place_of_processing=None))
    assert unknown.effect is Effect.BLOCK and "HOUSE_RULE_UNDECIDED" in a.codes(unknown)
    assert a.finding(unknown, "REG-1").unknown[0].fact == "place"
    assert _answer(a.request(place_of_processing="NO", joint=LITTLE)).effect is Effect.PERMIT


def test_holdings_count_together_with_what_is_asked_for() -> None:
    def holding(count: int) -> Decision:
        joint = JointFacts(personal_assets=count, categories=frozenset(), special_kinds=frozenset())
        return _answer(a.request(joint=joint))

    assert "security" not in a.stage_names(holding(2))
    assert "security" in a.stage_names(holding(3)) and holding(3).notify == {"dpo"}


def test_an_export_waits_for_a_ticket_of_the_right_form() -> None:
    export = frozenset({"export"})
    said = {None: "TICKET_MISSING", "x": "TICKET_MALFORMED", "OPS-7": ""}
    for ticket, code in said.items():
        decision = _answer(a.personal_request(actions=export, ticket_reference=ticket))
        assert (decision.effect is Effect.BLOCK) == bool(code)
        assert not code or code in a.codes(decision)


def test_a_cap_refuses_what_lies_beyond_and_names_it() -> None:
    text = HOUSE.replace("cap: {days: 20", "cap: {actions: read, days: 20")
    book = rulebook(policy_set(text))
    facts = a.request(a.personal_column(class_rank=3), actions=frozenset({"read", "write"}))
    decision = decide(facts, book)
    (reason,) = a.finding(decision, "CLS-3").reasons
    assert decision.effect is Effect.DENY and reason.facts["beyond"] == ("write",)
    (offer, *_rest) = offers_for(facts, decision, book)
    assert offer.edits[0].kind is EditKind.DROP_ACTION and offer.decision.effect is Effect.REFER


def test_edits_that_remove_a_denial_are_found_shortest_first() -> None:
    assert (EditKind.OTHER_PLACE,) in _kinds(a.request(place_of_processing="US"), other_places=("DE",))
    special = a.with_purpose(a.request(a.personal_column(), a.special_column()))
    assert _kinds(special)[0] == (EditKind.DROP_COLUMNS,)
    assert _kinds(a.personal_request(actions=frozenset({"export"})))[0] == (EditKind.OTHER_ACTION,)
    assert (EditKind.SHORTEN,) in _kinds(a.request(days=400, joint=LITTLE))
    both = a.request(a.personal_column(), a.special_column(), place_of_processing="US")
    assert len(_kinds(both, other_places=("DE",))[0]) == 2


def test_another_purpose_is_offered_where_it_helps() -> None:
    wish = a.with_purpose(a.personal_request(), lawful_basis=None)
    other = a.personal_request(purpose=a.purpose(uid="purpose-1", version="2"))
    assert (EditKind.OTHER_PURPOSE,) in _kinds(wish, other_purposes=(other,))


def test_nothing_is_offered_where_nothing_stands_in_the_way() -> None:
    assert _kinds(a.request()) == []


def test_no_edit_is_offered_that_does_not_help() -> None:
    facts = a.request(place_of_processing="US", subject=a.subject(is_active=False))
    assert _kinds(facts, other_places=("DE",)) == []


def test_a_draft_is_told_by_what_it_changes_for_people() -> None:
    wishes = {
        Change.NOW_DENIED: a.request(place_of_processing="US"),
        Change.NOW_BLOCKED: a.personal_request(actions=frozenset({"export"})),
        Change.MORE_STAGES: a.personal_request(actions=frozenset({"train"})),
        Change.OTHER_TERMS: a.request(a.personal_column(class_rank=3), days=80, joint=LITTLE),
        Change.NOW_AT_ONCE: a.personal_request(joint=LITTLE),
        None: a.request(joint=LITTLE),
    }
    book = rulebook(policy_set(HOUSE.replace(", dpo_opinion: true", "")))
    for change, facts in wishes.items():
        told = difference(decide(facts, DEFAULT_RULEBOOK), decide(facts, book))
        assert (told.change if told else None) is change
        turned = difference(decide(facts, book), decide(facts, DEFAULT_RULEBOOK))
        assert (turned is None) == (change is None)
