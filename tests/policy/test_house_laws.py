"""The laws of the engine hold whatever an organization adds. Each has a control: a break it must catch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.conditions import ConditionSpec
from apps.policy.decision import Decision, Effect
from apps.policy.engine import decide
from apps.policy.facts import JointFacts, Relation, RequestFacts, TicketFacts
from apps.policy.house import matches
from apps.policy.house.readings import Level
from apps.policy.house.rules import PolicySet
from apps.policy.rulebook import Rulebook
from apps.policy.vocabulary import Action, TicketStanding

from . import samples as a
from .house_rules import policy_set, policy_sets, rulebook
from .strategies import NULLABLE, STATED, Change, requests, set_fact, tightenings
from .test_laws import NO, QUICK, check_monotone, check_saying_less, must_not_be_laxer

MORE: dict[str, Change] = {
    "place": lambda facts: replace(facts, place_of_processing="US"),
    "beneficiary": lambda facts: replace(
        facts, subject=replace(facts.subject, uid="eve", relation=Relation.VENDOR)
    ),
    "holdings": lambda facts: replace(facts, joint=_more(facts.joint), linked_personal=True),
}


def _more(joint: JointFacts | None) -> JointFacts | None:
    if joint is None:
        return None
    return replace(
        joint,
        personal_assets=joint.personal_assets + 1,
        categories=joint.categories | {"Location"},
        special_kinds=joint.special_kinds | {"health"},
    )


@st.composite
def wishes(draw: st.DrawFn) -> RequestFacts:
    joint = JointFacts(
        personal_assets=draw(st.integers(0, 4)), categories=frozenset(), special_kinds=frozenset()
    )
    ticket = draw(st.sampled_from((None, "", "OPS-1", "no ticket")))
    facts = draw(requests())
    known = draw(st.sampled_from((joint, None)))
    standing = draw(st.sampled_from((*TicketStanding, None)))
    said = None if standing is None else (TicketFacts(system="JIRA", standing=standing),)
    return replace(facts, joint=known, ticket_reference=ticket, tickets=said)


def _codes(conditions: tuple[ConditionSpec, ...]) -> set[str]:
    return {condition.code for condition in conditions}


def _by(house: PolicySet) -> Callable[[RequestFacts], Decision]:
    book = rulebook(house)
    return lambda facts: decide(facts, book)


def check_more(engine: Callable[[RequestFacts], Decision], facts: RequestFacts, change: Change) -> None:
    before, after = engine(facts), engine(change(facts))
    must_not_be_laxer(before, after)
    assert _codes(before.conditions) <= _codes(after.conditions)


def _law_of_more(engine_of: Any, how: Any) -> None:
    @how
    @given(policy_sets(), wishes(), tightenings())
    def law(house: PolicySet, facts: RequestFacts, tightening: tuple[str, Change]) -> None:
        check_monotone(engine_of(house), facts, *tightening)
        check_more(engine_of(house), facts, tightening[1])

    law()


def test_whatever_the_house_adds_asking_for_more_never_gets_more() -> None:
    _law_of_more(_by, QUICK)


@QUICK
@given(policy_sets(), wishes(), st.sampled_from(sorted(MORE)))
def test_another_place_beneficiary_or_more_holdings_never_loosen(
    house: PolicySet, facts: RequestFacts, name: str
) -> None:
    """A vendor in place of the subject keeps the requester; a place outside replaces one inside."""
    facts = replace(facts, subject=replace(facts.requester), place_of_processing="DE")
    check_more(_by(house), facts, MORE[name])


@QUICK
@given(policy_sets(), wishes(), st.sampled_from(NULLABLE), st.integers(0, 3), st.data())
def test_whatever_the_house_adds_saying_less_never_gets_more(
    house: PolicySet, facts: RequestFacts, fact: tuple[str, str], index: int, data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from(STATED[fact[0]][fact[1]]))
    check_saying_less(_by(house), set_fact(facts, *fact, value, index), fact, index)


@QUICK
@given(policy_sets(), wishes(), st.sampled_from(("joint", "ticket_reference", "tickets")))
def test_holdings_and_tickets_left_unsaid_never_get_more(
    house: PolicySet, facts: RequestFacts, name: str
) -> None:
    must_not_be_laxer(_by(house)(facts), _by(house)(replace(facts, **{name: None})))


@QUICK
@given(policy_sets(), wishes())
def test_rules_of_the_house_only_add(house: PolicySet, facts: RequestFacts) -> None:
    """But for `auto_ok`, which never lifts a denial, a block or a stage that a rule asks for."""
    law, both = decide(facts), _by(house)(facts)
    if any(finding.is_auto_ok for finding in both.findings):
        assert law.effect in NO or both.effect in {Effect.REFER, Effect.PERMIT} or both.effect in NO
        assert (law.effect in NO) <= (both.effect in NO)
        return
    must_not_be_laxer(law, both)
    assert law.obligations <= both.obligations and set(law.limits) <= set(both.limits)


@QUICK
@given(policy_sets(), wishes())
def test_same_facts_and_same_rules_give_the_same_bytes_also_after_storage(
    house: PolicySet, facts: RequestFacts
) -> None:
    stored = Rulebook.from_dict(rulebook(house).as_dict())
    assert stored.sha256 == rulebook(house).sha256
    again = RequestFacts.from_json(facts.as_json())
    assert decide(again, stored).as_bytes() == _by(house)(facts).as_bytes()


def test_control_a_rule_that_ends_where_more_is_asked_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `class_rank: ">=1"` were taken for "exactly 1"."""

    def exactly(match: matches.Match, reading: Level) -> bool | None:
        return None if reading.known is None else reading.known == match.level

    engine, facts = _by(_of_rule({"class_rank": ">=1"})), a.personal_request()
    check_more(engine, facts, _of_higher_class)
    monkeypatch.setattr(matches.Match, "_holds_for_level", exactly)
    with pytest.raises(AssertionError):
        check_more(engine, facts, _of_higher_class)


def test_control_an_unknown_fact_taken_for_no_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, stated = _by(_of_rule({"place_outside": "EEA"})), a.personal_request(place_of_processing="US")
    check_saying_less(engine, stated, ("request", "place_of_processing"), 0)
    holds = matches.Match.holds
    monkeypatch.setattr(matches.Match, "holds", lambda match, reading: bool(holds(match, reading)))
    with pytest.raises(AssertionError):
        check_saying_less(engine, stated, ("request", "place_of_processing"), 0)


def test_no_rule_of_the_house_grants_special_data_at_once() -> None:
    """By its words the rule grants anything; personal data of a low class it does grant."""
    when = {"days": "<=400", "actions_only": [each.value for each in Action]}
    house = _of_rule(when, {"auto_ok": True})
    special, personal = (_by(house)(ask()).findings for ask in (a.special_request, a.personal_request))
    guarded, granted = (next(each for each in found if each.rule == "R-1") for found in (special, personal))
    assert not guarded.is_auto_ok and guarded.facts["not_special"] is False
    assert granted.is_auto_ok


def _of_higher_class(facts: RequestFacts) -> RequestFacts:
    return set_fact(facts, "column", "class_rank", 2)


def _of_rule(when: dict[str, Any], then: dict[str, Any] | None = None) -> PolicySet:
    added = then or {"require": {"stage": "security", "of": "ciso"}}
    rule = {"id": "R-1", "about": "Said so.", "when": when, "then": added}
    return policy_set(json.dumps({"format": 1, "name": "One rule", "rules": [rule]}))
