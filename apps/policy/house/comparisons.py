"""The part `when` of a rule: facts compared, each in the one direction in which a rule may look."""

from __future__ import annotations

import re
from typing import Any

from apps.policy.house.faults import (
    POLICY_FACT_UNKNOWN,
    POLICY_WOULD_LOOSEN,
    POLICY_WOULD_TIGHTEN,
    Faults,
)
from apps.policy.house.matches import DOWNWARD, TESTS_OF, UPWARD, Comparison, Match
from apps.policy.house.readings import CRIMINAL, FACTS, PERSONAL, SPECIAL, Kind
from apps.policy.house.text import Place
from apps.policy.house.values import read_words

ABOUT_PEOPLE = frozenset({PERSONAL, SPECIAL, CRIMINAL})
_LEVEL = re.compile(r"(>=|<=|>|<) ?([0-9]{1,6})")
_OF_WORD = {
    "any": Comparison.ANY,
    "outside": Comparison.OUTSIDE,
    "only": Comparison.ONLY,
    "none": Comparison.NONE,
}


def names_known() -> tuple[str, ...]:
    """Every name that may stand in `when`."""
    found = []
    for name, fact in FACTS.items():
        found += [f"{name}_{word}" for word in _OF_WORD] if fact.kind is Kind.WORDS else [name]
    return tuple(sorted(found))


def read_when(faults: Faults, stated: Any, place: Place, *, is_granting: bool) -> tuple[Match, ...]:
    """Without comparisons the rule always applies. The lines are united by AND."""
    if not isinstance(stated, dict):
        faults.wrong(place, "comparisons, one a line, or {} for a rule that always applies")
        return ()
    found = (_read(faults, name, value, (*place, name)) for name, value in stated.items())
    matches = tuple(match for match in found if match is not None)
    for match in matches:
        _check_direction(faults, match, place, stated, is_granting=is_granting)
    return tuple(sorted(matches, key=lambda match: (match.fact, match.test)))


def _read(faults: Faults, name: str, value: Any, place: Place) -> Match | None:
    if name == "categories" and value == "none":
        return Match(fact="categories", test=Comparison.NONE, words=ABOUT_PEOPLE)
    fact, _, word = name.rpartition("_")
    if fact in FACTS and FACTS[fact].kind is Kind.WORDS and word in _OF_WORD:
        words = read_words(faults, value, place, FACTS[fact].words)
        return Match(fact=fact, test=_OF_WORD[word], words=words) if words else None
    if name not in FACTS or FACTS[name].kind is Kind.WORDS:
        faults.add(POLICY_FACT_UNKNOWN, place, known=names_known())
        return None
    if FACTS[name].kind is Kind.FLAG:
        if not isinstance(value, bool):
            faults.wrong(place, "true or false")
            return None
        return Match(fact=name, test=Comparison.TRUE if value else Comparison.FALSE)
    return _read_level(faults, name, value, place)


def _read_level(faults: Faults, name: str, value: Any, place: Place) -> Match | None:
    found = _LEVEL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        faults.wrong(place, 'a comparison in quotes, such as ">=3" or "<=90"')
        return None
    sign, number = found[1], int(found[2])
    if sign.startswith(">"):
        return Match(fact=name, test=Comparison.AT_LEAST, level=number + (sign == ">"))
    return Match(fact=name, test=Comparison.AT_MOST, level=number - (sign == "<"))


def _check_direction(
    faults: Faults, match: Match, place: Place, stated: dict[str, Any], *, is_granting: bool
) -> None:
    allowed = DOWNWARD if is_granting else UPWARD
    if match.test in allowed:
        return
    name = next(each for each in stated if each == match.fact or each.startswith(f"{match.fact}_"))
    possible = tuple(sorted(allowed & TESTS_OF[FACTS[match.fact].kind]))
    code = POLICY_WOULD_TIGHTEN if is_granting else POLICY_WOULD_LOOSEN
    expected = ", ".join(_as_written(match.fact, each) for each in possible)
    faults.add(code, (*place, name), expected=expected)


def _as_written(fact: str, test: Comparison) -> str:
    signs = {Comparison.AT_LEAST: '">="', Comparison.AT_MOST: '"<="'}
    if test in signs:
        return f"{fact}: {signs[test]}"
    is_flag = test in {Comparison.TRUE, Comparison.FALSE}
    return f"{fact}: {test.value}" if is_flag else f"{fact}_{test.value}"
