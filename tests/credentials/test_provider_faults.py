"""Reserve, call, confirm: what is left behind when one of the three does not happen."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from apps.accounts.commands import change_person
from apps.accounts.models import PersonStatus
from apps.audit.models import AuditEvent
from apps.credentials.commands import (
    confirm_lease,
    cut_grant,
    request_revocation,
    reserve_lease,
    revoke_lease,
    take_credential,
)
from apps.credentials.commands.ending import FIRST_WAIT, LONGEST_WAIT, end_key
from apps.credentials.models import Lease
from apps.credentials.tasks import INTENT_MAY_TAKE, reap, revoke_keys_of_grant
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, LakewardenError, ProviderFailure
from apps.lakes.commands import disable_lake
from apps.lakes.providers.contract import KeyMayExist, RevokeEffect
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.s3.faults import malformed
from tests.credentials.doubles import KeyCabinet, failing, failure, stand_in
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

INSIDE = "ds/a/part.csv"


class HoursLater:
    """The reaper at a later hour: twice, for what the first pass gives up the second one revokes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def __call__(self, wait: timedelta) -> None:
        with self._patch.context() as patch:
            for module in ("apps.credentials.tasks", "apps.audit.command"):
                patch.setattr(f"{module}.database_now", lambda: database_now() + wait)
            reap()
            reap()


