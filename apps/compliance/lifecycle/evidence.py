"""What shows that something was done: where it is kept, since when, and a hash that tells it from others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.declaration import Evidence, found
from apps.policy.reason import Reason, declare

DONE_AHEAD = declare(
    "EVIDENCE_AHEAD", "%(day)s has not come yet.", "Record what was done once it is done, with its day."
)
HASH_MALFORMED = declare(
    "EVIDENCE_HASH_MALFORMED",
    "The hash is not one of SHA-256.",
    "Give 64 digits from 0 to 9 and a to f, or leave it out.",
)


def is_done(done_on: date | None, standing: Standing, *law: str) -> Iterator[Reason]:
    if done_on is not None and done_on > standing.at.date():
        yield found(DONE_AHEAD, "said.done_on", "", *law, day=done_on.isoformat())


def exchangeable(evidence: Iterable[Evidence], place: str) -> Iterator[Reason]:
    """Pieces of evidence whose hash is none, so that one could be put in the place of another."""
    for number, each in enumerate(evidence):
        yield from is_hashed(each.sha256, f"{place}.{number}.sha256", "GDPR Art. 5(2)")


def is_hashed(sha256: str, at: str, *law: str) -> Iterator[Reason]:
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        yield found(HASH_MALFORMED, at, "", *law)
