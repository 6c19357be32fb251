"""The provider fails to make a key, or the process dies on the way: what is left behind."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.commands import change_person
from apps.accounts.models import PersonStatus
from apps.credentials.commands import (
    reserve_lease,
    take_credential,
)
from apps.credentials.tasks import INTENT_MAY_TAKE, reap
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidState, LakewardenError, ProviderFailure
from apps.lakes.providers.contract import KeyMayExist
from apps.lakes.providers.faults import malformed
from apps.lakes.providers.registry import provider_for
from tests.credentials.doubles import KeyCabinet, failing, failure, stand_in
from tests.credentials.faults import INSIDE, HoursLater, only_lease
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

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
