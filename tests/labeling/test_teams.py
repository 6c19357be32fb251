"""How people of several sites judge groups of items, and how boxes agree within such groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import pytest

from apps.accounts.roles import Role
from apps.labeling.checks.around import Groups, ItemFacts
from apps.labeling.checks.coefficients import Coefficient
from apps.labeling.checks.subgroups import compared, subgroups_of
from apps.labeling.checks.terms import Finding, Terms
from apps.labeling.commands import review_label_set
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.differences import Difference, Rate, difference, interaction, z_of
from apps.labeling.measures.shapes import Box
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels, roster

TERMS = Terms(resamples=50)
SITES = {**dict.fromkeys("abc", "north"), **dict.fromkeys("xyz", "south")}
Z = z_of(1)


def rate(hits: int, of: int) -> Rate:
    return Rate(value=hits / of, items=of)


@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1),
    ],
)
def test_bounds_of_a_difference_are_those_newcombe_published(
    one: tuple[int, int], other: tuple[int, int], lower: float, upper: float
) -> None:
    found = difference(rate(*one), rate(*other), Z)
    assert (round(found.lower, 4), round(found.upper, 4)) == (lower, upper)


def test_a_difference_of_differences_is_as_wide_as_both_together() -> None:
    here = Difference(value=0.4, lower=0.1, upper=0.6)
    same = interaction(here, here)
    assert (same.value, round(same.lower, 4), round(same.upper, 4)) == (0, -0.3606, 0.3606)
    assert same.from_zero < 0 < interaction(here, Difference(value=-0.4, lower=-0.6, upper=-0.1)).from_zero


def test_more_comparisons_widen_the_bounds() -> None:
    assert z_of(1) == pytest.approx(1.959964)
    assert z_of(20) > z_of(2) > z_of(1)


def answers(
    items: int, apart: int, *, people: Mapping[str, str]
) -> tuple[list[Annotation], dict[str, Groups]]:
    """Of wells and of quarries as many items. Of the wells those of the south call so many otherwise."""
    found: list[Annotation] = []
    groups: dict[str, Groups] = {}
    for place, number in product(("quarry", "well"), range(items)):
        item = f"{place}-{number:03}"
        groups[item] = (("place", place),)
        for who, site in people.items():
            is_apart = place == "well" and site == "south" and number < apart
            label = "shale" if is_apart or number % 2 else "chalk"
            found.append(Annotation(line=1, item=item, annotator=who, label=label))
    return found, groups


def judged(
    items: int, apart: int, people: Mapping[str, str] = SITES, teams: Mapping[str, str] = SITES
) -> list[Finding]:
    given, groups = answers(items, apart, people=people)
    found = compared(ItemFacts(groups=groups), subgroups_of(given, groups, TERMS, teams), TERMS)
    return [each for each in found if "TEAMS" in each.reason.code]


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(each.outcome.value, each.reason.code) for each in found]


def test_people_of_one_site_who_judge_some_items_otherwise_are_found() -> None:
    (found,) = judged(60, 60)
    assert codes([found]) == [("noted", "LABELS_TEAMS_JUDGE_APART")]
    facts = found.reason.facts
    assert (facts["team"], facts["group"], facts["count"], facts["compared"]) == ("north", "quarry", 2, 2)
    assert (facts["mine"], facts["others"]) == ("0.500", "0.500")
    assert {facts["mine_elsewhere"], facts["others_elsewhere"]} in ({"0.500", "1.000"}, {"0.500", "0.000"})
    assert abs(float(str(facts["value"]))) == 0.5


def test_people_who_judge_alike_are_told_too() -> None:
    assert codes(judged(60, 0)) == [("passed", "LABELS_TEAMS_JUDGE_ALIKE")]
    assert codes(judged(60, 4)) == [("passed", "LABELS_TEAMS_JUDGE_ALIKE")]


def test_who_says_less_often_so_everywhere_is_no_matter_of_a_group_of_items() -> None:
    """A difference between sites alone is none of groups of items."""
    given, groups = answers(60, 0, people=SITES)
    given = [replace(each, label="shale") if SITES[each.annotator] == "south" else each for each in given]
    found = list(compared(ItemFacts(groups=groups), subgroups_of(given, groups, TERMS, SITES), TERMS))
    assert ("passed", "LABELS_TEAMS_JUDGE_ALIKE") in codes(found)


@pytest.mark.parametrize(
    ("items", "people"),
    [(29, SITES), (60, {each: SITES[each] for each in "abxyz"}), (60, {"a": "north", "x": "south"})],
)
def test_few_are_not_compared(items: int, people: Mapping[str, str]) -> None:
    """A group of two is somebody."""
    assert codes(judged(items, items, people)) == [("noted", "LABELS_TEAMS_SMALL")]


@pytest.mark.parametrize("teams", [{}, dict.fromkeys("abcxyz", "north"), {"p": "north", "q": "south"}])
def test_where_the_roster_names_no_groups_it_is_not_measured(teams: Mapping[str, str]) -> None:
    assert codes(judged(60, 60, teams=teams)) == [("noted", "LABELS_TEAMS_UNKNOWN")]


def test_many_groups_of_annotators_are_told_and_not_compared() -> None:
    people = {f"p{number}": f"site {number}" for number in range(21)}
    assert codes(judged(30, 0, people, people)) == [("noted", "LABELS_TEAMS_MANY")]


def test_with_three_groups_each_is_held_against_the_others() -> None:
    people = {**SITES, **dict.fromkeys("uvw", "west")}
    (found,) = judged(60, 60, people, people)
    assert (found.reason.facts["team"], found.reason.facts["compared"]) == ("south", 6)


def test_order_changes_nothing() -> None:
    given, groups = answers(40, 30, people=SITES)
    assert subgroups_of(given, groups, TERMS, SITES) == subgroups_of(given[::-1], groups, TERMS, SITES)


# Boxes


def drawn(shift: float) -> Iterator[Annotation]:
    """The second draws so far to the right on items of the wells."""
    for place, number in product(("quarry", "well"), range(40)):
        for who in "ab":
            left = 10 + (shift if who == "b" and place == "well" else 0)
            box = Box(left=left, top=10, width=20, height=20)
            item = f"{place}-{number}"
            yield Annotation(line=1, item=item, annotator=who, label="crack", shape=box, is_region=True)


@pytest.mark.parametrize(("shift", "code"), [(1, "LABELS_GROUPS_ALIKE"), (15, "LABELS_GROUPS_DRAWN_APART")])
def test_agreement_of_boxes_is_compared_between_groups(shift: float, code: str) -> None:
    given = list(drawn(shift))
    groups: dict[str, Groups] = {each.item: (("place", each.item.split("-")[0]),) for each in given}
    found = subgroups_of(given, groups, TERMS)
    assert [one.coefficient for each in found for one in each.within] == [Coefficient.F1] * 2
    assert found[0].within[0].value == 1
    told = [each.reason.code for each in compared(ItemFacts(groups=groups), found, TERMS)]
    assert told == [code, "LABELS_TEAMS_UNKNOWN"]


def test_boxes_and_labels_of_whole_items_are_compared_apart() -> None:
    given, groups = answers(40, 0, people=dict.fromkeys("ab", ""))
    given += [replace(each, item=f"{each.item}".replace("-", "-00", 1)) for each in drawn(15)]
    groups |= {each.item: (("place", each.item.split("-")[0]),) for each in given}
    told = [
        each.reason.code
        for each in compared(ItemFacts(groups=groups), subgroups_of(given, groups, TERMS), TERMS)
    ]
    assert "LABELS_GROUPS_DRAWN_APART" in told
    assert "LABELS_GROUPS_DISAGREE" not in told


# Kept


@pytest.mark.django_db
@pytest.mark.parametrize("are_named", [True, False])
def test_the_roster_says_who_is_of_which_group_and_it_is_not_forgotten(are_named: bool) -> None:
    world = accounts.world()
    names = {"raw_activity": world.domain.uid, "raw_retention": world.domain.uid} if are_named else {}
    version = labels.labeled_version(world.domain, are_raw_kept=are_named, **names)
    policy = roster.policy_about(version)
    for who, site in SITES.items():
        roster.entered(policy, who, group=site)
    given, groups = answers(40, 40, people=SITES)
    lines = ["item,group:place", *(f"{item},{told[0][1]}" for item, told in groups.items())]
    labels.with_items(version, "\n".join(lines).encode())
    rows = ["item,annotator,label", *(f"{each.item},{each.annotator},{each.label}" for each in given)]
    content = "\n".join(rows).replace("chalk", "sandstone").encode()
    made = labels.brought(version, content, by=world[Role.STEWARD].actor)
    assert "LABELS_TEAMS_JUDGE_APART" in _of(made.findings)
    labels.erased(version, "well-001")
    review = review_label_set(actor=world[Role.STEWARD].actor, label_set_id=made.uid)
    assert "LABELS_TEAMS_JUDGE_APART" in _of(review.findings)
    assert "LABELS_TEAMS_UNKNOWN" not in _of(review.findings)
    assert LabelSet.objects.count() == 1


def _of(findings: list[Mapping[str, Mapping[str, str]]]) -> set[str]:
    return {each["reason"]["code"] for each in findings}
