"""When a key stops working: by time, by the grant, by itself. Seen at the real lake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.access.models import Grant
from apps.accounts.roles import Role
from apps.credentials.commands import cut_grant, reserve_lease, revoke_lease, take_credential
from apps.credentials.models import Lease
from apps.credentials.tasks import reap
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState
from apps.lakes.commands import change_lake
from apps.lakes.errors import LAKE_HAS_KEYS, LAKE_MOVED
from apps.policy.limits import LEASE_TOO_SHORT
from portal.database import as_owner
from tests.eventually import eventually
from tests.factories import accounts, lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import refusal_of

INSIDE = "ds/a/part.csv"


def works(client: Any) -> bool:
    """Fails on any refusal but the one a dead key gets."""
    try:
        client.get_object(Bucket=BUCKET, Key=INSIDE)
    except client.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in {"AccessDenied", "ExpiredToken"}
        return False
    return True


def taken_by(place: Place, grant: Grant, lake: DemoLake) -> tuple[Lease, Any]:
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    return taken.lease, lake.session_client(taken.secret.reveal())


def shortened(grant: Grant, left: timedelta) -> Grant:
    """The grant with so much left to live. Its end is fixed, so only the tables' owner can move it."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_grant DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE access_grant SET not_after = clock_timestamp() + %s WHERE id = %s", [left, grant.pk]
        )
        cursor.execute("ALTER TABLE access_grant ENABLE TRIGGER USER")
    return Grant.objects.get(pk=grant.pk)


def test_a_key_dies_when_its_time_is_over(db: None, lake: DemoLake) -> None:
    place = lakes.place(lake, ttl_max_seconds=2)
    lease, client = taken_by(place, lakes.grant(place, lakes.dataset(place)), lake)
    assert works(client)
    eventually(lambda: not works(client), within=6)
    assert database_now() >= lease.expires_at - timedelta(seconds=1)


def test_what_has_run_out_is_written_down(db: None, lake: DemoLake) -> None:
    place = lakes.place(lake, ttl_max_seconds=1)
    lease, _client = taken_by(place, lakes.grant(place, lakes.dataset(place)), lake)
    eventually(lambda: database_now() > lease.expires_at, within=6)
    reap()
    lease.refresh_from_db()
    assert (lease.state, lease.ended_at is not None) == ("expired", True)


@pytest.mark.django_db(transaction=True)
def test_no_key_outlives_its_grant(lake: DemoLake) -> None:
    place = lakes.place(lake)
    grant = shortened(lakes.grant(place, lakes.dataset(place)), timedelta(seconds=8))
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    client = lake.session_client(taken.secret.reveal())
    assert works(client)
    assert taken.lease.expires_at <= grant.not_after
    last_seen_alive = database_now()

    def is_dead() -> bool:
        nonlocal last_seen_alive
        asked_at = database_now()
        if works(client):
            last_seen_alive = asked_at
            return False
        return True

    eventually(is_dead, within=12, every=0.01)
    assert last_seen_alive < grant.not_after
    eventually(lambda: database_now() >= grant.not_after)
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "GRANT_OVER"
    assert Lease.objects.count() == 1


def test_a_key_ends_with_its_grant_also_when_that_is_near(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    at = grant.not_after - timedelta(seconds=90)
    reserved = reserve_lease(actor=place.scientist.actor, grant_id=grant.uid, idempotency_key="", at=at)
    assert timedelta(seconds=80) < reserved.spec.ttl
    assert at + reserved.spec.ttl < grant.not_after


@pytest.mark.parametrize(("sensitivity", "minutes"), [("confidential", 240), ("restricted", 60)])
def test_a_class_caps_its_keys(place: Place, sensitivity: str, minutes: int) -> None:
    asset = lakes.dataset(place, sensitivity=sensitivity)
    request = lakes.ask(place, asset)
    lakes.approve(request, place.owner.actor)
    if sensitivity == "restricted":
        lakes.approve(request, place.officer.actor)
    grant = Grant.objects.get(asset=asset)
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    lived = taken.lease.expires_at - taken.lease.created_at
    assert abs(lived - timedelta(minutes=minutes)) < timedelta(seconds=5)


def test_what_the_lake_cannot_make_short_enough_is_refused(db: None, lake: DemoLake) -> None:
    place = lakes.place(lake, ttl_min_seconds=900)
    grant = lakes.grant(place, lakes.dataset(place))
    near = grant.not_after - timedelta(seconds=899)
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=place.scientist.actor, grant_id=grant.uid, at=near)
    assert refused.value.code == LEASE_TOO_SHORT
    assert not Lease.objects.exists()
    assert take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease.state == "issued"


def test_revoking_a_grant_kills_its_keys_before_the_answer(place: Place, lake: DemoLake) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    first, one = taken_by(place, grant, lake)
    second, other = taken_by(place, grant, lake)
    assert works(one)
    assert works(other)
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert not works(one)
    assert not works(other)
    for lease in (first, second):
        lease.refresh_from_db()
        assert (lease.state, lease.revoke_effect) == ("revoked", "immediate")
    with pytest.raises(InvalidState):
        take_credential(actor=place.scientist.actor, grant_id=grant.uid)


