"""Keys that shut the door at their end and leave inside whoever is there: the portal ends what is open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.credentials.commands import take_credential
from apps.credentials.models import Lease
from apps.credentials.tasks import tidy_lakes
from apps.kernel.errors import ProviderFailure
from apps.lakes.models import Lake
from apps.lakes.providers.contract import ConnectionSpec
from tests.credentials.doubles import KeyCabinet, failing, failure, stand_in
from tests.credentials.faults import HoursLater, only_lease
from tests.factories import lakes
from tests.factories.lakes import Place

LONG_AFTER = timedelta(hours=13)


@pytest.fixture
def outlasting(monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    made = KeyCabinet(expiry_delay=timedelta(seconds=30))
    stand_in(monkeypatch, made)
    return made


def taken(place: Place) -> Lease:
    grant = lakes.grant(place, lakes.dataset(place))
    lease: Lease = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    return lease


def test_the_provider_is_told_before_it_is_written_down_that_a_key_has_run_out(
    anywhere: Place, outlasting: KeyCabinet, hours_later: HoursLater
) -> None:
    lease = taken(anywhere)
    hours_later(timedelta(0))
    assert outlasting.told_to_revoke == []
    hours_later(LONG_AFTER)
    assert outlasting.told_to_revoke == [lease.uid]
    assert only_lease().state == "expired"


def test_control_where_the_lake_ends_everything_itself_nobody_is_told(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater
) -> None:
    taken(anywhere)
    hours_later(LONG_AFTER)
    assert cabinet.told_to_revoke == []
    assert only_lease().state == "expired"


def test_where_the_provider_cannot_be_told_the_lease_is_not_called_expired(
    anywhere: Place, outlasting: KeyCabinet, hours_later: HoursLater
) -> None:
    lease = taken(anywhere)
    outlasting.before_revoke = failing(failure(is_transient=True))
    hours_later(LONG_AFTER)
    assert only_lease().state == "revoke_requested"
    hours_later(LONG_AFTER + timedelta(hours=1))
    assert only_lease().state == "revoke_requested"
    assert only_lease().attempts > 0
    outlasting.before_revoke = lambda _handle: None
    hours_later(LONG_AFTER + timedelta(hours=2))
    assert outlasting.told_to_revoke == [lease.uid]
    assert only_lease().state == "revoked"


def test_a_lake_that_fails_keeps_no_other_from_being_tidied(
    anywhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    lakes.connection(anywhere.organization)
    asked: list[ConnectionSpec] = []

    class Halting(KeyCabinet):
        def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
            asked.append(connection)
            if len(asked) == 1:
                raise failure(is_transient=True)
            return 0

    stand_in(monkeypatch, Halting())
    with pytest.raises(ProviderFailure):
        tidy_lakes()
    assert len(asked) == Lake.objects.count() == 2
