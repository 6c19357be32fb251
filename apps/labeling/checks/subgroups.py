"""L09: groups of items are labeled alike. AI Act Art. 10(2)(f), (g)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from apps.labeling.checks.around import Groups, ItemFacts
from apps.labeling.checks.coefficients import OF_REGIONS, Coefficient
from apps.labeling.checks.findings import at_least, finding, said
from apps.labeling.checks.parts import parts_of
from apps.labeling.checks.teams import OF_NUMBERS as TEAMS_OF_NUMBERS
from apps.labeling.checks.teams import UNKNOWN as TEAMS_UNKNOWN
from apps.labeling.checks.teams import Beside, beside_each_other, judged
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.resampling import Interval
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
DRAWN_UNDEFINED = declare(
    "LABELS_GROUP_DRAWN_UNDEFINED",
    "How far regions agree within «%(group)s» of «%(grouping)s» is undefined.",
    "Have several people draw on items of that group.",
)
DRAWN_GAP = declare(
    "LABELS_GROUPS_DRAWN_APART",
    "In «%(grouping)s» the agreement of regions (%(coefficient)s) is %(low)s in «%(lowest)s» and"
    " %(high)s in «%(highest)s»; the gap may be %(allowed)s.",
    "See whether the guideline says where a region begins and ends on items of that group.",
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


MOST_GROUPS = 50


@dataclass(frozen=True, kw_only=True)
class Within:
    """The agreement within a group: on whole items, or on regions of them."""

    coefficient: Coefficient
    value: float | None
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Subgroup:
    """A group of items, with what it measures: `shares` are those of each label among its answers, `teams`
    what each group of annotators said beside the others."""

    grouping: str
    group: str
    items: int
    shares: Mapping[str, float]
    within: tuple[Within, ...]
    teams: Mapping[str, Beside] = field(default_factory=dict)


def subgroups_of(
    annotations: Iterable[Annotation],
    groups: Mapping[str, Groups],
    terms: Terms,
    teams: Mapping[str, str] | None = None,
) -> tuple[Subgroup, ...]:
    """By answers of people, on whole items and on regions. `teams`: the group of each annotator."""
    found: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for each in annotations:
        if each.is_answer:
            for group in groups.get(each.item, ()):
                found[group].append(each)
    return tuple(
        _subgroup(*group, given, terms, teams or {})
        for group, given in sorted(found.items(), key=itemgetter(0))
    )


def _subgroup(
    grouping: str, group: str, given: Sequence[Annotation], terms: Terms, teams: Mapping[str, str]
) -> Subgroup:
    has_classes = not terms.scale.is_of_numbers
    counted = Counter(each.label for each in given if each.label and has_classes)
    total = sum(counted.values())
    items = {each.item for each in given}
    is_measured = len(items) >= terms.subgroup_items
    parts = parts_of(given, items, terms) if is_measured else ()
    return Subgroup(
        grouping=grouping,
        group=group,
        items=len(items),
        shares={label: count / total for label, count in sorted(counted.items())},
        within=tuple(
            Within(
                coefficient=part.agreement.coefficient,
                value=part.agreement.value,
                interval=part.agreement.interval,
            )
            for part in parts
        ),
        teams=beside_each_other(given, teams) if has_classes else {},
    )


def compared(facts: ItemFacts, subgroups: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    """All of it asks for somebody's eyes, and hinders nothing where it was measured. Where the risk is high
    there has to be a list of items."""
    if not facts.has_groups:
        if terms.subgroups:
            yield finding("L09", Outcome.UNMEASURED, PLANNED)
        else:
            is_asked = terms.is_high_risk and facts.known is None
            outcome = Outcome.UNMEASURED if is_asked else Outcome.NOTED
            yield finding("L09", outcome, NOT_PLANNED)
        return
    for grouping in sorted({name for groups in facts.groups.values() for name, _group in groups}):
        of_grouping = [each for each in subgroups if each.grouping == grouping]
        yield from _grouping(grouping, of_grouping, terms)
        if not terms.scale.is_of_numbers:
            yield from judged(grouping, of_grouping, terms)
    if terms.scale.is_of_numbers:
        yield finding("L09", Outcome.NOTED, TEAMS_OF_NUMBERS)
    elif len({team for each in subgroups for team in each.teams}) < 2:
        yield finding("L09", Outcome.NOTED, TEAMS_UNKNOWN)


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
    flagged, gaps = [*_rates(grouping, large, terms)], []
    for coefficient in sorted({one.coefficient for each in large for one in each.within}):
        told = {each.group: one for each in large for one in each.within if one.coefficient is coefficient}
        for group, one in told.items():
            if one.value is None:
                code = DRAWN_UNDEFINED if coefficient in OF_REGIONS else UNDEFINED
                yield finding("L09", Outcome.NOTED, code, grouping=grouping, group=group)
        known = sorted((one.value, group) for group, one in told.items() if one.value is not None)
        if len(known) > 1:
            gaps.append(known[-1][0] - known[0][0])
            flagged += _gap(grouping, coefficient, known, terms)
    yield from flagged
    if not flagged and gaps:
        gap, allowed = said(max(gaps)), said(terms.subgroup_gap)
        yield finding("L09", Outcome.PASSED, ALIKE, grouping=grouping, gap=gap, allowed=allowed)


def _gap(
    grouping: str, coefficient: Coefficient, known: Sequence[tuple[float, str]], terms: Terms
) -> Iterator[Finding]:
    (low, lowest), (high, highest) = known[0], known[-1]
    if high - low > terms.subgroup_gap:
        ends = {"low": said(low), "lowest": lowest, "high": said(high), "highest": highest}
        told = {**ends, "grouping": grouping, "allowed": said(terms.subgroup_gap)}
        if coefficient in OF_REGIONS:
            yield finding("L09", Outcome.NOTED, DRAWN_GAP, coefficient=coefficient.value, **told)
        else:
            yield finding("L09", Outcome.NOTED, GAP, **told)


def _rates(grouping: str, large: Sequence[Subgroup], terms: Terms) -> Iterator[Finding]:
    for label in sorted({label for each in large for label in each.shares}):
        rates = sorted((each.shares.get(label, 0.0), each.group) for each in large)
        (low, lowest), (high, highest) = rates[0], rates[-1]
        if len(rates) > 1 and low < terms.subgroup_ratio * high:
            ends = {"low": said(low), "lowest": lowest, "high": said(high), "highest": highest}
            limits = {"ratio": at_least(low / high), "allowed": said(terms.subgroup_ratio)}
            yield finding("L09", Outcome.NOTED, RATE, grouping=grouping, label=label, **ends, **limits)
