"""One more rule in a text: what a form says, written as people write it, behind the rules that are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from apps.policy.house.readings import FACTS, Kind

WIDEST = 100
NO_RULES = re.compile(r"^rules:[ \t]*\[[ \t]*\][ \t]*$", re.MULTILINE)
RULES = re.compile(r"^rules:[ \t]*(#.*)?$", re.MULTILINE)
AT_THE_MARGIN = re.compile(r"^[^\s#-]", re.MULTILINE)
FIRST_RULE = re.compile(r"^( *)- ", re.MULTILINE)


class NoPlaceForRule(ValueError):
    """The text is JSON, or has no list of rules in lines of its own."""


def upward(fact: str, value: str, *, is_outside: bool = False) -> dict[str, Any]:
    """A line of `when` for a rule that adds something: the only kinds of comparison it may hold.

    Words are met by one of those that are named, or by one beside them.
    """
    kind = FACTS[fact].kind
    if kind is Kind.LEVEL:
        return {fact: f">={value.strip()}"}
    if kind is Kind.FLAG:
        return {fact: True}
    comparison = "outside" if is_outside else "any"
    return {f"{fact}_{comparison}": [word.strip() for word in value.split(",") if word.strip()]}


def with_rule(text: str, rule: Mapping[str, Any]) -> str:
    """The text with the rule behind the others; every other line stays as it is.  Raises: NoPlaceForRule."""
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    text = NO_RULES.sub("rules:", text, count=1)
    begun = RULES.search(text)
    if begun is None:
        raise NoPlaceForRule
    after = AT_THE_MARGIN.search(text, begun.end())
    end = after.start() if after else len(text)
    body, rest = text[:end].rstrip() + "\n", text[end:]
    first = FIRST_RULE.search(body, begun.end())
    margin = first[1] if first else "  "
    return body + _lines(rule, margin) + rest


def _lines(rule: Mapping[str, Any], margin: str) -> str:
    written = yaml.safe_dump([dict(rule)], sort_keys=False, allow_unicode=True, width=WIDEST)
    return "".join(f"{margin}{line}\n" for line in written.splitlines())
