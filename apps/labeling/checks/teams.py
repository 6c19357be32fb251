"""L09: groups of annotators judge groups of items alike. AI Act Art. 10(2)(f), (g).

The group of an annotator is what the roster says. A group of fewer than three is somebody, so nothing is
measured of it; and of nobody more is looked at than how often the groups together gave a label.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from apps.labeling.checks.findings import at_least, at_most, finding, said
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.differences import Difference, Rate, difference, interaction, z_of
from apps.policy.reason import declare

UNKNOWN = declare(
    "LABELS_TEAMS_UNKNOWN",
    "Whether groups of annotators judge groups of items differently was not measured: the roster does not"
    " name two groups of those who labeled.",
    "Where who labels may matter, enter the group of each with the roster, such as the site.",
)
SMALL = declare(
    "LABELS_TEAMS_SMALL",
    "In «%(grouping)s» groups of annotators are not compared: too few answered. In two groups of items at"
    " least %(people)s of a group and %(people)s of the others have to answer %(items)s items.",
    "Have more items answered by people of several groups.",
)
MANY = declare(
    "LABELS_TEAMS_MANY",
    "The roster names %(teams)s groups of annotators; with more than %(most)s none is compared.",
    "Put them together into fewer on the roster.",
)
APART = declare(
    "LABELS_TEAMS_JUDGE_APART",
    "In «%(grouping)s» %(count)s of %(compared)s comparisons of groups of annotators stand out. Most of all:"
    " «%(team)s» gave «%(label)s» to %(mine)s of «%(group)s» and the others to %(others)s; elsewhere it was"
    " %(mine_elsewhere)s and %(others_elsewhere)s. The difference between the two is %(value)s, from"
    " %(lower)s to %(upper)s.",
    "See whether the guideline is read alike, and have those items adjudicated by people of both groups.",
)
ALIKE = declare(
    "LABELS_TEAMS_JUDGE_ALIKE",
    "Groups of annotators judge the groups of «%(grouping)s» alike: none of %(compared)s comparisons stands"
    " out.",
    "Nothing is to be done.",
)
OF_NUMBERS = declare(
    "LABELS_TEAMS_OF_NUMBERS",
    "The labels are numbers: how often groups of annotators gave each is not compared.",
    "Nothing is to be done.",
)
OF_TEAMS = frozenset({UNKNOWN, SMALL, MANY, APART, ALIKE, OF_NUMBERS})
"""They ask who labeled."""
MOST_TEAMS = 20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How often each label was given to each of so many items, each item counting once, and by whom."""

    items: int = 0
    given: Mapping[str, float] = field(default_factory=dict)
    people: frozenset[str] = frozenset()

    def rate(self, label: str) -> Rate:
        return Rate(value=min(1.0, self.given.get(label, 0.0) / self.items), items=self.items)

    def is_large(self, terms: Terms) -> bool:
        return self.items >= terms.subgroup_items and len(self.people) >= terms.team_people


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A group of annotators, and all who are of another."""

    mine: Cell
    others: Cell

    def is_large(self, terms: Terms) -> bool:
        return self.mine.is_large(terms) and self.others.is_large(terms)

    def difference(self, label: str, z: float) -> Difference:
        return difference(self.mine.rate(label), self.others.rate(label), z)


class OfItems(Protocol):
    @property
    def group(self) -> str: ...

    @property
    def teams(self) -> Mapping[str, Beside]: ...


class _Sums:
    def __init__(self) -> None:
        self.items = 0
        self.given: dict[str, float] = defaultdict(float)

    def add(self, counted: Counter[str]) -> None:
        total = counted.total()
        self.items += 1
        for label, count in counted.items():
            self.given[label] += count / total

    def cell(self, people: frozenset[str]) -> Cell:
        return Cell(items=self.items, given=dict(sorted(self.given.items())), people=people)


def beside_each_other(given: Iterable[Annotation], teams: Mapping[str, str]) -> Mapping[str, Beside]:
    """By group of annotators; nothing where there are not two. Whoever has none is of no side."""
    by_item: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    people: dict[str, set[str]] = defaultdict(set)
    for each in given if teams else ():
        team = teams.get(each.annotator)
        if team and each.label:
            by_item[each.item][team][each.label] += 1
            people[team].add(each.annotator)
    if not 1 < len(people) <= MOST_TEAMS:
        return {team: Beside(mine=Cell(people=frozenset(who)), others=Cell()) for team, who in people.items()}
    mine: dict[str, _Sums] = defaultdict(_Sums)
    others: dict[str, _Sums] = defaultdict(_Sums)
    for _item, answers in sorted(by_item.items()):
        for team in people:
            rest = sum((counted for other, counted in answers.items() if other != team), Counter[str]())
            if team in answers:
                mine[team].add(answers[team])
            if rest:
                others[team].add(rest)
    everybody = frozenset[str]().union(*people.values())
    return {
        team: Beside(
            mine=mine[team].cell(frozenset(who)), others=others[team].cell(everybody - frozenset(who))
        )
        for team, who in sorted(people.items())
    }


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    team: str
    group: str
    label: str
    here: Beside
    elsewhere: Beside

    def found(self, z: float) -> Difference:
        return interaction(self.here.difference(self.label, z), self.elsewhere.difference(self.label, z))


def judged(grouping: str, groups: Sequence[OfItems], terms: Terms) -> Iterator[Finding]:
    """Whether the difference between groups of annotators is another in one group of items than elsewhere.
    The bounds hold for all comparisons of a grouping together."""
    teams = sorted({team for each in groups for team in each.teams})
    if len(teams) < 2 or len(groups) < 2:
        return
    if len(teams) > MOST_TEAMS:
        yield finding("L09", Outcome.NOTED, MANY, teams=len(teams), most=MOST_TEAMS)
        return
    compared = tuple(_comparisons(groups, teams, terms))
    if not compared:
        least = {"people": terms.team_people, "items": terms.subgroup_items}
        yield finding("L09", Outcome.NOTED, SMALL, grouping=grouping, **least)
        return
    z = z_of(len(compared))
    found = [(each.found(z), each) for each in compared]
    apart = [(told, each) for told, each in found if told.from_zero > 0]
    if apart:
        yield _apart(grouping, *max(apart, key=lambda pair: pair[0].from_zero), len(apart), len(compared))
    else:
        yield finding("L09", Outcome.PASSED, ALIKE, grouping=grouping, compared=len(compared))


def _comparisons(groups: Sequence[OfItems], teams: Sequence[str], terms: Terms) -> Iterator[_Comparison]:
    """Of two the second says what the first does, the other way round."""
    for team in teams if len(teams) > 2 else teams[:1]:
        told = [(each.group, each.teams[team]) for each in groups if team in each.teams]
        for group, here in told if len(groups) > 2 else told[:1]:
            elsewhere = _together([beside for other, beside in told if other != group])
            if here.is_large(terms) and elsewhere.is_large(terms):
                labels = {
                    *here.mine.given,
                    *here.others.given,
                    *elsewhere.mine.given,
                    *elsewhere.others.given,
                }
                for label in sorted(labels):
                    yield _Comparison(team=team, group=group, label=label, here=here, elsewhere=elsewhere)


def _together(told: Sequence[Beside]) -> Beside:
    """No item is in two groups of a grouping."""
    return Beside(
        mine=_sum([each.mine for each in told]),
        others=_sum([each.others for each in told]),
    )


def _sum(cells: Sequence[Cell]) -> Cell:
    given: dict[str, float] = defaultdict(float)
    for each in cells:
        for label, count in each.given.items():
            given[label] += count
    people = frozenset[str]().union(*(each.people for each in cells))
    return Cell(items=sum(each.items for each in cells), given=given, people=people)


def _apart(grouping: str, told: Difference, most: _Comparison, count: int, compared: int) -> Finding:
    here, elsewhere = most.here, most.elsewhere
    return finding(
        "L09",
        Outcome.NOTED,
        APART,
        grouping=grouping,
        count=count,
        compared=compared,
        team=most.team,
        group=most.group,
        label=most.label,
        mine=said(here.mine.rate(most.label).value),
        others=said(here.others.rate(most.label).value),
        mine_elsewhere=said(elsewhere.mine.rate(most.label).value),
        others_elsewhere=said(elsewhere.others.rate(most.label).value),
        value=said(told.value),
        lower=at_least(told.lower),
        upper=at_most(told.upper),
    )
