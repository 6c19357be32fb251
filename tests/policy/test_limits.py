from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy.decision import Limit
from apps.policy.limits import earliest, lease_ttl
from apps.policy.reason import Reason

from .samples import NOW

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
SPANS = st.timedeltas(min_value=-HOUR, max_value=30 * HOUR)


@pytest.mark.parametrize(
    ("provider_max", "class_cap", "remaining"),
    [(HOUR, 2 * HOUR, 3 * HOUR), (3 * HOUR, HOUR, 2 * HOUR), (2 * HOUR, 3 * HOUR, HOUR)],
)
def test_the_shortest_of_provider_class_and_grant_counts(
    provider_max: timedelta, class_cap: timedelta, remaining: timedelta
) -> None:
    found = lease_ttl(
        provider_max=provider_max, class_cap=class_cap, remaining=remaining, provider_min=QUARTER
    )
    assert found == HOUR


def test_an_unknown_class_cap_counts_as_the_shortest() -> None:
    found = lease_ttl(provider_max=HOUR, class_cap=None, remaining=HOUR, provider_min=QUARTER)
    assert found == QUARTER


def test_a_key_that_would_outlive_the_grant_is_refused_rather_than_rounded_up() -> None:
    left = QUARTER - timedelta(seconds=1)
    found = lease_ttl(provider_max=HOUR, class_cap=HOUR, remaining=left, provider_min=QUARTER)
    assert isinstance(found, Reason)
    assert (found.code, found.facts["seconds"]) == ("LEASE_TOO_SHORT", 899)


def test_an_ended_grant_gives_no_key() -> None:
    found = lease_ttl(provider_max=HOUR, class_cap=HOUR, remaining=timedelta(0), provider_min=timedelta(0))
    assert isinstance(found, Reason)
    assert found.code == "GRANT_HAS_ENDED"


@given(SPANS, st.none() | SPANS, SPANS)
def test_no_lease_outlives_its_grant_its_class_or_its_provider(
    provider_max: timedelta, class_cap: timedelta | None, remaining: timedelta
) -> None:
    found = lease_ttl(
        provider_max=provider_max, class_cap=class_cap, remaining=remaining, provider_min=QUARTER
    )
    if isinstance(found, timedelta):
        assert QUARTER <= found <= min(provider_max, remaining, class_cap or HOUR)


def test_the_earliest_limit_wins_and_a_tie_is_named_always_the_same_way() -> None:
    end = NOW + HOUR
    one, two = Limit(ends_at=end, factor="b"), Limit(ends_at=end, factor="a")
    assert earliest(end + HOUR, (one, two)) == earliest(end + HOUR, (two, one)) == two
    assert earliest(end, (one, two)).factor == "requested_end"
