"""L09: groups of items are labeled alike. AI Act Art. 10(2)(f), (g)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from apps.labeling.checks.around import Groups, ItemFacts
from apps.labeling.checks.findings import finding, said
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.agreement import Scale, alpha, are_numbers, ratings_of
from apps.labeling.measures.resampling import Interval, alpha_interval
from apps.policy.reason import declare

NOT_PLANNED = declare(
    "LABELS_GROUPS_NOT_COMPARED",
    "Whether groups of items are labeled alike was not measured: no list of items says which group each"
    " belongs to.",
    "Name the groups in the labeling policy, and bring the items of the version with a column group:NAME.",
)
PLANNED = declare(
    "LABELS_GROUPS_UNKNOWN",
    "The labeling policy compares groups, and no list of items says which group each belongs to.",
    "Bring the items of the version with a column group:NAME.",
)
FEW = declare(
    "LABELS_GROUP_SMALL",
    "«%(group)s» of «%(grouping)s» has %(items)s labeled items; below %(needed)s a group is not compared.",
    "Label more items of that group.",
)
UNDEFINED = declare(
    "LABELS_GROUP_UNDEFINED",
    "The agreement within «%(group)s» of «%(grouping)s» is undefined.",
    "Have several people label items of that group.",
)
GAP = declare(
    "LABELS_GROUPS_DISAGREE",
    "In «%(grouping)s» the agreement is %(low)s in «%(lowest)s» and %(high)s in «%(highest)s»; the gap may be"
    " %(allowed)s.",
    "See whether the guideline fits the items of that group, and have those disputed adjudicated.",
)
RATE = declare(
    "LABELS_GROUPS_RATED_APART",
    "In «%(grouping)s» the label «%(label)s» makes up %(low)s of the answers in «%(lowest)s» and %(high)s in"
    " «%(highest)s»: a ratio of %(ratio)s, below %(allowed)s.",
    "See whether the groups differ, or those who label judge them differently.",
)
ALIKE = declare(
    "LABELS_GROUPS_ALIKE",
    "The groups of «%(grouping)s» are labeled alike: the gap in agreement is %(gap)s, where %(allowed)s was"
    " allowed.",
    "Nothing is to be done.",
)
MANY = declare(
    "LABELS_GROUPS_MANY",
    "«%(grouping)s» has %(groups)s groups; with more than %(most)s none is compared.",
    "Put them together into fewer, in the list of the next version's items.",
)
ANNOTATORS = declare(
    "LABELS_ANNOTATORS_UNGROUPED",
    "Whether groups of annotators judge groups of items differently was not measured.",
    "Compare it by hand where who labels may matter.",
)


MOST_GROUPS = 50


@dataclass(frozen=True, kw_only=True)
class Subgroup:
    """A group of items, with what it measures: `shares` are those of each label among its answers."""

    grouping: str
    group: str
    items: int
    shares: Mapping[str, float]
    agreement: float | None
    interval: Interval


def subgroups_of(
    annotations: Iterable[Annotation], groups: Mapping[str, Groups], terms: Terms
) -> tuple[Subgroup, ...]:
    """By answers of people on whole items and on regions. The agreement is that on whole items."""
    found: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for each in annotations:
        if not (each.was_cancelled or each.is_gold or each.is_machine):
            for group in groups.get(each.item, ()):
                found[group].append(each)
    return tuple(_subgroup(*group, given, terms) for group, given in sorted(found.items(), key=itemgetter(0)))


def _subgroup(grouping: str, group: str, said: Sequence[Annotation], terms: Terms) -> Subgroup:
    counted = Counter(each.label for each in said if each.label)
    total = sum(counted.values())
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in said:
        if not each.is_region and each.annotator != UNNAMED:
            answers[each.item, each.annotator].add(each.label)
    ratings = ratings_of(
        ((item, " + ".join(sorted(labels))) for (item, _who), labels in answers.items()), terms.order
    )
    is_measured = terms.scale in (Scale.NOMINAL, Scale.ORDINAL) or are_numbers(ratings)
    items = len({each.item for each in said})
    is_measured = is_measured and items >= terms.subgroup_items
    nothing = Interval(lower=None, upper=None, resamples=terms.resamples)
    value = alpha(ratings, terms.scale) if is_measured else None
    return Subgroup(
        grouping=grouping,
        group=group,
        items=items,
        shares={label: count / total for label, count in sorted(counted.items())},
        agreement=value,
        interval=nothing
        if value is None
        else alpha_interval(ratings, terms.scale, seed=terms.seed, resamples=terms.resamples),
    )


def compared(facts: ItemFacts, subgroups: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    """All of it asks for somebody's eyes, and hinders nothing where it was measured."""
    if not facts.has_groups:
        if terms.subgroups:
            yield finding("L09", Outcome.UNMEASURED, PLANNED)
        else:
            yield finding("L09", Outcome.NOTED, NOT_PLANNED)
        return
    for grouping in sorted({name for groups in facts.groups.values() for name, _group in groups}):
        yield from _grouping(grouping, [each for each in subgroups if each.grouping == grouping], terms)
    yield finding("L09", Outcome.NOTED, ANNOTATORS)


def _grouping(grouping: str, subgroups: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    if len(subgroups) > MOST_GROUPS:
        facts = {"groups": len(subgroups), "most": MOST_GROUPS}
        yield finding("L09", Outcome.NOTED, MANY, grouping=grouping, **facts)
        return
    large = [each for each in subgroups if each.items >= terms.subgroup_items]
    for each in subgroups:
        if each not in large:
            facts = {"items": each.items, "needed": terms.subgroup_items}
            yield finding("L09", Outcome.NOTED, FEW, grouping=grouping, group=each.group, **facts)
    for each in large:
        if each.agreement is None:
            yield finding("L09", Outcome.NOTED, UNDEFINED, grouping=grouping, group=each.group)
    flagged = [*_gap(grouping, large, terms), *_rates(grouping, large, terms)]
    yield from flagged
    known = [each.agreement for each in large if each.agreement is not None]
    if not flagged and len(known) > 1:
        gap, allowed = said(max(known) - min(known)), said(terms.subgroup_gap)
        yield finding("L09", Outcome.PASSED, ALIKE, grouping=grouping, gap=gap, allowed=allowed)


def _gap(grouping: str, large: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    known = sorted((each.agreement, each.group) for each in large if each.agreement is not None)
    if len(known) > 1 and known[-1][0] - known[0][0] > terms.subgroup_gap:
        (low, lowest), (high, highest) = known[0], known[-1]
        ends = {"low": said(low), "lowest": lowest, "high": said(high), "highest": highest}
        allowed = said(terms.subgroup_gap)
        yield finding("L09", Outcome.NOTED, GAP, grouping=grouping, allowed=allowed, **ends)


def _rates(grouping: str, large: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    for label in sorted({label for each in large for label in each.shares}):
        rates = sorted((each.shares.get(label, 0.0), each.group) for each in large)
        (low, lowest), (high, highest) = rates[0], rates[-1]
        if len(rates) > 1 and low < terms.subgroup_ratio * high:
            ends = {"low": said(low), "lowest": lowest, "high": said(high), "highest": highest}
            limits = {"ratio": said(low / high), "allowed": said(terms.subgroup_ratio)}
            yield finding("L09", Outcome.NOTED, RATE, grouping=grouping, label=label, **ends, **limits)
