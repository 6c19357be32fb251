"""A rule: its id, where it comes from, what may be set, when it is left out, and how it looks at a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apps.policy.decision import Finding, RuleType
from apps.policy.rules.case import Case, ParameterValue

EITHER = frozenset({"A00", "A03"})
"""Left out for data that are not about people, whether never so (A00) or no longer so (A03)."""


@dataclass(frozen=True, kw_only=True)
class Number:
    minimum: int
    maximum: int

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.minimum <= value <= self.maximum

    @property
    def expected(self) -> str:
        return f"a whole number from {self.minimum} to {self.maximum}"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A list of words without repetition; `allowed` empty: any word."""

    allowed: tuple[str, ...] = ()
    is_empty_allowed: bool = False

    def accepts(self, value: object) -> bool:
        if not isinstance(value, (list, tuple)) or not (value or self.is_empty_allowed):
            return False
        is_text = all(isinstance(word, str) and word for word in value)
        return (
            is_text
            and len(set(value)) == len(value)
            and (not self.allowed or set(value) <= set(self.allowed))
        )

    @property
    def expected(self) -> str:
        return f"a list of words among {', '.join(self.allowed)}" if self.allowed else "a list of words"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`exempted_by`: exemptions under which the rule is left out. `is_closing`: it looks at all limits."""

    id: str
    type: RuleType
    articles: tuple[str, ...]
    evaluate: Callable[[Case], Finding]
    parameters: Mapping[str, Number | Words] = field(default_factory=dict)
    defaults: Mapping[str, ParameterValue] = field(default_factory=dict)
    exempted_by: frozenset[str] = frozenset()
    is_closing: bool = False
