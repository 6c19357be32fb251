"""One more rule in a text of rules: written as people write it, and read as it was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.house.reader import read_policy_set
from apps.policy.house.readings import FACTS, Kind
from apps.policy.house.writing import NoPlaceForRule, upward, with_rule

from .house_rules import HOUSE

RULE = {
    "id": "NEW-1",
    "about": 'What is new: "quoted", NO, and # a sign.',
    "when": {**upward("class_rank", "2"), **upward("place", "NO, SE"), **upward("personal", "")},
    "then": {"deny": "NOT_THERE"},
    "fix": "Do it at home.",
}
TEXTS = {
    "the rules stand last": HOUSE,
    "something stands behind them": HOUSE + "auto_ok_below_rank: 1\n# the end\n",
    "rules at the margin": "format: 1\nname: A\nrules:\n- id: A-1\n  about: B.\n  when: {}\n"
    "  then: {notify: dpo}\n# still of the rules\n",
    "no rule yet": "format: 1\nname: A\nrules: []\n",
    "nothing but the word": "format: 1\nname: A\nrules:\n",
    "windows": HOUSE.replace("\n", "\r\n"),
}
SAMPLES = {
    "categories": "personal",
    "joint_categories": "special",
    "place": "NO, EEA",
    "employer_country": "DE",
    "purpose": "PersonnelPayment",
    "asset_kind": "dataset",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_rule_stands_behind_the_others_and_all_else_stays(text: str) -> None:
    before = read_policy_set(text) if "- id" in text else None
    written = with_rule(text, RULE)
    after = read_policy_set(written)
    assert after.rules[-1].id == "NEW-1"
    assert after.document["rules"][-1] == RULE
    if before is not None:
        assert after.rules[:-1] == before.rules
        assert after.auto_ok_below_rank == before.auto_ok_below_rank
    kept = [line for line in text.splitlines() if "#" in line]
    assert kept == [line for line in written.splitlines() if "#" in line and "a sign" not in line]


@pytest.mark.parametrize("text", ['{"format": 1, "name": "A", "rules": []}', "format: 1\nname: A\n", ""])
def test_where_there_is_no_place_for_it_nothing_is_written(text: str) -> None:
    with pytest.raises(NoPlaceForRule):
        with_rule(text, RULE)


@given(about=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=80))
def test_whatever_somebody_says_of_it_is_read_as_they_said_it(about: str) -> None:
    rule = {"id": "NEW-1", "about": about, "when": {}, "then": {"notify": "dpo"}}
    read = read_policy_set(with_rule(TEXTS["rules at the margin"], rule))
    assert read.rules[-1].about == about


def test_every_fact_has_a_comparison_that_looks_upwards() -> None:
    values = {Kind.LEVEL: "1", Kind.WORDS: "", Kind.FLAG: ""}
    for name, fact in FACTS.items():
        when = upward(name, SAMPLES.get(name) or min(fact.words or (), default=values[fact.kind]))
        assert read_policy_set(with_rule(HOUSE, {**RULE, "when": when})).rules[-1].when[0].fact == name
