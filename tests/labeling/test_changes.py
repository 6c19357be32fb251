"""Two label sets beside each other: what is answered otherwise, and what became of checks and figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from apps.labeling.checks.terms import Outcome
from apps.labeling.rendering.changes import MOST_ROWS, Changes, changes_between
from apps.labeling.rendering.comparison import compared
from apps.labeling.rendering.report import report_on
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.labeling.exports import table

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
