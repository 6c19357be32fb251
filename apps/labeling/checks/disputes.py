"""L03: whether what annotators disagreed about was settled, as the policy asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.labeling.checks.findings import finding
from apps.labeling.checks.golden import Answers
from apps.labeling.checks.labelwise import labels_of
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.policy.reason import declare

ASKED = EXPERT, MAJORITY = "expert", "majority"
SETTLED = declare(
    "LABELS_DISPUTES_SETTLED",
    "All %(disputed)s items on which answers differ were settled.",
    "Nothing is to be done.",
)
UNSETTLED = declare(
    "LABELS_DISPUTES_UNSETTLED",
    "By the policy an expert settles what differs, and %(unsettled)s of %(disputed)s items on which answers"
    " differ were settled by nobody.",
    "Have somebody who did not label them say what holds (a column role, the roster, or gold), and bring the"
    " labels anew.",
)
TIED = declare(
    "LABELS_DISPUTES_TIED",
    "On %(unsettled)s of %(disputed)s items on which answers differ no label has more than half of the"
    " answers, and nobody settled them.",
    "Have one more person label them, or somebody settle them who did not, and bring the labels anew.",
)
UNDEFINED = declare(
    "LABELS_DISPUTES_UNDEFINED",
    "Numbers and what is drawn are seldom the same, so it was not measured whether what differs was settled.",
    "See in a sample that it was.",
)


@dataclass(frozen=True, kw_only=True)
class Disputes:
    """`open`: of the disputed items those that nobody settled; `tied`: of these, those without a majority."""

    disputed: int
    open: int
    tied: int


def disputes_of(counted: Sequence[Annotation], answers: Answers, terms: Terms) -> Disputes | None:
    """Of whole items that were given labels. Whoever leaves it open says nothing, and neither does who is not
    named: two such answers may be one person's."""
    if terms.adjudication not in ASKED or terms.scale.is_of_numbers:
        return None
    differing = {item for item, given in answers.items() if len(set(given.values())) > 1}
    counted = [each for each in counted if each.item in differing]
    votes = _votes([each for each in counted if each.is_answer], terms)
    settled = {each.item for each in counted if each.is_gold}
    settled |= {
        item
        for item, given in _votes([each for each in counted if each.is_settled], terms).items()
        if len(set(given)) == 1
    }
    disputed = [item for item, given in votes.items() if len(set(given)) > 1]
    left = [item for item in disputed if item not in settled]
    is_tied = _is_tied_by_label if terms.is_by_label else _is_tied
    return Disputes(disputed=len(disputed), open=len(left), tied=sum(is_tied(votes[item]) for item in left))


_Vote = frozenset[str]


def _votes(annotations: Sequence[Annotation], terms: Terms) -> Mapping[str, list[_Vote]]:
    unsure = set(terms.unsure)
    return {
        item: [frozenset(said) for who, said in given.items() if who != UNNAMED and not unsure & set(said)]
        for item, given in labels_of(annotations).items()
    }


def _is_tied(votes: Sequence[_Vote]) -> bool:
    ((_most, count),) = Counter(votes).most_common(1)
    return 2 * count <= len(votes)


def _is_tied_by_label(votes: Sequence[_Vote]) -> bool:
    """Where as many gave a label as did not."""
    return any(
        2 * count == len(votes) for count in Counter(label for vote in votes for label in vote).values()
    )


def settled_as_asked(found: Disputes | None, terms: Terms) -> Iterator[Finding]:
    """`found` is nothing where it is not defined."""
    if terms.adjudication not in ASKED:
        return
    if found is None:
        yield finding("L03", Outcome.NOTED, UNDEFINED)
    elif terms.adjudication == EXPERT and found.open:
        counts = {"unsettled": found.open, "disputed": found.disputed}
        yield finding("L03", Outcome.RESEARCH_ONLY, UNSETTLED, **counts)
    elif found.tied and terms.adjudication == MAJORITY:
        counts = {"unsettled": found.tied, "disputed": found.disputed}
        yield finding("L03", Outcome.NOTED, TIED, **counts)
    elif found.disputed:
        yield finding("L03", Outcome.PASSED, SETTLED, disputed=found.disputed)
