"""The demo lake's evaluator: what it does not wholly understand denies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.embedded.lake.policy import MalformedPolicy, Question, allows, matches, parsed, trusts

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake-one/ds/a/*"}
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
LIST = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::lake-one",
    "Condition": {"StringLike": {"s3:prefix": ["ds/a/", "ds/a/*"]}},
}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def question(action: str = "s3:GetObject", resource: str = "lake-one/ds/a/x", **context: str) -> Question:
    given_context = {name.replace("__", ":"): value for name, value in context.items()}
    return Question(action=action, resource=f"arn:aws:s3:::{resource}", context=given_context)


def test_it_takes_the_role_and_the_session_to_allow() -> None:
    assert allows([document(ALL)], document(READ), question())
    assert allows([document(READ)], document(ALL), question())
    assert not allows([document(ALL)], document(LIST), question())
    assert not allows([document(LIST)], document(ALL), question())
    assert not allows([], document(ALL), question())


def test_a_denial_wins_wherever_it_stands() -> None:
    deny = {**READ, "Effect": "Deny"}
    assert not allows([document(ALL), document(deny)], document(ALL), question())
    assert not allows([document(ALL)], document(ALL, deny), question())


def test_a_denial_of_one_session_spares_the_others() -> None:
    deny = {**ALL, "Effect": "Deny", "Condition": {"StringLike": {"aws:userid": "*:lease-1"}}}
    roles = [document(ALL), document(deny)]
    assert not allows(roles, document(ALL), question(aws__userid="AROA1:lease-1"))
    assert allows(roles, document(ALL), question(aws__userid="AROA1:lease-10"))


def test_listing_needs_a_fitting_prefix() -> None:
    def lists(**context: str) -> bool:
        return allows([document(ALL)], document(LIST), question("s3:ListBucket", "lake-one", **context))

    assert lists(s3__prefix="ds/a/")
    assert lists(s3__prefix="ds/a/deep/")
    assert not lists(s3__prefix="ds/ab/")
    assert not lists(s3__prefix="")
    assert not lists()


def test_a_denial_by_issue_time_ends_older_sessions_only() -> None:
    deny = {
        **ALL,
        "Effect": "Deny",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}},
    }
    roles = [document(ALL), document(deny)]
    assert not allows(roles, document(ALL), question(aws__TokenIssueTime="2025-12-31T23:59:59Z"))
    assert allows(roles, document(ALL), question(aws__TokenIssueTime="2026-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    "spoiled",
    [
        {**ALL, "NotAction": "s3:PutObject"},
        {**ALL, "NotResource": "x"},
        {**ALL, "Principal": "*"},
        {**ALL, "Effect": "allow"},
        {**ALL, "Effect": "Maybe"},
        {**ALL, "Action": "s3:GetObjectVersion"},
        {**ALL, "Action": "ec2:*"},
        {**ALL, "Action": []},
        {**ALL, "Resource": "lake-one/*"},
        {**ALL, "Resource": "arn:aws:s3:::lake-one/${aws:userid}/*"},
        {**ALL, "Resource": []},
        {**ALL, "Condition": {"StringEqualsIgnoreCase": {"aws:userid": "x"}}},
        {**ALL, "Condition": {"StringLikeIfExists": {"aws:userid": "x"}}},
        {**ALL, "Condition": {"ForAnyValue:StringLike": {"s3:prefix": "x"}}},
        {**ALL, "Condition": {"StringLike": {"aws:SourceIp": "x"}}},
        {**ALL, "Condition": {"Null": {"aws:userid": "maybe"}}},
        {**ALL, "Condition": {"DateLessThan": {"aws:TokenIssueTime": "yesterday"}}},
        {**ALL, "Condition": []},
        {"Effect": "Allow", "Action": "s3:*"},
        {"Effect": "Allow", "Resource": "*"},
    ],
)
def test_one_thing_it_does_not_know_spoils_the_whole_document(spoiled: dict[str, Any]) -> None:
    with pytest.raises(MalformedPolicy):
        parsed(document(ALL, spoiled))
    assert not allows([document(ALL), document(spoiled)], document(ALL), question())
    assert not allows([document(ALL)], document(ALL, spoiled), question())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"Version":"2012-10-17","Statement":[]}',
        '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
        '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
        '{"Version":"2012-10-17","Extra":1,"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*"}}',
    ],
)
def test_a_malformed_document_allows_nothing(text: str) -> None:
    assert not allows([document(ALL)], text, question())
    assert not allows([document(ALL), text], document(ALL), question())


def test_trust_is_for_the_named_one_without_a_session_and_with_the_external_id() -> None:
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": "issuer"},
            "Action": "sts:AssumeRole",
            "Condition": {"Null": {"aws:TokenIssueTime": "true"}, "StringEquals": {"sts:ExternalId": "x"}},
        }
    )
    assert trusts(trust, "issuer", {"sts:ExternalId": "x"})
    assert not trusts(trust, "issuer", {"sts:ExternalId": "y"})
    assert not trusts(trust, "issuer", {})
    assert not trusts(trust, "somebody", {"sts:ExternalId": "x"})
    assert not trusts(trust, "issuer", {"sts:ExternalId": "x", "aws:TokenIssueTime": "2026-01-01T00:00:00Z"})
    assert not trusts(document(READ), "issuer", {"sts:ExternalId": "x"})


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=10))
def test_wildcards_match_as_a_plain_recursion_says(pattern: str, text: str) -> None:
    def plain(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return any(plain(p[1:], t[at:]) for at in range(len(t) + 1))
        return bool(t) and p[0] in ("?", t[0]) and plain(p[1:], t[1:])

    assert matches(pattern, text) == plain(pattern, text)


def test_a_hostile_pattern_takes_no_long_time() -> None:
    assert not matches("*a" * 200 + "b", "a" * 4000)
