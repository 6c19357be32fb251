"""Whether there are people enough: everybody fills one slot, and of two linked people only one does."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from apps.policy.seating import unfillable

PEOPLE = "abcde"
POOLS = st.lists(st.frozensets(st.sampled_from(PEOPLE), max_size=3), max_size=4)


def pools(*words: str) -> list[frozenset[str]]:
    return [frozenset(word) for word in words]


def test_one_person_fills_one_slot_whatever_roles_they_hold() -> None:
    assert unfillable(pools("a", "a")) == {1}
    assert unfillable(pools("ab", "a")) == frozenset()


def test_a_slot_without_anybody_stays_empty_and_takes_nobody_from_the_others() -> None:
    assert unfillable(pools("", "ab", "a")) == {0}


def test_of_two_linked_people_only_one_counts() -> None:
    assert unfillable(pools("ab", "ab")) == frozenset()
    assert unfillable(pools("ab", "ab"), [frozenset("ab")]) == {1}
    assert unfillable(pools("abc", "abc"), [frozenset("ab")]) == frozenset()


@given(POOLS)
def test_all_are_filled_exactly_when_some_seating_fills_all(found: list[frozenset[str]]) -> None:
    seatings = permutations(PEOPLE, len(found))
    is_possible = any(all(who in pool for who, pool in zip(each, found, strict=True)) for each in seatings)
    assert (unfillable(found) == frozenset()) is is_possible


@given(POOLS, st.integers(0, 3), st.sampled_from(PEOPLE))
def test_one_more_candidate_never_leaves_more_slots_empty(
    found: list[frozenset[str]], place: int, who: str
) -> None:
    more = [pool | {who} if number == place else pool for number, pool in enumerate(found)]
    assert len(unfillable(more)) <= len(unfillable(found))
