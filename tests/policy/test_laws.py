"""The laws of the engine as properties. Each property has a control: a broken engine that it must catch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.policy.decision import Decision, Effect
from apps.policy.engine import decide
from apps.policy.facts import NO_LIMIT, RequestFacts
from apps.policy.rulebook import DEFAULT_RULEBOOK
from apps.policy.rules.case import Case

from . import samples as a
from .strategies import NULLABLE, STATED, Change, requests, set_fact, starts, tightenings

Engine = Callable[[RequestFacts], Decision]

QUICK = settings(
    max_examples=int(os.environ.get("POLICY_EXAMPLES", "12")),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
HUNT = settings(
    max_examples=2000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NO = (Effect.DENY, Effect.BLOCK)


def must_not_be_laxer(before: Decision, after: Decision) -> None:
    assert after.effect.laxness <= before.effect.laxness, (before.effect, after.effect)
    later = {stage.name: stage for stage in after.stages}
    for stage in before.stages:
        assert stage.name in later, f"stage {stage.name} is gone"
        assert set(stage.roles) <= set(later[stage.name].roles)
        assert stage.count <= later[stage.name].count
    assert before.notify <= after.notify


def must_keep_caps_and_obligations(before: Decision, after: Decision) -> None:
    assert before.obligations <= after.obligations
    assert before.needs_step_up <= after.needs_step_up
    assert before.max_lease_minutes is not None and after.max_lease_minutes is not None
    assert after.max_lease_minutes <= before.max_lease_minutes


def check_monotone(engine: Engine, facts: RequestFacts, name: str, change: Change) -> None:
    """Access-workflow invariant 9."""
    before, after = engine(facts), engine(change(facts))
    must_not_be_laxer(before, after)
    must_keep_caps_and_obligations(before, after)
    caps = {(limit.factor, limit.about): limit.ends_at for limit in after.limits}
    for limit in before.limits:
        assert caps[limit.factor, limit.about] <= limit.ends_at
    assert name == "day" or after.ends_at <= before.ends_at


def check_saying_less(engine: Engine, facts: RequestFacts, fact: tuple[str, str], index: int) -> None:
    """Access-workflow invariant 10."""
    before, after = engine(facts), engine(set_fact(facts, *fact, None, index))
    must_not_be_laxer(before, after)
    if after.effect not in NO:
        must_keep_caps_and_obligations(before, after)
        assert after.ends_at <= before.ends_at


def run_monotone(engine: Engine, how: settings) -> None:
    @how
    @given(requests(), tightenings())
    def law(facts: RequestFacts, tightening: tuple[str, Change]) -> None:
        check_monotone(engine, facts, *tightening)

    law()


def run_saying_less(engine: Engine, how: settings) -> None:
    @how
    @given(requests(), st.sampled_from(NULLABLE), st.integers(0, 3), st.data())
    def law(facts: RequestFacts, fact: tuple[str, str], index: int, data: st.DataObject) -> None:
        of, name = fact
        value = data.draw(st.sampled_from(STATED[of][name]))
        check_saying_less(engine, set_fact(facts, of, name, value, index), fact, index)

    law()


def test_asking_for_more_never_makes_the_decision_laxer_nor_removes_a_stage_cap_or_obligation() -> None:
    run_monotone(decide, QUICK)


def test_saying_less_never_gets_more() -> None:
    run_saying_less(decide, QUICK)


def test_control_evaluating_the_shortened_request_is_caught() -> None:
    def broken(facts: RequestFacts) -> Decision:
        end = decide(facts).ends_at
        return decide(replace(facts, ends_at=end) if end > facts.starts_at else facts)

    with pytest.raises(AssertionError):
        check_monotone(broken, a.request(days=380), "class", partial(_of_rank, rank=1))
    check_monotone(decide, a.request(days=380), "class", partial(_of_rank, rank=1))


def _of_rank(facts: RequestFacts, rank: int) -> RequestFacts:
    return set_fact(facts, "column", "class_rank", rank)


def test_control_a_ladder_read_at_one_step_only_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_step(case: Case) -> tuple[object, ...]:
        return tuple(step for step in case.facts.handling if step.rank == case.rank)

    monkeypatch.setattr(Case, "handling", property(only_the_step))
    with pytest.raises((AssertionError, KeyError, ExceptionGroup)):
        run_monotone(decide, HUNT)


def test_control_taking_an_unknown_end_for_no_end_is_caught() -> None:
    def broken(facts: RequestFacts) -> Decision:
        asset = facts.assets[0]
        end = NO_LIMIT if asset.agreement_ends_on is None else asset.agreement_ends_on
        return decide(a.with_asset(facts, agreement_ends_on=end))

    stated = a.with_asset(a.request(), agreement_ends_on=date(2027, 3, 5))
    with pytest.raises(AssertionError):
        check_saying_less(broken, stated, ("asset", "agreement_ends_on"), 0)
    check_saying_less(decide, stated, ("asset", "agreement_ends_on"), 0)


def check_unknown(engine: Engine, of: str, name: str) -> None:
    """Access-workflow invariant 11."""
    for start in starts():
        unknown = engine(set_fact(start, of, name, None))
        decisions = [
            engine(stated)
            for value in STATED[of][name]
            if value is not None and (stated := set_fact(start, of, name, value)) != start
        ]
        before = engine(start)
        for decision in (before, *decisions):
            must_not_be_laxer(decision, unknown)
        said = any(finding.unknown for finding in unknown.findings)
        assert said or unknown.effect is before.effect


@pytest.mark.parametrize(("of", "name"), NULLABLE)
def test_an_unknown_fact_counts_as_its_most_restrictive_value_and_the_trace_says_so(
    of: str, name: str
) -> None:
    check_unknown(decide, of, name)


def test_control_an_unknown_class_taken_for_the_lowest_is_caught() -> None:
    def broken(facts: RequestFacts) -> Decision:
        is_unknown = facts.assets[0].columns[0].class_rank is None
        return decide(set_fact(facts, "column", "class_rank", 0) if is_unknown else facts)

    with pytest.raises(AssertionError):
        check_unknown(broken, "column", "class_rank")


def test_control_a_trace_that_does_not_say_what_was_unknown_is_caught() -> None:
    def broken(facts: RequestFacts) -> Decision:
        decision = decide(facts)
        mute = tuple(replace(finding, unknown=()) for finding in decision.findings)
        return replace(decision, findings=mute)

    with pytest.raises(AssertionError):
        check_unknown(broken, "column", "class_rank")


@QUICK
@given(requests())
def test_a_denial_is_never_lifted_by_another_finding(facts: RequestFacts) -> None:
    decision = decide(facts)
    effects = {finding.effect for finding in decision.findings}
    strongest = max((effect for effect in effects if effect), key=lambda effect: effect.force)
    assert decision.effect is strongest
    assert (Effect.DENY in effects) == (decision.effect is Effect.DENY)


@QUICK
@given(requests(), st.frozensets(st.sampled_from(DEFAULT_RULEBOOK.rule_ids)))
def test_rules_only_add(facts: RequestFacts, out_of_force: frozenset[str]) -> None:
    """Only the exemptions and `auto_ok` relax; taking any other rule away never makes a decision stricter."""
    relaxing = {"A00", "A03", "LOW-AUTO"}
    fewer = decide(facts, DEFAULT_RULEBOOK.without(*(out_of_force - relaxing)))
    assert decide(facts).effect.laxness <= fewer.effect.laxness
    stricter = decide(facts, DEFAULT_RULEBOOK.without(*(out_of_force & relaxing)))
    assert stricter.effect.laxness <= decide(facts).effect.laxness


GUARDED = {
    "SUBJECT": a.request(subject=a.subject(is_active=False)),
    "A01": a.request(a.column(class_rank=None)),
    "A02": a.with_asset(a.personal_request(), activities=()),
    "A06": a.with_asset(a.gap_request(assessments=(a.assessment(),)), original_basis=None),
    "A07": a.gap_request(),
    "A10": a.request(a.special_column()),
    "A20": a.with_asset(a.personal_request(), retention_ends_on=None),
    "PURPOSE": a.request(purpose=a.purpose(state=None)),
    "V-02": a.with_purpose(a.personal_request(), lawful_basis=None),
    "CLEARANCE": a.request(a.personal_column(class_rank=3), subject=a.subject(cleared_rank=0)),
}


@pytest.mark.parametrize("rule", sorted(GUARDED))
def test_control_a_rulebook_without_the_rule_lets_the_request_through(rule: str) -> None:
    assert decide(GUARDED[rule]).effect in NO
    assert decide(GUARDED[rule], DEFAULT_RULEBOOK.without(rule)).effect not in NO


@QUICK
@given(requests())
def test_nothing_granted_at_once_and_nothing_denied_goes_the_default_route(facts: RequestFacts) -> None:
    decision = decide(facts, DEFAULT_RULEBOOK.without("LOW-AUTO"))
    assert decision.effect is not Effect.PERMIT
    assert "owner" in {stage.name for stage in decision.stages}


def check_same_bytes(engine: Engine, facts: RequestFacts) -> None:
    """Access-workflow invariant 13."""
    stored = json.loads(json.dumps(facts.as_json()))
    again = RequestFacts.from_json(stored)
    assert again == facts
    assert again.sha256 == facts.sha256
    assert engine(again).as_bytes() == engine(facts).as_bytes()


@QUICK
@given(requests())
def test_same_facts_and_same_rulebook_give_the_same_bytes_also_after_storage(facts: RequestFacts) -> None:
    check_same_bytes(decide, facts)


def test_control_an_engine_that_looks_at_more_than_its_facts_is_caught() -> None:
    asked = count()

    def broken(facts: RequestFacts) -> Decision:
        decision = decide(facts)
        return decision if next(asked) % 2 else replace(decision, findings=decision.findings[::-1])

    with pytest.raises(AssertionError):
        check_same_bytes(broken, a.special_request())


def test_the_order_in_which_facts_were_collected_does_not_matter() -> None:
    one, two = a.personal_column(), a.special_column()
    first, second = a.asset(one, two), a.asset(uid="cores")
    straight = a.request(assets=(first, second))
    turned = a.request(assets=(second, a.asset(two, one)), handling=tuple(reversed(a.LADDER)))
    assert decide(straight).as_bytes() == decide(turned).as_bytes()


def test_the_bytes_do_not_depend_on_the_process() -> None:
    root = Path(__file__).parents[2]
    program = (
        "import sys, json; from apps.policy.engine import decide; from apps.policy.facts import RequestFacts;"
        "sys.stdout.buffer.write(decide(RequestFacts.from_json(json.load(sys.stdin))).as_bytes())"
    )
    facts = a.special_request(actions=frozenset({"read", "export", "train"}))
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(facts.as_json()).encode(),
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {decide(facts).as_bytes()}


@QUICK
@given(requests())
def test_a_column_that_permits_nothing_is_never_read_for_a_purpose_of_its_own(facts: RequestFacts) -> None:
    """Without assessment, consent, law or presumption, an empty permitted set opens nothing."""
    bare = set_fact(replace(facts, assessments=()), "column", "permitted_purposes", frozenset())
    bare = set_fact(bare, "column", "identifiability", "identified")
    bare = a.with_purpose(bare, presumption="none", is_art23_law=False, lawful_basis="6(1)(b)")
    assert decide(bare).effect in NO


@QUICK
@given(requests(), st.integers(0, 800))
def test_no_grant_outlives_a_limit_nor_the_end_asked_for(facts: RequestFacts, later: int) -> None:
    decision = decide(replace(facts, ends_at=facts.ends_at + timedelta(days=later)))
    assert all(decision.ends_at <= limit.ends_at for limit in decision.limits)
    assert decision.ends_at <= facts.ends_at + timedelta(days=later)
    if decision.effect is not Effect.DENY:
        assert decision.ends_at > facts.now
