from __future__ import annotations

import copy
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from apps.policy.decision import Effect, RuleType, Status
from apps.policy.engine import decide
from apps.policy.facts import Identifiability, RequestFacts
from apps.policy.reason import text_of
from apps.policy.route import STAND_INS
from apps.policy.rulebook import DEFAULT_RULEBOOK, LAWFUL_RULEBOOK, Rulebook, RulebookRefused
from apps.policy.rules import CATALOGUE

from . import records
from . import samples as a


def document() -> dict[str, Any]:
    return copy.deepcopy(DEFAULT_RULEBOOK.as_dict())


def low_auto(book: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(rule for rule in book["rules"] if rule["id"] == "LOW-AUTO")
    return found


def test_a_rulebook_survives_storage_with_its_hash() -> None:
    for book in (DEFAULT_RULEBOOK, LAWFUL_RULEBOOK):
        again = Rulebook.from_dict(json.loads(json.dumps(book.as_dict())))
        assert again == book
        assert again.sha256 == book.sha256


@pytest.mark.parametrize("book", [DEFAULT_RULEBOOK, LAWFUL_RULEBOOK], ids=["default", "lawful"])
def test_a_rulebook_lists_exactly_what_is_evaluated(book: Rulebook) -> None:
    heard = [finding.rule for finding in decide(a.request(), book).findings]
    assert heard == [*book.rule_ids, "ROUTE"]


def test_every_role_that_a_rule_asks_for_is_one_that_somebody_can_hold() -> None:
    asked_for = {role for rule in CATALOGUE.values() for role in rule.defaults.get("roles", ())}
    assert asked_for and asked_for <= {*STAND_INS, "dpo"}


def test_the_first_rulebook_keeps_its_bytes_for_it_is_stored() -> None:
    assert DEFAULT_RULEBOOK.sha256 == "dfb21c02dc04d8d27245e724363b1ae5763682c086eb4c5991102f2110c06a62"
    modelled = {f"A{number:02}" for number in (*range(11), 12, 13, 20)}
    assert modelled <= set(DEFAULT_RULEBOOK.rule_ids)
    assert not {"A11", "A14", "A24"} & set(DEFAULT_RULEBOOK.rule_ids)


def test_the_lawful_rulebook_holds_the_whole_table_and_keeps_to_the_catalogue() -> None:
    """A38 is asked of each who decides, A40 after everything else; neither is a rule of the book."""
    table = {f"A{number:02}" for number in range(40)} - {"A38"}
    assert table <= set(LAWFUL_RULEBOOK.rule_ids)
    assert set(LAWFUL_RULEBOOK.rule_ids) == set(CATALOGUE)
    assert not {"A38", "A40"} & set(CATALOGUE)


def test_another_parameter_makes_another_hash_and_another_decision() -> None:
    book = document()
    low_auto(book)["parameters"]["max_days"] = 7
    tuned = Rulebook.from_dict(book)
    assert tuned.sha256 != DEFAULT_RULEBOOK.sha256
    assert decide(a.request(), tuned).effect is Effect.REFER
    assert decide(a.request(), tuned).rulebook_sha256 == tuned.sha256


def test_every_rule_names_its_law_and_its_defaults() -> None:
    for rule in CATALOGUE.values():
        assert rule.articles, rule.id
        assert rule.type in RuleType
        assert set(rule.defaults) == set(rule.parameters)
        assert all(kind.accepts(rule.defaults[name]) for name, kind in rule.parameters.items())


def spoil(place: str, book: dict[str, Any]) -> None:
    rules = book["rules"]
    if place == "rules[0].id":
        rules[0]["id"] = "A99"
    elif place == "rules[1].id":
        rules[1] = rules[0]
    elif place == "rules[0].parameters.speed":
        rules[0]["parameters"]["speed"] = 9
    elif place == "rules[0].type":
        rules[0]["type"] = "LAW"
    elif place == "rules[0].articles":
        rules[0]["articles"] = []
    elif place == "rules[0].parameters":
        rules[0]["parameters"] = None
    elif place == "rules[0]":
        rules[0] = "A01"
    elif place == "rules":
        book["rules"] = {}
    elif place == "default_route.roles":
        book["default_route"]["roles"] = []
    elif place == "default_route":
        book["default_route"] = []
    elif place == "format":
        book["format"] = 2
    elif place == "version":
        del book["version"]
    else:
        book[place] = 1


@pytest.mark.parametrize(
    "place",
    [
        "rules[0].id",
        "rules[1].id",
        "rules[0].parameters.speed",
        "rules[0].type",
        "rules[0].articles",
        "rules[0].parameters",
        "rules[0]",
        "rules",
        "default_route.roles",
        "default_route",
        "format",
        "version",
        "surplus",
    ],
)
def test_a_fault_is_refused_by_its_place_with_a_remedy(place: str) -> None:
    book = document()
    spoil(place, book)
    with pytest.raises(RulebookRefused) as refusal:
        Rulebook.from_dict(book)
    named = [reason for reason in refusal.value.reasons if reason.field == place]
    assert named
    for reason in named:
        text = text_of(reason.code)
        assert text.sentence % reason.facts
        assert text.remedy % reason.facts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_days", 0),
        ("max_days", True),
        ("max_days", "365"),
        ("actions", ["fly"]),
        ("actions", []),
        ("actions", ["read", "read"]),
        ("relations", ["none"]),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(name: str, value: object) -> None:
    book = document()
    low_auto(book)["parameters"][name] = value
    with pytest.raises(RulebookRefused, match=rf"parameters\.{name}"):
        Rulebook.from_dict(book)


def test_a_parameter_left_out_is_refused_for_there_are_no_silent_defaults() -> None:
    book = document()
    del low_auto(book)["parameters"]["max_days"]
    with pytest.raises(RulebookRefused, match=r"parameters\.max_days"):
        Rulebook.from_dict(book)


def test_all_faults_are_named_at_once() -> None:
    book = document()
    spoil("rules[0].id", book)
    spoil("version", book)
    with pytest.raises(RulebookRefused) as refusal:
        Rulebook.from_dict(book)
    assert {reason.field for reason in refusal.value.reasons} == {"rules[0].id", "version"}


def test_the_dpo_advises_and_is_never_the_default_route() -> None:
    book = document()
    book["default_route"]["roles"] = ["dpo"]
    with pytest.raises(RulebookRefused, match="RULEBOOK_ROLE_CANNOT_DECIDE"):
        Rulebook.from_dict(book)


def test_every_rule_of_the_table_is_tested_by_its_name_holding_and_not_holding() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = Counter(re.findall(r"^def test_(a\d\d)_", text, re.MULTILINE))
    assert {rule for rule, count in named.items() if count >= 2} == {f"a{number:02}" for number in range(41)}


def skipped(facts: RequestFacts) -> set[str]:
    decision = decide(facts, LAWFUL_RULEBOOK)
    return {finding.rule for finding in decision.findings if finding.status is Status.SKIPPED}


def test_an_exemption_leaves_out_what_the_table_says_and_nothing_else() -> None:
    """Contractual and employment limits always run, and so does what comes after A32, but A37 under A00."""
    numbered = {f"A{number:02}" for number in range(2, 33)}
    always = {"A20", "A24", "A28"}
    besides = {"A10-INFERRED", "A13-EXPORT", "NATIONAL", "V-04"}
    anonymised = records.complete(a.request(a.column(identifiability=Identifiability.ANONYMISED)))
    anonymised = a.with_asset(anonymised, has_anonymity_assessment=True)
    assert skipped(anonymised) == (numbered - always - {"A03"}) | besides
    assert skipped(records.harmless()) == (numbered - always) | besides | {"V-02", "ART6-GROUND", "A37"}
    assert skipped(records.personal()) == set()
