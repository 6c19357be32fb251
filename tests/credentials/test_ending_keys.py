"""The provider is down when a key has to end; the reaper does not rest, and says what was read back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

from apps.audit.models import AuditEvent
from apps.credentials.commands import (
    cut_grant,
    reserve_lease,
    revoke_lease,
    take_credential,
)
from apps.credentials.commands.ending import (
    FIRST_WAIT,
    LONGEST_WAIT,
    PROVIDER_BROKE,
    end_key,
    request_revocations_of_grant,
)
from apps.credentials.models import Lease
from apps.credentials.tasks import INTENT_MAY_TAKE, reap, revoke_keys_of_grant
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, ProviderFailure
from apps.lakes.providers.contract import LeaseHandle, RevokeEffect
from tests.credentials.doubles import KeyCabinet, failing, failure
from tests.credentials.faults import INSIDE, HoursLater, only_lease
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lakes.refusals import is_denied

# --- the provider is down when a key has to end ------------------------------------------------------


def waits_of(lease_id: UUID, tries: int) -> list[timedelta]:
    waits = []
    for _ in range(tries):
        lease = end_key(lease_id)
        assert (lease.state, lease.next_attempt_at is not None) == ("revoke_requested", True)
        waits.append(lease.next_attempt_at - database_now())
    return waits


def test_a_revocation_is_tried_again_with_growing_waits_until_it_is_seen(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    taken = take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cabinet.before_revoke = failing(failure(is_transient=True), times=13)
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    lease = only_lease()
    assert (lease.state, lease.attempts, lease.fault) == ("revoke_requested", 1, "LAKE_BUSY")
    waits = waits_of(taken.lease.uid, 12)
    growing = waits[:6]
    assert all(later > 1.8 * earlier for earlier, later in pairwise(growing))
    assert FIRST_WAIT < waits[0] <= 2 * FIRST_WAIT
    assert all(LONGEST_WAIT - timedelta(seconds=2) < wait <= LONGEST_WAIT for wait in waits[7:])
    assert cabinet.works(taken.lease.uid)
    ended = end_key(taken.lease.uid)
    assert (ended.state, ended.attempts, ended.fault) == ("revoked", 14, "")
    assert not cabinet.works(taken.lease.uid)


def test_an_adapter_that_breaks_in_its_own_way_keeps_nobody_elses_key_alive(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    grants = [lakes.grant(anywhere, lakes.dataset(anywhere, prefix=f"ds/{name}/")) for name in "ab"]
    keys = [take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease for grant in grants]

    def broken(handle: LeaseHandle) -> None:
        if handle.lease_id == keys[0].uid:
            raise RuntimeError("nobody thought of this")

    cabinet.before_revoke = broken
    for grant in grants:
        request_revocations_of_grant(actor=SYSTEM, grant_id=grant.uid)
    reap()
    first, second = (Lease.objects.get(uid=key.uid) for key in keys)
    assert (first.state, first.fault, first.attempts) == ("revoke_requested", PROVIDER_BROKE, 1)
    assert first.next_attempt_at > database_now()
    assert second.state == "revoked"
    cabinet.before_revoke = lambda _handle: None
    assert end_key(first.uid).state == "revoked"


def test_a_revocation_that_takes_its_time_says_when_the_key_is_dead_everywhere(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    cabinet.revoke_delay = timedelta(minutes=5)
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    lease = only_lease()
    assert lease.dead_everywhere_at == lease.ended_at + timedelta(minutes=5)
    told = AuditEvent.objects.get(name="credentials.lease.revoked").data
    assert told["everywhere_at"] == lease.dead_everywhere_at.isoformat()
    cabinet.revoke_delay = timedelta(days=1)
    assert lease.dead_everywhere_at == lease.expires_at


def test_a_revocation_is_not_tried_before_its_time(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cabinet.before_revoke = failing(failure(is_transient=True), times=1)
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    reap()
    assert (only_lease().state, only_lease().attempts) == ("revoke_requested", 1)


def test_revoked_is_not_said_before_it_was_read_back(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    taken = take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cabinet.before_read_back = lambda handle: cabinet.keys.update({handle.lease_id: handle.expires_at})
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    lease = only_lease()
    assert (lease.state, lease.fault, lease.ended_at) == ("revoke_requested", "NOT_READ_BACK", None)
    assert not AuditEvent.objects.filter(name="credentials.lease.revoked").exists()
    cabinet.before_read_back = failing(failure(is_transient=True), times=1)
    assert end_key(taken.lease.uid).state == "revoke_requested"
    assert end_key(taken.lease.uid).state == "revoked"
    assert AuditEvent.objects.filter(name="credentials.lease.revoked").count() == 1


@pytest.mark.parametrize("effect", [RevokeEffect.AT_EXPIRY, RevokeEffect.NO_REFRESH])
def test_what_a_provider_cannot_cut_is_said_to_outlive(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater, effect: RevokeEffect
) -> None:
    cabinet.effect = effect
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    lease = only_lease()
    assert (lease.state, lease.revoke_effect, lease.ended_at) == ("outlives", effect.value, None)
    told = AuditEvent.objects.get(name="credentials.lease.outlives")
    assert told.data["until"] == lease.expires_at.isoformat()
    with pytest.raises(InvalidState):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    hours_later(timedelta(hours=11))
    assert only_lease().state == "outlives"
    hours_later(timedelta(hours=13))
    assert only_lease().state == "expired"


# --- the reaper --------------------------------------------------------------------------------------


def test_the_reaper_can_be_run_any_number_of_times(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    actor = anywhere.scientist.actor
    reserve_lease(actor=actor, grant_id=grant.uid, idempotency_key="")
    kept = take_credential(actor=actor, grant_id=grant.uid).lease
    cut = take_credential(actor=actor, grant_id=grant.uid).lease
    revoke_lease(actor=actor, lease_id=cut.uid)
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))

    def pictured() -> list[tuple[object, ...]]:
        rows = Lease.objects.order_by("pk").values_list("uid", "state", "row_version", "ended_at")
        return [*rows, (AuditEvent.objects.count(),)]

    before = pictured()
    for _ in range(3):
        hours_later(INTENT_MAY_TAKE + timedelta(seconds=2))
    assert pictured() == before
    assert sorted(Lease.objects.values_list("state", flat=True)) == ["issued", "revoked", "revoked"]
    assert cabinet.works(kept.uid)


def test_a_subscriber_that_hears_twice_revokes_once(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    revoke_keys_of_grant(grant.uid)
    revoke_keys_of_grant(grant.uid)
    assert len(cabinet.told_to_revoke) == 1
    assert AuditEvent.objects.filter(name="credentials.lease.revoked").count() == 1


# --- the lake process dies ---------------------------------------------------------------------------


def test_a_dead_lake_is_told_once_it_is_back(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours_later: HoursLater
) -> None:
    with lakes.furnished_lake(tmp_path) as lake:
        for name, value in lake.environment.items():
            monkeypatch.setenv(name, value)
        place = lakes.place(lake)
        grant = lakes.grant(place, lakes.dataset(place))
        taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
        client = lake.session_client(taken.secret.reveal())
        assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
        assert lake.process is not None
        port = lake.port
        lake.process.kill()
        lake.process.communicate()
        with pytest.raises(ProviderFailure):
            take_credential(actor=place.scientist.actor, grant_id=grant.uid)
        cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
        states = Lease.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["revoke_requested", "revoke_requested"]
        lake.start(port)
        assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
        hours_later(timedelta(minutes=1))
        assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
        assert list(states.all()) == ["revoked", "revoked"]
