"""What approvers take away can only be less, whoever goes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
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


@given(st.lists(narrowings, max_size=4), st.sampled_from([(), ("a",), ("a", "c")]))
def test_together_they_leave_what_each_of_them_leaves(some: list[Narrowing], asked: tuple[str, ...]) -> None:
    everything, end = left(Narrowing(), asked), START + timedelta(days=5)
    together = intersection(some)
    assert left(together, asked) == everything.intersection(*(left(each, asked) for each in some))
    assert together.end_left(end) == min([end, *(each.end_left(end) for each in some)])
    assert intersection(reversed(some)) == together


@given(narrowings)
def test_what_a_verdict_keeps_is_read_back(narrowing: Narrowing) -> None:
    assert Narrowing.from_json(narrowing.as_json()) == narrowing
    assert (narrowing.as_json() == {}) is narrowing.is_nothing
