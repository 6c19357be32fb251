"""Replaying a draft of rules over a thousand revisions, beside loading what they stored."""

from __future__ import annotations

import json
from time import process_time

from apps.policy.comparison import difference
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.house.reader import read_policy_set
from apps.policy.rulebook import DEFAULT_RULEBOOK
from apps.policy.snapshot import canonical_bytes
from portal.benchmarks import Row, benchmark
from portal.benchmarks.revisions import HOUSE_RULES, revisions

REVISIONS = 1000
MOST_SECONDS = 10
MOST_RATIO = 3.0


@benchmark("replay")
def replay() -> list[Row]:
    """The peer is reading the stored facts back, which any replay has to do. In seconds of CPU."""
    return measured(REVISIONS)


def measured(count: int) -> list[Row]:
    stored = [canonical_bytes(facts.as_json()) for facts in revisions(count)]
    draft = DEFAULT_RULEBOOK.joined(read_policy_set(HOUSE_RULES), version="bench")
    began = process_time()
    loaded = [RequestFacts.from_json(json.loads(each)) for each in stored]
    reading = process_time() - began
    began = process_time()
    for facts in loaded:
        difference(decide(facts, DEFAULT_RULEBOOK), decide(facts, draft))
    deciding = process_time() - began
    whole = reading + deciding
    return [
        Row(what=f"read {count} revisions", seconds=reading, ratio=1.0),
        Row(what="decide each twice and compare", seconds=deciding, ratio=deciding / reading),
        Row(
            what=f"replay {count} revisions",
            seconds=whole,
            ratio=whole / reading,
            most_seconds=MOST_SECONDS if count == REVISIONS else None,
        ),
    ]
