"""L10: who labeled and was hardly held against anything: neither gold nor what somebody else answered."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.labeling.checks.findings import finding, percent
from apps.labeling.checks.golden import Answers, Authors
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import UNNAMED
from apps.policy.reason import declare

NEVER_COMPARED = declare(
    "LABELS_NEVER_COMPARED",
    "%(count)s of those who labeled gave %(share)s of the answers, and hardly any of theirs meets a gold item"
    " or an answer of somebody else (%(who)s); %(limit)s may.",
    "Hide gold items among theirs, or have others answer a part of the same items.",
)
ENOUGH = 10
"""Items on which somebody was held against another, however many they answered."""
PART = 0.2
"""Of the share of items that several people are to answer: by chance some meet fewer of them."""
MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Items that somebody answered, and on how many of these gold or another speaks, too."""

    items: int = 0
    held: int = 0

    def is_enough(self, terms: Terms) -> bool:
        return self.held >= min(ENOUGH, math.ceil(self.items * terms.overlap_share * PART))


NOT_COMPARED = Compared()


def compared_by(answers: Answers, authors: Authors) -> Mapping[str, Compared]:
    """Nobody is held against gold that they said themselves."""
    items, held = Counter[str](), Counter[str]()
    for item, given in answers.items():
        named = [who for who in given if who != UNNAMED]
        author = authors.get(item)
        for who in named:
            items[who] += 1
            held[who] += len(named) > 1 or (author is not None and who not in author)
    return {who: Compared(items=count, held=held[who]) for who, count in items.items()}


def never_compared(rows: Sequence[tuple[str, int, Compared]], terms: Terms) -> Iterator[Finding]:
    """`rows`: by what is told of a name how many answers they gave, and how they were compared. A few answers
    hinder nothing; of more nobody knows whether they are right."""
    asked = [row for row in rows if row[2].items]
    alone = [row for row in asked if not row[2].is_enough(terms)]
    if not alone:
        return
    share = sum(row[1] for row in alone) / sum(row[1] for row in asked)
    outcome = Outcome.NOTED if share <= terms.alone_share else Outcome.UNMEASURED
    who = tuple(row[0] for row in alone[:MOST_NAMED])
    shares = {"share": percent(share), "limit": percent(terms.alone_share)}
    yield finding("L10", outcome, NEVER_COMPARED, count=len(alone), who=who, **shares)
