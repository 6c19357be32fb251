"""What approvers take away can only be less, whoever goes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from apps.policy.narrowing import Narrowing, intersection

START = datetime(2030, 1, 1, tzinfo=UTC)
ASSETS, COLUMNS, ACTIONS = ("wells", "people"), ("a", "b", "c"), ("read", "train", "export")
narrowings = st.builds(
    Narrowing,
    assets=st.frozensets(st.sampled_from(ASSETS)),
    columns=st.frozensets(st.builds("{}/{}".format, st.sampled_from(ASSETS), st.sampled_from(COLUMNS))),
    actions=st.frozensets(st.sampled_from(ACTIONS)),
    ends_at=st.none() | st.integers(0, 9).map(lambda days: START + timedelta(days=days)),
)


def left(narrowing: Narrowing, asked: tuple[str, ...]) -> set[str]:
    """Everything that remains, as "asset/column/action"."""
    found = set()
    for asset in ASSETS:
        columns = narrowing.columns_left(asset, asked, COLUMNS)
        if columns is not None:
            found |= {
                f"{asset}/{column}/{action}"
                for column in columns or asked or COLUMNS
                for action in narrowing.actions_left(ACTIONS)
            }
    return found


Merge = Callable[[Iterable[Narrowing]], Narrowing]


def check_merge(merge: Merge, some: list[Narrowing], asked: tuple[str, ...]) -> None:
    """Access-workflow invariant 12."""
    everything, end = left(Narrowing(), asked), START + timedelta(days=5)
    together = merge(some)
    assert left(together, asked) == everything.intersection(*(left(each, asked) for each in some))
    assert together.end_left(end) == min([end, *(each.end_left(end) for each in some)])
    assert merge(reversed(some)) == together


several = given(st.lists(narrowings, max_size=4), st.sampled_from([(), ("a",), ("a", "c")]))


@several
def test_together_they_leave_what_each_of_them_leaves(some: list[Narrowing], asked: tuple[str, ...]) -> None:
    check_merge(intersection, some, asked)


def the_last_one(some: Iterable[Narrowing]) -> Narrowing:
    return reduce(lambda _, later: later, some, Narrowing())


def what_all_drop(some: Iterable[Narrowing]) -> Narrowing:
    """Dropped only where everybody drops it."""
    stated = list(some)
    if not stated:
        return Narrowing()
    return Narrowing(
        assets=frozenset.intersection(*(each.assets for each in stated)),
        columns=frozenset.intersection(*(each.columns for each in stated)),
        actions=frozenset.intersection(*(each.actions for each in stated)),
        ends_at=intersection(stated).ends_at,
    )


def the_latest_end(some: Iterable[Narrowing]) -> Narrowing:
    stated = list(some)
    ends = [each.ends_at for each in stated if each.ends_at is not None]
    return replace(intersection(stated), ends_at=max(ends, default=None))


@pytest.mark.parametrize("merge", [the_last_one, what_all_drop, the_latest_end])
def test_control_an_approver_who_widens_what_another_left_is_caught(merge: Merge) -> None:
    @settings(phases=[Phase.generate], max_examples=500, database=None)
    @several
    def run(some: list[Narrowing], asked: tuple[str, ...]) -> None:
        check_merge(merge, some, asked)

    with pytest.raises((AssertionError, ExceptionGroup)):
        run()


@given(narrowings)
def test_what_a_verdict_keeps_is_read_back(narrowing: Narrowing) -> None:
    assert Narrowing.from_json(narrowing.as_json()) == narrowing
    assert (narrowing.as_json() == {}) is narrowing.is_nothing
