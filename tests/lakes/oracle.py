"""An evaluator of IAM policies, written from the published rules and from nothing else of this project.

AWS IAM User Guide: "Policy evaluation logic" (an explicit Deny wins; without an Allow the answer is no; a
session gets what its role's policies and its session policy both allow), "IAM JSON policy elements"
(`Action`, `Resource` and their negations; `*` is any run of characters and `?` any one, also across slashes),
"Condition operators" (all operators and keys of a condition must hold, one value of a key is enough, and an
absent key fulfills none of them but `Null`) and "Policy variables" (`${key}` stands for the request's own
value, `${*}`, `${?}` and `${$}` for the characters themselves).

What the guide has and this does not know raises: an oracle does not guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = frozenset("*?$")
_KNOWN = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
Context = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as IAM sees it; names of context keys in lower case."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Statement:
    denies: bool
    holds: Callable[[Asked], bool]


class Document:
    """A policy document.  Raises: ValueError where it says something that this evaluator does not know."""

    def __init__(self, text: str) -> None:
        content = json.loads(text)
        if set(content) - {"Version", "Id", "Statement"} or content.get("Version") != "2012-10-17":
            raise ValueError("neither the version nor the elements of a policy")
        self.statements = [_statement(each) for each in _many(content["Statement"])]


def allows(role: Sequence[Document], session: Sequence[Document], asked: Asked) -> bool:
    """Whether a session of a role may do what it asks for: both sides allow, and neither denies."""
    return all(_side_allows(documents, asked) for documents in (role, session))


def _side_allows(documents: Sequence[Document], asked: Asked) -> bool:
    applying = [
        statement for document in documents for statement in document.statements if statement.holds(asked)
    ]
    return bool(applying) and not any(statement.denies for statement in applying)


def _statement(content: Mapping[str, Any]) -> _Statement:
    if set(content) - _KNOWN:
        raise ValueError(f"unknown elements {sorted(set(content) - _KNOWN)}")
    if content["Effect"] not in {"Allow", "Deny"}:
        raise ValueError("an effect is Allow or Deny")
    actions, resources = _element(content, "Action"), _element(content, "Resource")
    conditions = [
        _condition(operator, key, _many(wanted))
        for operator, keys in content.get("Condition", {}).items()
        for key, wanted in keys.items()
    ]

    def holds(asked: Asked) -> bool:
        return (
            actions(asked.action.lower(), asked.context)
            and resources(asked.resource, asked.context)
            and all(condition(asked.context) for condition in conditions)
        )

    return _Statement(denies=content["Effect"] == "Deny", holds=holds)


def _element(content: Mapping[str, Any], name: str) -> Callable[[str, Context], bool]:
    negated = f"Not{name}"
    if (name in content) == (negated in content):
        raise ValueError(f"a statement has either {name} or {negated}")
    patterns = _many(content.get(name, content.get(negated)))
    if name == "Action":
        patterns = [pattern.lower() for pattern in patterns]
    expected = name in content

    def matches(value: str, context: Context) -> bool:
        return any(_like(pattern, value, context) for pattern in patterns) is expected

    return matches


def _condition(operator: str, key: str, wanted: list[str]) -> Callable[[Context], bool]:
    name = key.lower()
    if operator == "Null":
        expected_absent = [value.lower() == "true" for value in wanted]
        return lambda context: (name not in context) in expected_absent
    if operator == "StringLike":
        return lambda context: (
            name in context and any(_like(pattern, context[name], context) for pattern in wanted)
        )
    if operator == "StringEquals":
        return lambda context: (
            name in context
            and any(_filled(pattern, context, escape=str) == context[name] for pattern in wanted)
        )
    raise ValueError(f"unknown operator {operator}")


def _like(pattern: str, value: str, context: Context) -> bool:
    if "$" not in pattern:
        return _compiled(pattern).fullmatch(value) is not None
    filled = _filled(pattern, context, escape=_quoted)
    return filled is not None and _compiled(filled).fullmatch(value) is not None


def _filled(pattern: str, context: Context, *, escape: Callable[[str], str]) -> str | None:
    """The pattern with its variables put in; nothing where the request lacks one."""
    missing = [
        name for name in _VARIABLE.findall(pattern) if name not in _LITERALS and name.lower() not in context
    ]
    if missing:
        return None
    return _VARIABLE.sub(
        lambda match: escape(match[1] if match[1] in _LITERALS else context[match[1].lower()]), pattern
    )


# Characters of private use stand for wildcards that are meant literally.
_QUOTED = {"*": "\ue000", "?": "\ue001"}
_UNQUOTED = {quoted: character for character, quoted in _QUOTED.items()}


def _quoted(value: str) -> str:
    return "".join(_QUOTED.get(character, character) for character in value)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    parts = (wild.get(character) or re.escape(_UNQUOTED.get(character, character)) for character in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
