"""What the portal adds when it gives a key, set against a command that changes nothing: as
`manage.py bench credentials` does, which says the seconds."""

from __future__ import annotations

from portal.benchmarks.credentials import Taking, measured
from tests.factories import lakes
from tests.factories.lakes import Place

PAIRS = 15
REFRESHES = 30
MOST_ISSUED = 120.0
MOST_REFRESHED = 30.0
"""Twice what was seen, for the peer is short and the machine is shared."""


def test_giving_a_key_adds_little_to_the_call_of_the_lake_and_giving_it_again_less(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    taking = Taking(actor=place.scientist.actor, grant=grant, token=place.scientist.token)
    found = {row.what: row.ratio for row in measured(taking, PAIRS, REFRESHES)}
    assert found["an issue, half of them"] < MOST_ISSUED
    assert found["a program asks again, half of them"] < MOST_REFRESHED
