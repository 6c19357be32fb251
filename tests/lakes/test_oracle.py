"""The oracle itself, by the examples of the guide that it is written from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.lakes.oracle import Asked, Document, allows

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements: dict[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def may(
    statement: dict[str, Any], *, action: str = "s3:GetObject", resource: str = "r", **context: str
) -> bool:
    named = {name.replace("__", ":"): value for name, value in context.items()}
    both = [document(statement)], [document(EVERYTHING)]
    return allows(*both, Asked(action=action, resource=resource, context=named))


def test_silence_is_a_no_and_both_sides_must_allow() -> None:
    nothing = {**EVERYTHING, "Action": "ec2:*"}
    asked = Asked(action="s3:GetObject", resource="r")
    for role, session, expected in (
        (EVERYTHING, EVERYTHING, True),
        (EVERYTHING, nothing, False),
        (nothing, EVERYTHING, False),
    ):
        assert allows([document(role)], [document(session)], asked) is expected
    assert not allows([document(EVERYTHING)], [], asked)


def test_one_denial_outweighs_every_allow_wherever_it_stands() -> None:
    denial = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "r"}
    asked = Asked(action="s3:GetObject", resource="r")
    assert not allows([document(EVERYTHING), document(denial)], [document(EVERYTHING)], asked)
    assert not allows([document(EVERYTHING)], [document(EVERYTHING, denial)], asked)


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("a/*", "a/b/c", True),
        ("a/*", "a/", True),
        ("a/*", "a", False),
        ("a/*", "ab/c", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "a/c", True),
        ("A/*", "a/b", False),
        ("a/*", "a/line\nbreak", True),
        ("a.c", "abc", False),
        ("${*}", "*", True),
        ("${*}", "x", False),
        ("a/${aws:userid}/*", "a/me/x", True),
        ("a/${aws:userid}/*", "a/you/x", False),
        ("a/${absent}/*", "a/${absent}/x", False),
    ],
)
def test_wildcards_and_variables_of_resources(pattern: str, resource: str, expected: bool) -> None:
    assert may({**EVERYTHING, "Resource": pattern}, resource=resource, aws__userid="me") is expected


def test_a_value_with_a_wildcard_is_taken_literally() -> None:
    statement = {**EVERYTHING, "Resource": "a/${aws:userid}"}
    assert may(statement, resource="a/*", aws__userid="*")
    assert not may(statement, resource="a/x", aws__userid="*")


def test_actions_are_matched_in_any_case_and_negations_turn_round() -> None:
    assert may({**EVERYTHING, "Action": "S3:get*"})
    others = {"Effect": "Allow", "NotAction": "s3:Get*", "NotResource": "secret"}
    assert not may(others)
    assert may(others, action="s3:PutObject")
    assert not may(others, action="s3:PutObject", resource="secret")


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringLike": {"s3:prefix": ["a/", "a/*"]}}, {"s3__prefix": "a/b"}, True),
        ({"StringLike": {"s3:prefix": ["a/", "a/*"]}}, {"s3__prefix": "a"}, False),
        ({"StringLike": {"s3:prefix": "*"}}, {}, False),
        ({"StringEquals": {"s3:prefix": "*"}}, {"s3__prefix": "x"}, False),
        ({"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
        ({"Null": {"aws:TokenIssueTime": "true"}}, {"aws__tokenissuetime": "x"}, False),
        ({"Null": {"aws:TokenIssueTime": "false"}}, {"aws__tokenissuetime": "x"}, True),
        ({"StringLike": {"a": "x*", "b": "y*"}}, {"a": "x1", "b": "z"}, False),
        ({"StringLike": {"a": "x*"}, "StringEquals": {"b": "y"}}, {"a": "x1", "b": "y"}, True),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, str], expected: bool) -> None:
    assert may({**EVERYTHING, "Condition": condition}, **context) is expected


@pytest.mark.parametrize(
    "statement",
    [
        {**EVERYTHING, "Condition": {"DateLessThan": {"a": "b"}}},
        {**EVERYTHING, "Principal": "*"},
        {**EVERYTHING, "NotAction": "x"},
        {"Effect": "Allow", "Action": "*"},
        {**EVERYTHING, "Effect": "allow"},
    ],
)
def test_what_it_does_not_know_is_not_guessed(statement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        document(statement)
