"""Conditions of several rules become one list: nothing that one of them asks for is lost."""

from __future__ import annotations

from itertools import permutations

import pytest

from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec, united_conditions


def _condition(**changes: object) -> ConditionSpec:
    usual: dict[str, object] = {
        "code": "REGISTER_MODEL",
        "kind": ConditionKind.DURING,
        "text": "Register the model.",
        "check": ConditionCheck.AUTOMATIC,
        "due_days": None,
    }
    return ConditionSpec(**{**usual, **changes})  # type: ignore[arg-type]


def test_of_one_code_the_strictest_of_each_part_stands_in_whatever_order_they_come() -> None:
    same = (
        _condition(kind=ConditionKind.AFTER, due_days=30, check=ConditionCheck.MANUAL),
        _condition(kind=ConditionKind.BEFORE, due_days=90, text="Register it first."),
        _condition(),
    )
    strictest = _condition(
        kind=ConditionKind.BEFORE, due_days=30, check=ConditionCheck.MANUAL, text="Register it first."
    )
    assert {united_conditions(turned) for turned in permutations(same)} == {(strictest,)}


def test_other_codes_stand_beside_each_other_by_their_code() -> None:
    first, second = _condition(code="A"), _condition(code="B")
    assert united_conditions((second, first)) == (first, second)


def test_a_condition_is_not_due_before_it_is_set() -> None:
    with pytest.raises(ValueError, match="due before"):
        _condition(due_days=-1)
