"""A key lies within its grant, and that within what was approved; once a grant gives nothing, no key is made.

Each property has a control: with its guard taken away it is seen to fail. No job runs here, no broker
answers, and nobody writes down that a grant has begun or is over.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.access.models import Grant
from apps.credentials.commands import issuing, reserve_lease
from apps.credentials.models import LeaseScope
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.lakes.prefix import StoragePrefix
from apps.lakes.providers.contract import Access, Scope
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.factories import lakes
from tests.factories.lakes import Place

MOMENT = timedelta(microseconds=1)
EXAMPLES, LONG_EXAMPLES = 12, 500


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    """In place of the module's other worlds: no lake runs, a cabinet of keys stands in."""
    stand_in(monkeypatch, KeyCabinet())
    return lakes.place()


@pytest.fixture
def examples(is_long: bool) -> int:
    return LONG_EXAMPLES if is_long else EXAMPLES


def reserved(place: Place, grant: Grant, at: datetime) -> issuing.Reservation | None:
    try:
        return reserve_lease(actor=place.scientist.actor, grant_id=grant.uid, idempotency_key="", at=at)
    except LakewardenError:
        return None


def moments(grant: Grant, count: int) -> list[datetime]:
    """The edges, and some anywhere from before the beginning to after the end."""
    dice = random.Random(6)
    span = (grant.not_after - grant.not_before).total_seconds()
    ends, beside = (grant.not_before, grant.not_after), (-MOMENT, timedelta(0), MOMENT)
    edges = [end + step for end in ends for step in beside]
    seconds = [span - dice.uniform(0, 40_000) for _ in range(count // 2)]
    seconds += [span * dice.uniform(-0.1, 1.1) for _ in range(count // 2)]
    return [*edges, *(grant.not_before + timedelta(seconds=each) for each in seconds)]


def keys_lie_within_their_grant(place: Place, count: int) -> None:
    """Access-workflow invariant 6."""
    grant = lakes.grant(place, lakes.dataset(place))
    revision = grant.revision
    asked = {(item.asset_id, item.version_id) for item in revision.items.all()}
    assert set(grant.actions) <= set(revision.actions) and (grant.asset_id, grant.version_id) in asked
    assert revision.starts_at <= grant.not_before and grant.not_after <= revision.ends_at
    made = 0
    for at in moments(grant, count):
        reservation = reserved(place, grant, at)
        if reservation is not None:
            made += 1
            assert at + reservation.spec.ttl <= grant.not_after
            place_of = grant.version.location
            for scope in LeaseScope.objects.filter(lease=reservation.lease):
                assert scope.version_id == grant.version_id and scope.access == Access.READ
                assert place_of and (scope.bucket, scope.prefix) == (place_of.bucket, place_of.prefix)
    assert made > 0


def no_key_outside_the_time_of_a_grant(place: Place, count: int) -> None:
    """Access-workflow invariant 7, and 16: from the beginning, up to and without the end."""
    tomorrow = database_now().date() + timedelta(days=1)
    grant = lakes.grant(place, lakes.dataset(place), starts_on=tomorrow)
    for at in moments(grant, count):
        is_inside = grant.not_before <= at < grant.not_after
        assert is_inside or reserved(place, grant, at) is None, at
    assert reserved(place, grant, grant.not_before) is not None


def test_a_key_lies_within_its_grant_and_that_within_what_was_approved(place: Place, examples: int) -> None:
    keys_lie_within_their_grant(place, examples)


def test_no_key_is_made_outside_the_time_of_a_grant_with_beat_and_worker_stopped(
    place: Place, examples: int
) -> None:
    no_key_outside_the_time_of_a_grant(place, examples)


def test_control_a_key_as_long_as_the_provider_gives_is_caught(
    place: Place, examples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def longest(*, provider_max: timedelta, **_others: Any) -> timedelta:
        return provider_max

    monkeypatch.setattr(issuing, "lease_ttl", longest)
    with pytest.raises(AssertionError):
        keys_lie_within_their_grant(place, examples)


@pytest.mark.parametrize(
    "wider",
    [
        lambda scope: replace(scope, access=Access.WRITE),
        lambda scope: replace(scope, prefix=StoragePrefix(text=scope.prefix.text.partition("/")[0] + "/")),
    ],
    ids=["it writes", "all beside it"],
)
def test_control_a_key_that_opens_more_than_its_grant_is_caught(
    wider: Callable[[Scope], Scope], place: Place, examples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = issuing.opening_of  # type: ignore[attr-defined]

    def opening(*asked: Any) -> Any:
        found = honest(*asked)
        scopes = tuple((version, wider(scope)) for version, scope in found.scopes)
        return replace(found, scopes=scopes)

    monkeypatch.setattr(issuing, "opening_of", opening)
    with pytest.raises(AssertionError):
        keys_lie_within_their_grant(place, examples)


def test_control_a_check_that_relies_on_the_stored_state_is_caught(
    place: Place, examples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where expiry were left to a job: the state says that the grant lives on."""

    def stored(grant: Grant, *, at: datetime) -> tuple[str, ...]:
        return () if grant.ended_at is None else ("ended",)

    monkeypatch.setattr(issuing, "why_not_effective", stored)
    with pytest.raises(AssertionError):
        no_key_outside_the_time_of_a_grant(place, examples)
