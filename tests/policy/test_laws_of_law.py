"""The laws of the engine on the whole table. Each property has a control: a broken rule it must catch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy import engine as engine_module
from apps.policy.decision import Decision, Effect, Finding
from apps.policy.facts import RequestFacts
from apps.policy.rulebook import LAWFUL_RULEBOOK
from apps.policy.rules import CATALOGUE
from apps.policy.rules.case import Case

from . import records as r
from . import samples as a
from .law_strategies import LAW, NULLABLE, homes, requests, set_law, starts, tightenings
from .records import judge
from .strategies import Change
from .test_laws import NO, QUICK, check_monotone, check_same_bytes, must_keep_caps_and_obligations
from .test_laws import must_not_be_laxer as plainly_not_laxer

Engine = Callable[[RequestFacts], Decision]


def check_saying_less(engine: Engine, facts: RequestFacts, of: str, name: str) -> None:
    before, after = engine(facts), engine(set_law(facts, of, name, None))
    plainly_not_laxer(before, after)
    if after.effect not in NO:
        must_keep_caps_and_obligations(before, after)
        assert after.ends_at <= before.ends_at


@QUICK
@given(requests(), tightenings())
def test_more_data_parties_actions_or_time_never_make_the_decision_laxer(
    facts: RequestFacts, tightening: tuple[str, Change]
) -> None:
    check_monotone(judge, facts, *tightening)


@QUICK
@given(requests(), st.sampled_from(NULLABLE), st.data())
def test_saying_less_never_gets_more_of_the_law(
    facts: RequestFacts, fact: tuple[str, str], data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from(LAW[fact[0]][fact[1]]))
    check_saying_less(judge, set_law(facts, *fact, value), *fact)


@pytest.mark.parametrize(("of", "name"), NULLABLE)
def test_no_value_of_a_fact_is_stricter_than_not_knowing_it_and_the_trace_says_so(of: str, name: str) -> None:
    for start in homes(of):
        unknown = judge(set_law(start, of, name, None))
        for value in LAW[of][name]:
            if value is not None:
                plainly_not_laxer(judge(set_law(start, of, name, value)), unknown)
        if unknown.effect is not judge(start).effect:
            assert any(finding.unknown for finding in unknown.findings)


@QUICK
@given(requests())
def test_same_facts_and_the_same_lawful_book_give_the_same_bytes(facts: RequestFacts) -> None:
    check_same_bytes(judge, facts)


def test_control_a_list_that_the_rulebook_does_not_hold_is_caught() -> None:
    adopted = iter((True, False, False, False))

    def broken(facts: RequestFacts) -> Decision:
        packs = LAWFUL_RULEBOOK.packs if next(adopted) else ()
        return engine_module.decide(facts, replace(LAWFUL_RULEBOOK, packs=packs))

    with pytest.raises(AssertionError):
        check_same_bytes(broken, r.with_vendor(r.personal(), r.transfer(), country="IN"))


@QUICK
@given(requests(), st.frozensets(st.sampled_from(LAWFUL_RULEBOOK.rule_ids)))
def test_rules_of_the_law_only_add(facts: RequestFacts, out_of_force: frozenset[str]) -> None:
    fewer = engine_module.decide(facts, LAWFUL_RULEBOOK.without(*(out_of_force - {"A00", "A03", "LOW-AUTO"})))
    assert judge(facts).effect.laxness <= fewer.effect.laxness


@contextmanager
def broken_rule(
    monkeypatch: pytest.MonkeyPatch, rule_id: str, evaluate: Callable[[Case], Finding]
) -> Iterator[None]:
    rules: dict[str, Any] = {**CATALOGUE, rule_id: replace(CATALOGUE[rule_id], evaluate=evaluate)}
    with monkeypatch.context() as patch:
        patch.setattr(engine_module, "CATALOGUE", MappingProxyType(rules))
        yield


def ignoring_unknown(rule_id: str) -> Callable[[Case], Finding]:
    """The rule as it would be if it took what is not known for harmless."""

    def evaluate(case: Case) -> Finding:
        found = CATALOGUE[rule_id].evaluate(case)
        return case.clear() if found.unknown else found

    return evaluate


WATCHED = a.with_asset(r.personal(), people=r.people(is_large_scale=True, is_monitored=True))
PREDICTING = {"risk_class": "prohibited_art5", "is_pure_research": False}
FORBIDDEN = r.national(effect="deny", subjects=frozenset({"Customer"}))
ERASED = r.rows(flags=frozenset({"erased"}), list_version=2)
UNTESTED = r.labeling(gaps=frozenset({"test"}))
UNKNOWN_MATTERS: dict[str, tuple[str, str, RequestFacts]] = {
    "A16": ("asset", "people", r.with_activity(WATCHED, screening=r.screening(), dpia=r.no_dpia())),
    "A18": ("activity", "dpia", r.with_activity(r.personal(), dpia=r.dpia(state="prohibited"))),
    "A22": ("request", "parties", r.with_vendor(r.personal(), country="IN")),
    "A30": ("rows", "list_version", a.with_asset(r.personal(), rows=ERASED)),
    "A32": (
        "purpose",
        "automated_decision",
        a.with_purpose(r.personal(), automated_decision="solely_automated_significant"),
    ),
    "A33": ("asset", "agreements", r.with_agreement(r.personal(), purposes=frozenset())),
    "A34": (
        "ai_system",
        "risk_class",
        r.with_system(r.personal(actions=frozenset({"train"})), **PREDICTING),
    ),
    "A39": ("asset", "open_breach", a.with_asset(r.personal(), open_breach="high")),
    "LABELING": ("request", "labeling", r.personal(actions=frozenset({"label"}), labeling=(UNTESTED,))),
    "NATIONAL": ("request", "national_conditions", r.personal(national_conditions=(FORBIDDEN,))),
}


@pytest.mark.parametrize("rule_id", sorted(UNKNOWN_MATTERS))
def test_control_a_rule_that_takes_the_unknown_for_harmless_is_caught(
    rule_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, name, facts = UNKNOWN_MATTERS[rule_id]
    assert judge(facts).effect in NO
    check_saying_less(judge, facts, of, name)
    alone = replace(
        LAWFUL_RULEBOOK,
        rules=tuple(rule for rule in LAWFUL_RULEBOOK.rules if rule.id in {rule_id, "A00", "A03", "A20"}),
    )

    def only(given: RequestFacts) -> Decision:
        return engine_module.decide(given, alone)

    check_saying_less(only, facts, of, name)
    with broken_rule(monkeypatch, rule_id, ignoring_unknown(rule_id)), pytest.raises(AssertionError):
        check_saying_less(only, facts, of, name)


def test_a_second_record_of_a_transfer_does_not_lift_what_the_first_says() -> None:
    facts = r.with_vendor(r.personal(), r.transfer(state="suspended"), country="IN")
    more = replace(facts, transfers=(*(facts.transfers or ()), r.transfer(ref="TR-2")))
    assert judge(facts).effect is Effect.DENY
    assert judge(more).effect is Effect.DENY


def test_the_whole_table_survives_storage() -> None:
    for start in starts():
        stored = json.loads(json.dumps(start.as_json()))
        assert RequestFacts.from_json(stored) == start


def test_older_snapshots_keep_their_hash_and_are_answered_as_not_known() -> None:
    plain = a.special_request()
    assert plain.sha256 == "e16797ffcbf6318268b7f18edc3ad03d782feb8102903e8d87db9ca976b4f38c"
    assert not {"parties", "transfers", "controller"} & set(plain.as_json())
    assert judge(plain).effect is Effect.BLOCK