def test_revoking_one_key_leaves_others_of_the_role_alone(place: Place, lake: DemoLake) -> None:
    asset = lakes.dataset(place)
    grant, neighbour = lakes.grant(place, asset), lakes.grant(place, asset)
    cut, one = taken_by(place, grant, lake)
    _kept, two = taken_by(place, grant, lake)
    _other, three = taken_by(place, neighbour, lake)
    revoke_lease(actor=place.scientist.actor, lease_id=cut.uid)
    assert [works(one), works(two), works(three)] == [False, True, True]
    assert take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease.state == "issued"


def test_revoking_one_grant_leaves_the_keys_of_another_alone(place: Place, lake: DemoLake) -> None:
    asset = lakes.dataset(place)
    grant, neighbour = lakes.grant(place, asset), lakes.grant(place, asset)
    _cut, one = taken_by(place, grant, lake)
    _kept, two = taken_by(place, neighbour, lake)
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert [works(one), works(two)] == [False, True]


def test_a_dead_key_is_told_by_the_lake_and_not_by_chance(place: Place, lake: DemoLake) -> None:
    lease, client = taken_by(place, lakes.grant(place, lakes.dataset(place)), lake)
    revoke_lease(actor=place.scientist.actor, lease_id=lease.uid)
    assert refusal_of(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE)) == "AccessDenied"


def test_a_key_is_cut_at_the_role_it_was_made_from(place: Place, lake: DemoLake) -> None:
    """An administrator may point the connection at another role while keys of the old one live."""
    grant = lakes.grant(place, lakes.dataset(place))
    lease, client = taken_by(place, grant, lake)
    another = "arn:aws:iam::000000000000:role/lakewarden-second"
    lake.prepare_role(lake.connection(role_arn=another))
    change_lake(actor=SYSTEM, lake_id=place.lake.uid, role_arn=another)
    assert works(client)
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert not works(client)
    lease.refresh_from_db()
    assert lease.state == "revoked"


def test_nobody_moves_a_lake_while_a_key_lives_there(place: Place, lake: DemoLake) -> None:
    """A server of one's own would say that the key is dead, and be handed the next one."""
    administrator = accounts.player(place.organization, Role.ADMINISTRATOR)
    lease, client = taken_by(place, lakes.grant(place, lakes.dataset(place)), lake)
    moves = ({"endpoint": "http://127.0.0.1:9"}, {"sts_endpoint": "http://127.0.0.1:9"}, {"secret_ref": "X"})
    for moved in moves:
        with pytest.raises(InvalidState) as refusal:
            change_lake(actor=administrator.actor, lake_id=place.lake.uid, **moved)
        assert refusal.value.code == LAKE_HAS_KEYS
    assert works(client)
    change_lake(actor=administrator.actor, lake_id=place.lake.uid, endpoint=lake.endpoint, roots=[BUCKET])
    revoke_lease(actor=place.scientist.actor, lease_id=lease.uid)
    change_lake(actor=administrator.actor, lake_id=place.lake.uid, endpoint="http://127.0.0.1:9")


def test_what_was_approved_opens_nothing_where_its_lake_leads_elsewhere_since(
    place: Place, lake: DemoLake
) -> None:
    """Also where it leads back: nobody who approved it saw where the data lay in between."""
    administrator = accounts.player(place.organization, Role.ADMINISTRATOR)
    before = lakes.grant(place, lakes.dataset(place))
    change_lake(actor=administrator.actor, lake_id=place.lake.uid, secret_ref=place.lake.secret_ref)
    lease, _client = taken_by(place, before, lake)
    revoke_lease(actor=place.scientist.actor, lease_id=lease.uid)
    for endpoint in ("http://127.0.0.1:9", lake.endpoint):
        change_lake(actor=administrator.actor, lake_id=place.lake.uid, endpoint=endpoint)
        with pytest.raises(InvalidState) as refusal:
            take_credential(actor=place.scientist.actor, grant_id=before.uid)
        assert refusal.value.code == LAKE_MOVED
    since = lakes.grant(place, lakes.dataset(place, prefix="ds/b/"))
    _lease, client = taken_by(place, since, lake)
    client.list_objects_v2(Bucket=BUCKET, Prefix="ds/b/")


def test_a_key_is_ended_where_it_was_made_wherever_the_connection_leads_by_now(place: Place) -> None:
    made = lakes.connection(place.organization, flavor="ceph", endpoint="https://lake.example.org")
    lease = Lease(lake=made, role_arn=made.role_arn, address=made.address(), expires_at=database_now())
    made.endpoint = made.sts_endpoint = "https://elsewhere.example.org"
    connection = lease.handle().connection
    assert (connection.endpoint, connection.sts_endpoint) == ("https://lake.example.org", "")
