"""Many processes with one token refresh at once: one key is made, and all have it. The control takes away
what makes them wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import pytest

from apps.access.models import Grant
from apps.accounts.models import ApiToken
from apps.credentials.commands import serve_credential, serving
from apps.credentials.models import Lease
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.races.crowd import Crowd, crowd_of, unexpected

pytestmark = pytest.mark.races

CLIENTS = 8
ROUNDS = 10


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[Crowd]:
    with crowd_of(CLIENTS) as clients:
        yield clients


def storm(place: Place, grant: Grant, crowd: Crowd) -> set[str]:
    """The keys that they were given, all at once."""
    token = ApiToken.objects.get(account=place.scientist.account)
    refresh = partial(
        serve_credential,
        grant_id=grant.uid,
        token_id=token.uid,
        bearer=place.scientist.token,
    )
    outcomes = crowd.at_once([partial(refresh, actor=place.scientist.actor)] * CLIENTS)
    assert unexpected(outcomes) == []
    return {outcome.value.secret.reveal()["access_key_id"] for outcome in outcomes}


def test_a_storm_of_refreshes_costs_one_key(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, KeyCabinet())
    place = lakes.place()
    asset = lakes.dataset(place)
    for _round in range(ROUNDS):
        grant = lakes.grant(place, asset)
        assert len(storm(place, grant, crowd)) == 1
        assert Lease.objects.filter(grant=grant).count() == 1


def test_control_without_waiting_for_each_other_several_are_made(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def nobody_waits(grant: Grant, token_id: UUID) -> Iterator[None]:
        yield

    monkeypatch.setattr(serving, "_one_at_a_time", nobody_waits)
    stand_in(monkeypatch, KeyCabinet())
    place = lakes.place()
    asset = lakes.dataset(place)
    made = [len(storm(place, lakes.grant(place, asset), crowd)) for _round in range(3)]
    assert max(made) > 1
