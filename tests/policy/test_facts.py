from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.facts import NO_LIMIT, Action, Relation, RequestFacts, WronglyStated
from apps.policy.snapshot import SnapshotUnreadable, sha256_of, sha256_of_snapshot, to_json

from . import samples as a


def test_an_end_at_or_before_the_start_is_refused() -> None:
    for days in (0, -1):
        with pytest.raises(ValueError, match="ends_at"):
            a.request(days=days)


def test_times_without_a_zone_are_refused_and_others_become_utc() -> None:
    with pytest.raises(ValueError, match="time zone"):
        a.request(now=a.NOW.replace(tzinfo=None))
    elsewhere = a.NOW.astimezone(timezone(timedelta(hours=5)))
    assert a.request(now=elsewhere).as_json() == a.request().as_json()


@pytest.mark.parametrize(
    "changes",
    [
        {"assets": ()},
        {"actions": frozenset()},
        {"assets": (a.asset(), a.asset())},
        {"handling": (a.LADDER[0], a.LADDER[0])},
    ],
)
def test_a_request_without_scope_or_with_doubles_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"names at least|named twice"):
        a.request(**changes)


def test_an_asset_has_columns_and_each_once() -> None:
    with pytest.raises(ValueError, match="no column"):
        a.with_asset(a.request(), columns=())
    with pytest.raises(ValueError, match="named twice"):
        a.asset(a.column(), a.column())


def test_a_class_cannot_undercut_what_an_unknown_limit_counts_as() -> None:
    with pytest.raises(ValueError, match="at least"):
        replace(a.LADDER[0], max_grant_days=0)
    with pytest.raises(ValueError, match="at least"):
        replace(a.LADDER[0], max_lease_minutes=14)


def test_a_word_given_as_text_is_the_word_of_the_list() -> None:
    assert a.subject(relation="none").relation is Relation.NONE
    assert a.request(actions={"read"}).actions == {Action.READ}
    assert a.subject(contract_ends_on="no_limit").contract_ends_on is NO_LIMIT


@pytest.mark.parametrize(
    "changes",
    [
        {"relation": "friend"},
        {"is_active": 0},
        {"is_active": "false"},
        {"cleared_rank": True},
        {"cleared_rank": "3"},
        {"contract_ends_on": "2027-01-01"},
        {"contract_ends_on": a.NOW},
    ],
)
def test_a_fact_of_another_kind_is_refused_by_its_name(changes: dict[str, Any]) -> None:
    with pytest.raises(WronglyStated, match=next(iter(changes))):
        a.subject(**changes)


def test_text_is_not_taken_for_a_set_of_letters() -> None:
    with pytest.raises(WronglyStated, match="permitted_purposes"):
        a.column(permitted_purposes="Research")


def test_facts_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        a.request().now = a.NOW  # type: ignore[misc]
    with pytest.raises(TypeError):
        a.request().purpose_parents["X"] = frozenset()  # type: ignore[index]


def test_no_limit_a_day_and_unknown_survive_storage_as_three_things() -> None:
    for end in (NO_LIMIT, date(2028, 1, 1), None):
        facts = a.with_asset(a.request(), retention_ends_on=end)
        assert RequestFacts.from_json(facts.as_json()).assets[0].retention_ends_on == end


def broken_snapshots() -> list[tuple[str, dict[str, Any]]]:
    whole = a.request().as_json()
    lost = {name: value for name, value in whole.items() if name != "linked_personal"}
    return [
        ("linked_personal", lost),
        ("surplus", {**whole, "surplus": 1}),
        ("actions", {**whole, "actions": ["fly"]}),
        ("actions", {**whole, "actions": "read"}),
        ("now", {**whole, "now": "yesterday"}),
        ("subject", {**whole, "subject": None}),
        ("linked_personal", {**whole, "linked_personal": 1}),
    ]


@pytest.mark.parametrize(("place", "stored"), broken_snapshots())
def test_a_snapshot_that_lost_or_gained_a_fact_is_refused_by_its_place(
    place: str, stored: dict[str, Any]
) -> None:
    with pytest.raises(SnapshotUnreadable, match=place):
        RequestFacts.from_json(stored)


def test_every_stated_fact_is_part_of_the_hash() -> None:
    assert a.request().sha256 == a.request().sha256
    assert a.request().sha256 != a.with_purpose(a.request(), version="2").sha256


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
STATED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


@given(STATED)
def test_the_fast_encoder_writes_the_bytes_that_the_standard_asks_for(stated: Any) -> None:
    assert sha256_of_snapshot(stated) == sha256_of(stated)


def test_a_number_that_json_does_not_keep_is_no_fact() -> None:
    for value in (2**53, -(2**53)):
        with pytest.raises(ValueError, match="too large"):
            to_json({"days": value})
