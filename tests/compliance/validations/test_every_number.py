"""V-01 to V-30: for each number one case in which it holds and one in which it does not, a fact apart.

What is found names its article and its field, says how it is cured, and weighs what the table says: [E] keeps
a description from being signed off, [C] only while the processing is planned, [B] keeps it from running, and
[W] is for whoever reviews.
"""

from __future__ import annotations

import pytest

from apps.policy.reason import text_of
from tests.compliance.validations.failing import FAILS
from tests.compliance.validations.holding import HOLDS
from tests.compliance.validations.judged import NUMBERS

ABOUT_ANOTHER_RECORD = {"V-21", "V-26", "V-30"}
"""Findings about a record as a whole, or about what was done with it: there is no field to fill in."""


def test_every_number_has_a_case_that_holds_and_one_that_does_not() -> None:
    assert list(HOLDS) == NUMBERS
    assert list(FAILS) == NUMBERS


@pytest.mark.parametrize("rule", NUMBERS)
def test_it_holds(rule: str) -> None:
    for case in HOLDS[rule]:
        assert [each for _, each in case() if each.rule == rule] == []


@pytest.mark.parametrize("rule", NUMBERS)
def test_it_does_not_hold(rule: str) -> None:
    for severity, case in FAILS[rule]:
        found = [(weight, each) for weight, each in case() if each.rule == rule]
        assert [weight for weight, _ in found] == [severity]
        for _, reason in found:
            text = text_of(reason.code)
            assert reason.articles, reason.code
            assert reason.field or rule in ABOUT_ANOTHER_RECORD, reason.code
            assert text.remedy
            assert "%" not in text.sentence % dict(reason.facts)
            assert "%" not in text.remedy % dict(reason.facts)
