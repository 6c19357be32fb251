"""Two label sets beside each other: what is answered otherwise, and what became of checks and figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from apps.compliance.lifecycle.labeling import LabelTask
from apps.labeling.checks.terms import Outcome
from apps.labeling.rendering.changes import MOST_ROWS, Changes, changes_between
from apps.labeling.rendering.comparison import compared
from apps.labeling.rendering.report import report_on
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.labeling.exports import box, label_studio, table, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def changed(world: World, first: tuple[str, ...], second: tuple[str, ...], **given: Any) -> Changes:
    version = labels.labeled_version(world.domain)
    return changes_between(*(labels.brought(version, table(*lines)) for lines in (first, second)), **given)


def test_items_are_counted_by_what_became_of_their_answers(world: World) -> None:
    found = changed(
        world,
        ("a,1,shale", "a,2,shale", "b,1,shale", "c,1,shale"),
        ("a,1,shale", "a,2,sandstone", "b,1,shale", "d,1,shale"),
    )
    counts = found.counts
    assert (counts.same, counts.changed, counts.only_first, counts.only_second) == (1, 1, 1, 1)
    assert [(each.item, each.first, each.second) for each in found.rows] == [
        ("a", {"shale": 2}, {"sandstone": 1, "shale": 1}),
        ("c", {"shale": 1}, None),
        ("d", None, {"shale": 1}),
    ]


def test_who_answered_makes_no_difference(world: World) -> None:
    assert changed(world, ("a,1,shale", "a,2,sandstone"), ("a,8,sandstone", "a,9,shale")).rows == ()


def boxes(*, x: float = 10, label: str = "shale") -> bytes:
    return label_studio(
        task(1, box(1, label, x=x)), task(2, box(2, "shale")), task(3, box(3, "shale", ground_truth=True))
    )


@pytest.mark.parametrize(("x", "moved"), [(10, 0), (10.001, 0), (10.1, 1), (40, 1)])
def test_what_was_drawn_elsewhere_is_another_answer(world: World, x: float, moved: int) -> None:
    """Tools round places; a tenth is somebody's hand."""
    version = labels.labeled_version(world.domain, task=LabelTask.BOX)
    first = labels.brought(version, boxes())
    second = labels.brought(version, boxes(x=x) + b"\n")
    found = changes_between(first, second)
    assert (found.counts.changed, found.counts.same) == (moved, 3 - moved)
    assert [(each.item, each.first, each.second, each.is_moved) for each in found.rows] == [
        ("1", {"shale": 1}, {"shale": 1}, True)
    ] * moved


def test_another_label_at_the_same_place_was_not_moved(world: World) -> None:
    version = labels.labeled_version(world.domain, task=LabelTask.BOX)
    first, second = (labels.brought(version, boxes(label=label)) for label in ("shale", "sandstone"))
    (change,) = changes_between(first, second).rows
    assert (change.first, change.second, change.is_moved) == ({"shale": 1}, {"sandstone": 1}, False)


def test_gold_and_machines_are_told_apart_from_people(world: World) -> None:
    head = "item,annotator,label,ground_truth,machine"
    version = labels.labeled_version(world.domain)
    first, second = (
        labels.brought(version, table("a,7,shale,0,0", f"a,9,{gold},1,0", f"b,9,{machine},0,1", head=head))
        for gold, machine in (("shale", "shale"), ("sandstone", "sandstone"))
    )
    a, b = changes_between(first, second).rows
    assert (a.first, a.second, a.gold, a.machine) == (
        {"shale": 1},
        {"shale": 1},
        ({"shale": 1}, {"sandstone": 1}),
        None,
    )
    assert (b.first, b.second, b.gold, b.machine) == ({}, {}, None, ({"shale": 1}, {"sandstone": 1}))
    assert changes_between(first, first).counts.same == 2


def test_a_long_list_goes_on_where_it_ended(world: World) -> None:
    """Every change once, held against what both files say."""
    items = [f"Ünit {number:03}" for number in range(2 * MOST_ROWS + 50)]
    version = labels.labeled_version(world.domain)
    first, second = (
        labels.brought(version, table(*(f"{item},1,{label}" for item in items)))
        for label in ("shale", "sandstone")
    )
    found, after = [], ""
    while True:
        page = changes_between(first, second, after=after)
        found += [each.item for each in page.rows]
        after = page.next
        if not after:
            break
    assert Counter(found) == Counter(items)


def test_checks_and_figures_stand_beside_each_other(world: World) -> None:
    version = labels.labeled_version(world.domain)
    first, second = labels.brought(version, labels.sound(wrong=60)), labels.brought(version)
    found = compared(report_on(first), report_on(second))
    agreement = next(each for each in found.checks if each.code == "L04")
    assert (agreement.first, agreement.second) == (Outcome.FAILED, Outcome.PASSED)
    assert {each.name: each.difference for each in found.classes} == pytest.approx(
        {"sandstone": 0.0, "shale": 0.0}
    )
    alpha = next(each for each in found.figures if each.name == "Agreement")
    assert alpha.difference == pytest.approx(1 - first.figures["agreement"])
