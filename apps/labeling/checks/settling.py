"""L02: nobody settles what they labeled themselves, item by item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.imports.annotation import UNNAMED
from apps.labeling.imports.reading import Export
from apps.policy.reason import declare

OWN = declare(
    "LABELS_OWN_SETTLED",
    "Of %(settled)s items that somebody settled or reviewed, %(own)s were by one who had labeled them:"
    " %(who)s.",
    "Have those items settled by somebody else, and bring the labels anew.",
)
BY_OTHERS = declare(
    "LABELS_SETTLED_BY_OTHERS",
    "%(settled)s items were settled or reviewed, none by anybody who had labeled them.",
    "Nothing is to be done.",
)
BY_ANNOTATORS = declare(
    "LABELS_SETTLED_BY_ANNOTATORS",
    "%(unfit)s of %(settled)s items were settled by %(who)s, who are on the roster to label only. What"
    " settles is no answer of its own, so that what they say otherwise than the others would go unseen.",
    "Enter as adjudicators or reviewers who are, or export these labels as the answers that they are.",
)
MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the roster says of those who label, by the number that exports give them: the group of each, who
    they are, who does nothing but settle and review, and who does nothing but label."""

    teams: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    settling: frozenset[str] = frozenset()
    labeling: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class SettledFacts:
    """`own` counts the items that were settled by somebody who had labeled them, `unfit` those by somebody
    who is there to label only."""

    settled: int = 0
    own: int = 0
    who: tuple[str, ...] = ()
    unfit: int = 0
    unfit_who: tuple[str, ...] = ()


def marked(export: Export, standing: Standing) -> Export:
    """What those say who only settle is no answer of its own, whatever the file calls it."""
    if not standing.settling:
        return export
    return replace(
        export,
        annotations=tuple(
            replace(each, is_settled=True) if each.annotator in standing.settling and each.is_answer else each
            for each in export.annotations
        ),
    )


def settled_of(export: Export, standing: Standing) -> SettledFacts:
    """One person may have several numbers."""
    by: dict[str, set[str]] = defaultdict(set)
    unfit: dict[str, set[str]] = defaultdict(set)
    for item, people in export.settled.items():
        by[item] |= set(people)
    for each in export.annotations:
        if each.is_settled and each.annotator != UNNAMED:
            by[each.item].add(each.annotator)
            if each.annotator in standing.labeling:
                unfit[each.item].add(each.annotator)
    if not by:
        return SettledFacts()
    labeled: dict[str, set[str]] = defaultdict(set)
    for each in export.annotations:
        if each.item in by and each.is_answer:
            labeled[each.item].add(standing.people.get(each.annotator, each.annotator))
    own = {
        item: who
        for item, people in by.items()
        if (who := {each for each in people if standing.people.get(each, each) in labeled[item]})
    }
    return SettledFacts(
        settled=len(by), own=len(own), who=_names(own), unfit=len(unfit), unfit_who=_names(unfit)
    )


def _names(by_item: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(sorted(set[str]().union(*by_item.values()))[:MOST_NAMED])


def settled_apart(facts: SettledFacts) -> Iterator[Finding]:
    if facts.own:
        counts = {"settled": facts.settled, "own": facts.own}
        yield finding("L02", Outcome.FAILED, OWN, who=facts.who, **counts)
    if facts.unfit:
        told = {"unfit": facts.unfit, "settled": facts.settled}
        yield finding("L02", Outcome.FAILED, BY_ANNOTATORS, who=facts.unfit_who, **told)
    elif facts.settled and not facts.own:
        yield finding("L02", Outcome.PASSED, BY_OTHERS, settled=facts.settled)
