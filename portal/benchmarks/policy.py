"""One decision by the whole table of rules, beside reading its facts, and beside the first rulebook."""

from __future__ import annotations

import json
from time import process_time

from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.rulebook import DEFAULT_RULEBOOK, LAWFUL_RULEBOOK, Rulebook
from apps.policy.snapshot import canonical_bytes
from portal.benchmarks import Row, benchmark
from portal.benchmarks.revisions import revisions

DECISIONS = 1000
MOST_SECONDS = 5.0
"""For so many decisions: five milliseconds each."""

MOST_RATIO = 2.0
"""The whole table, to reading the facts it looks at."""


@benchmark("policy")
def policy() -> list[Row]:
    """In seconds of CPU; the peer is reading the stored facts back."""
    return measured(DECISIONS, [canonical_bytes(facts.as_json()) for facts in revisions(DECISIONS)])


def measured(count: int, stored: list[bytes]) -> list[Row]:
    reading, facts = _read(stored)
    first = _spent(DEFAULT_RULEBOOK, facts)
    whole = _spent(LAWFUL_RULEBOOK, _read(stored)[1])
    return [
        Row(what=f"read the facts of {count} asks", seconds=reading, ratio=1.0),
        Row(what="decide by the first rulebook", seconds=first, ratio=first / reading),
        Row(
            what=f"decide {count} by the whole table",
            seconds=whole,
            ratio=whole / reading,
            most_seconds=MOST_SECONDS * count / DECISIONS,
        ),
    ]


def _read(stored: list[bytes]) -> tuple[float, list[RequestFacts]]:
    """Facts remember their hash, so each measure gets facts of its own."""
    began = process_time()
    facts = [RequestFacts.from_json(json.loads(each)) for each in stored]
    return process_time() - began, facts


def _spent(rulebook: Rulebook, facts: list[RequestFacts]) -> float:
    began = process_time()
    for each in facts:
        decide(each, rulebook)
    return process_time() - began
