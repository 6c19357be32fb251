"""Comparisons of a rule with a fact. `None` is the answer where an unknown fact decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.policy.house.readings import FACTS, Flag, Kind, Level, Reading, Words
from apps.policy.reason import Value
from apps.policy.rules.case import Case


class Comparison(StrEnum):
    """How a fact is compared."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANY = "any"
    OUTSIDE = "outside"
    ONLY = "only"
    NONE = "none"
    TRUE = "true"
    FALSE = "false"


UPWARD = frozenset({Comparison.AT_LEAST, Comparison.ANY, Comparison.OUTSIDE, Comparison.TRUE})
"""Once met, still met when more is asked for: the only ones of a rule that adds something."""

DOWNWARD = frozenset(Comparison) - UPWARD
"""Once unmet, still unmet when more is asked for: the only ones of a rule that grants at once."""

TESTS_OF = {
    Kind.LEVEL: frozenset({Comparison.AT_LEAST, Comparison.AT_MOST}),
    Kind.WORDS: frozenset({Comparison.ANY, Comparison.OUTSIDE, Comparison.ONLY, Comparison.NONE}),
    Kind.FLAG: frozenset({Comparison.TRUE, Comparison.FALSE}),
}


@dataclass(frozen=True, kw_only=True)
class Match:
    """One line of `when`."""

    fact: str
    test: Comparison
    level: int = 0
    words: frozenset[str] = frozenset()

    def read(self, case: Case) -> Reading:
        return FACTS[self.fact].read(case)

    def holds(self, reading: Reading) -> bool | None:
        if isinstance(reading, Flag):
            wanted = self.test is Comparison.TRUE
            return None if reading.value is None else reading.value is wanted
        if isinstance(reading, Level):
            return self._holds_for_level(reading)
        return self._holds_for_words(reading)

    def _holds_for_level(self, reading: Level) -> bool | None:
        reached = reading.known is not None and reading.known > self.level
        if self.test is Comparison.AT_LEAST:
            reached = reading.known is not None and reading.known >= self.level
            return True if reached else False if reading.is_whole else None
        return False if reached else True if reading.is_whole else None

    def _holds_for_words(self, reading: Words) -> bool | None:
        within = [bool(member & self.words) for member in reading.members]
        found = {
            Comparison.ANY: any(within),
            Comparison.OUTSIDE: not all(within),
            Comparison.ONLY: not all(within),
            Comparison.NONE: any(within),
        }[self.test]
        if found:
            return self.test in UPWARD
        return self.test in DOWNWARD if reading.is_whole else None


def shown(reading: Reading) -> Value:
    """The value as a trace holds it; `None` is not known."""
    if isinstance(reading, Flag):
        return reading.value
    if isinstance(reading, Level):
        return reading.known if reading.is_whole else None
    return tuple(sorted(" ".join(sorted(member)) for member in reading.members))


def conjoined(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return False if False in found else None if None in found else True
