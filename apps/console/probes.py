"""What the test of a lake asks, in plain words: the question, why it is asked, and what mends a wrong answer.

Probes are stored by their name and the answers by a code; both are for machines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.console.wording import PROBE_RESULTS, Word
from apps.console.wording.probes import ANSWERS, QUESTIONS, REMEDIES, Question


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A probe as it is read. `remedy` is empty where the answer is the right one."""

    question: Any
    place: str
    meaning: Any
    expected: Any
    observed: Any
    word: Word
    remedy: Any = ""


def asked(probes: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """What went wrong first, then in the order in which it was asked."""
    return [_asked(probe) for probe in sorted(probes, key=lambda probe: bool(probe["passed"]))]


def question_of(name: str) -> str:
    """What a probe of this name asks."""
    known = _question(name)[0]
    return str(known.asked) if known else name


def _asked(probe: Mapping[str, Any]) -> Asked:
    known, place = _question(probe["name"])
    return Asked(
        question=known.asked if known else probe["name"],
        place=place,
        meaning=known.meaning if known else "",
        expected=ANSWERS.get(probe["expected"], probe["expected"]),
        observed=ANSWERS.get(probe["observed"], probe["observed"]),
        word=PROBE_RESULTS[bool(probe["passed"])],
        remedy="" if probe["passed"] else REMEDIES.get(probe["observed"], known.remedy if known else ""),
    )


def _question(name: str) -> tuple[Question | None, str]:
    for question in QUESTIONS:
        if found := re.fullmatch(question.pattern, name):
            return question, found.groupdict().get("place", "")
    return None, ""