@pytest.fixture
def cabinet(monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    made = KeyCabinet()
    stand_in(monkeypatch, made)
    return made


@pytest.fixture
def anywhere(db: None) -> Place:
    """A world without a lake process: its provider is a cabinet."""
    return lakes.place()


@pytest.fixture
def hours_later(monkeypatch: pytest.MonkeyPatch) -> HoursLater:
    return HoursLater(monkeypatch)


def only_lease() -> Lease:
    return Lease.objects.get()


# --- the provider fails to make a key --------------------------------------------------------------


def test_where_nobody_knows_whether_a_key_was_made_it_is_revoked(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    cabinet.after_issue = failing(failure(is_transient=True))
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(ProviderFailure):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    lease = only_lease()
    assert (lease.state, lease.fault) == ("revoke_requested", "LAKE_BUSY")
    assert cabinet.works(lease.uid)
    reap()
    assert not cabinet.works(lease.uid)
    assert only_lease().state == "revoked"


def test_a_key_that_came_in_an_unreadable_answer_is_revoked(anywhere: Place, cabinet: KeyCabinet) -> None:
    """Trying again would not help, and still there may be a key that nobody holds."""
    cabinet.after_issue = failing(KeyMayExist(*malformed("AssumeRole", "SessionToken").reasons))
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(ProviderFailure):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    lease = only_lease()
    assert (lease.state, lease.fault) == ("revoke_requested", "LAKE_ANSWER_MALFORMED")
    reap()
    assert not cabinet.works(lease.uid)
    assert only_lease().state == "revoked"


def test_a_permanent_failure_ends_the_lease(anywhere: Place, cabinet: KeyCabinet) -> None:
    cabinet.before_issue = failing(failure(is_transient=False))
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(ProviderFailure):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    lease = only_lease()
    assert (lease.state, lease.fault, lease.ended_at is not None) == ("failed", "LAKE_REFUSED", True)
    reap()
    assert only_lease().state == "failed"
    assert cabinet.told_to_revoke == []


def test_a_failure_does_not_stand_in_the_way_of_the_next_try(anywhere: Place, cabinet: KeyCabinet) -> None:
    cabinet.before_issue = failing(failure(is_transient=True), times=1)
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(ProviderFailure):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease.state == "issued"


@pytest.mark.django_db(transaction=True)
def test_the_intent_is_committed_before_the_provider_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen from another connection, which waits for no lock of ours."""
    seen: list[tuple[str, bool]] = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM credentials_lease")
            state = cursor.fetchone()[0]
            cursor.execute("SELECT id FROM access_grant FOR UPDATE NOWAIT")
            seen.append((state, cursor.fetchone() is not None))
        connection.close()

    def look_from_elsewhere(_spec: object) -> None:
        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=10)

    cabinet = KeyCabinet(before_issue=look_from_elsewhere)
    stand_in(monkeypatch, cabinet)
    place = lakes.place()
    grant = lakes.grant(place, lakes.dataset(place))
    take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert seen == [("intent", True)]


# --- the process dies between call and confirmation ------------------------------------------------


def test_the_reaper_revokes_a_key_nobody_confirmed(
    place: Place, lake: DemoLake, hours_later: HoursLater
) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    reserved = reserve_lease(actor=place.scientist.actor, grant_id=grant.uid, idempotency_key="")
    issued = provider_for(reserved.spec.connection).issue(reserved.spec)
    client = lake.session_client(issued.secret.reveal())
    assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
    assert reserved.lease.expires_at >= issued.expires_at
    reap()
    assert only_lease().state == "intent"
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
    lease = only_lease()
    assert (lease.state, lease.revoke_effect) == ("revoked", "immediate")
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=2))
    assert only_lease().row_version == lease.row_version


def test_a_confirmation_after_the_reaper_gave_up_hands_nothing_out(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater
) -> None:
    """The reaper told the provider before there was a key; the key made afterwards must end too."""
    cabinet.before_issue = lambda _spec: hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(InvalidState):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    lease = only_lease()
    assert cabinet.told_to_revoke == [lease.uid]
    assert cabinet.works(lease.uid)
    reap()
    assert not cabinet.works(lease.uid)
    assert only_lease().state == "revoked"


def test_a_person_who_leaves_meanwhile_gets_no_key_and_none_is_left(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater
) -> None:
    def leave(_spec: object) -> None:
        person_id = anywhere.scientist.person.uid
        change_person(actor=SYSTEM, person_id=person_id, status=PersonStatus.DEPARTED)

    cabinet.after_issue = leave
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(LakewardenError):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))
    assert not cabinet.works(only_lease().uid)


# --- the grant ends between reservation and confirmation --------------------------------------------


def test_a_grant_revoked_meanwhile_gives_no_key_and_the_key_is_dead(place: Place, lake: DemoLake) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    reserved = reserve_lease(actor=place.scientist.actor, grant_id=grant.uid, idempotency_key="")
    issued = provider_for(reserved.spec.connection).issue(reserved.spec)
    client = lake.session_client(issued.secret.reveal())
    assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
    confirmed = confirm_lease(
        actor=place.scientist.actor, grant_id=grant.uid, lease_id=reserved.lease.uid, issued=issued
    )
    assert confirmed.state == "revoke_requested"
    reap()
    assert only_lease().state == "revoked"
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))


@pytest.mark.parametrize("moment", ["before_issue", "after_issue"])
def test_a_taker_whose_grant_is_revoked_meanwhile_gets_a_409(
    anywhere: Place, cabinet: KeyCabinet, moment: str
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))

    def cut(_spec: object) -> None:
        cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")

    setattr(cabinet, moment, cut)
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "REVOKED_MEANWHILE"
    reap()
    assert not cabinet.works(only_lease().uid)
    assert only_lease().state == "revoked"


def test_a_taker_whose_lake_is_disabled_meanwhile_gets_no_key(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    cabinet.after_issue = lambda _spec: disable_lake(actor=SYSTEM, lake_id=anywhere.lake.uid, reason="Moves.")
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "LAKE_DISABLED_MEANWHILE"
    reap()
    assert not cabinet.works(only_lease().uid)


def test_a_key_made_while_the_provider_is_told_to_end_it_is_ended_all_the_same(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    """The provider saw nothing to revoke, and nothing when it was read back; then the key came."""
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    reserved = reserve_lease(actor=anywhere.scientist.actor, grant_id=grant.uid, idempotency_key="")
    request_revocation(actor=anywhere.scientist.actor, lease_id=reserved.lease.uid)
    read_back = cabinet.read_back

    def reads_back_then_key_comes(handle: object) -> object:
        answer = read_back(handle)  # type: ignore[arg-type]
        issued = cabinet.issue(reserved.spec)
        confirm_lease(
            actor=anywhere.scientist.actor, grant_id=grant.uid, lease_id=reserved.lease.uid, issued=issued
        )
        return answer

    cabinet.read_back = reads_back_then_key_comes  # type: ignore[method-assign,assignment]
    end_key(reserved.lease.uid)
    cabinet.read_back = read_back  # type: ignore[method-assign]
    assert cabinet.works(reserved.lease.uid)
    assert only_lease().state == "revoke_requested"
    reap()
    assert not cabinet.works(reserved.lease.uid)
    assert only_lease().state == "revoked"


def test_a_key_that_would_outlive_its_grant_is_not_handed_out(anywhere: Place, cabinet: KeyCabinet) -> None:
    """A provider counts from its answer, not from our question: a slow one overshoots."""
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    reserved = reserve_lease(
        actor=anywhere.scientist.actor,
        grant_id=grant.uid,
        idempotency_key="",
        at=grant.not_after - timedelta(seconds=60),
    )
    issued = cabinet.issue(reserved.spec)
    overshot = type(issued)(
        secret=issued.secret,
        expires_at=grant.not_after + timedelta(seconds=3),
        scope_hash=issued.scope_hash,
        handle=issued.handle,
    )
    confirmed = confirm_lease(
        actor=anywhere.scientist.actor,
        grant_id=grant.uid,
        lease_id=reserved.lease.uid,
        issued=overshot,
        at=grant.not_after - timedelta(seconds=57),
    )
    assert (confirmed.state, confirmed.fault) == ("revoke_requested", "KEY_OUTLIVES_GRANT")


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
