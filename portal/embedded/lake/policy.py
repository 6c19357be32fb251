"""Whether policies allow an action: role policy ∩ session policy, and an explicit Deny wins.

Source: AWS IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements". This evaluator knows a
small part of the language on purpose. A document with anything else in it (an element, an operator, a
condition key, an action, a policy variable) is refused when it is sent, and denies everything should it
stand somewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

ACTIONS = frozenset(
    {
        "s3:AbortMultipartUpload",
        "s3:CreateBucket",
        "s3:DeleteObject",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListAllMyBuckets",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "sts:AssumeRole",
    }
)
_CONDITION_KEYS = frozenset({"aws:TokenIssueTime", "aws:userid", "s3:prefix", "sts:ExternalId"})
_OPERATORS = frozenset({"StringEquals", "StringLike", "Null", "DateLessThan"})
_STATEMENT_KEYS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})


class MalformedPolicy(Exception):
    """A document this evaluator does not wholly understand."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to be allowed. A condition key absent from `context` is absent from the request."""

    action: str
    resource: str
    context: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Condition:
    operator: str
    key: str
    values: tuple[str, ...]

    def holds(self, context: Mapping[str, str]) -> bool:
        actual = context.get(self.key)
        if self.operator == "Null":
            return all((actual is None) == (value == "true") for value in self.values)
        if actual is None:
            return False
        if self.operator == "StringEquals":
            return actual in self.values
        if self.operator == "StringLike":
            return any(matches(value, actual) for value in self.values)
        return any(_time(actual) < _time(value) for value in self.values)


@dataclass(frozen=True, kw_only=True)
class Statement:
    is_allowing: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def applies(self, question: Question) -> bool:
        return (
            any(matches(action.lower(), question.action.lower()) for action in self.actions)
            and any(matches(resource, question.resource) for resource in self.resources)
            and all(condition.holds(question.context) for condition in self.conditions)
        )


def allows(role_documents: Iterable[str], session_document: str, question: Question) -> bool:
    """Both the role and the session allow it and neither denies it. What cannot be read denies."""
    try:
        role = [statement for text in role_documents for statement in parsed(text)]
        session = parsed(session_document)
    except MalformedPolicy:
        return False
    return _verdict(role, question) and _verdict(session, question)


def trusts(trust_document: str, principal: str, context: Mapping[str, str]) -> bool:
    """Whether a role's trust lets a principal assume it."""
    try:
        statements = parsed(trust_document, is_trust=True)
    except MalformedPolicy:
        return False
    about = [statement for statement in statements if {"*", principal} & set(statement.principals)]
    return _verdict(about, Question(action="sts:AssumeRole", resource="*", context=context))


@lru_cache(maxsize=4096)
def parsed(text: str, *, is_trust: bool = False) -> tuple[Statement, ...]:
    """The statements of a document.  Raises: MalformedPolicy."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise MalformedPolicy("not JSON") from None
    if not isinstance(document, dict) or set(document) - {"Version", "Id", "Statement"}:
        raise MalformedPolicy("unknown element")
    if document.get("Version") != "2012-10-17":
        raise MalformedPolicy("unknown version")
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicy("no statement")
    return tuple(_statement(statement, is_trust=is_trust) for statement in statements)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` and `?` covers a text; in time proportional to both lengths at worst."""
    at = place = 0
    star = mark = -1
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at += 1
            place += 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return not pattern[at:].strip("*")


def _verdict(statements: Iterable[Statement], question: Question) -> bool:
    applying = [statement for statement in statements if statement.applies(question)]
    return bool(applying) and all(statement.is_allowing for statement in applying)


def _statement(raw: object, *, is_trust: bool) -> Statement:
    known = (_STATEMENT_KEYS - {"Resource"}) | {"Principal"} if is_trust else _STATEMENT_KEYS
    if not isinstance(raw, dict) or set(raw) - known or raw.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicy("unknown element or effect")
    actions = _texts(raw.get("Action"))
    resources = ("*",) if is_trust else _texts(raw.get("Resource"))
    if not all(map(_is_known_action, actions)):
        raise MalformedPolicy("unknown action")
    if not all(resource == "*" or resource.startswith("arn:aws:s3:::") for resource in resources):
        raise MalformedPolicy("unknown resource")
    return Statement(
        is_allowing=raw["Effect"] == "Allow",
        actions=actions,
        resources=resources,
        principals=_principals(raw.get("Principal")) if is_trust else (),
        conditions=tuple(_conditions(raw.get("Condition", {}))),
    )


def _is_known_action(pattern: str) -> bool:
    if "*" not in pattern and "?" not in pattern:
        return pattern in ACTIONS
    return any(matches(pattern.lower(), action.lower()) for action in ACTIONS)


def _conditions(raw: object) -> Iterable[Condition]:
    if not isinstance(raw, dict) or set(raw) - _OPERATORS:
        raise MalformedPolicy("unknown operator")
    for operator, keys in raw.items():
        if not isinstance(keys, dict) or set(keys) - _CONDITION_KEYS:
            raise MalformedPolicy("unknown condition key")
        for key, value in keys.items():
            values = _texts(value)
            if operator == "Null" and not set(values) <= {"true", "false"}:
                raise MalformedPolicy("unknown value")
            if operator == "DateLessThan":
                for text in values:
                    _time(text)
            yield Condition(operator=operator, key=key, values=values)


def _principals(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, dict) or set(raw) != {"AWS"}:
        raise MalformedPolicy("unknown principal")
    return _texts(raw["AWS"])


def _texts(raw: object) -> tuple[str, ...]:
    """One text or a list of them. A `$` would begin a policy variable, which is not evaluated here."""
    texts = [raw] if isinstance(raw, str) else raw
    if not isinstance(texts, list) or not texts:
        raise MalformedPolicy("empty or unknown value")
    if not all(isinstance(text, str) and text and "$" not in text for text in texts):
        raise MalformedPolicy("unknown value")
    return tuple(texts)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _time(text: str) -> datetime:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII):
        raise MalformedPolicy("unknown time")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise MalformedPolicy("unknown time") from None
