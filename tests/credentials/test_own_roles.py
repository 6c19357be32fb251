"""A role of its own for a key: which keys get one, and that it goes when the key has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.credentials.commands import request_revocation, revoke_lease, take_credential
from apps.credentials.models import Lease
from apps.credentials.queries import Reader, reader_of
from apps.credentials.tasks import reap
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.lakes.commands import change_lake
from apps.lakes.models import Lake
from apps.lakes.providers.contract import CredentialSpec, LeaseHandle, OwnRole, own_role_name
from apps.lakes.providers.s3 import S3Provider
from tests.credentials.doubles import KeyCabinet, failing, failure, stand_in
from tests.credentials.faults import HoursLater, only_lease
from tests.factories import lakes
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake

LONG_AFTER = timedelta(hours=13)


@pytest.fixture
def cabinet(monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    made = KeyCabinet(own_role=OwnRole.ON_DEMAND)
    stand_in(monkeypatch, made)
    return made


def asking(place: Place, code: str) -> None:
    change_lake(actor=SYSTEM, lake_id=place.lake.uid, options={"own_roles_from": code})


def taken(place: Place, prefix: str = "ds/a/") -> Lease:
    grant = lakes.grant(place, lakes.dataset(place, prefix, sensitivity="internal"))
    lease: Lease = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    return lease


@pytest.mark.parametrize(
    ("from_class", "has_one"),
    [("", False), ("restricted", False), ("internal", True), ("INTERNAL", True), ("nobody-knows-it", True)],
)
def test_a_key_gets_one_where_its_data_are_of_the_class_or_above(
    anywhere: Place, cabinet: KeyCabinet, from_class: str, has_one: bool
) -> None:
    seen: list[CredentialSpec] = []
    cabinet.before_issue = seen.append
    if from_class:
        asking(anywhere, from_class)
    lease = taken(anywhere)
    assert [spec.has_own_role for spec in seen] == [has_one]
    assert lease.has_own_role is has_one
    assert lease.handle().has_own_role is has_one
    assert seen[0].connection.role_arn == anywhere.lake.role_arn


def test_when_it_has_run_out_the_lake_is_told_so_that_the_role_goes(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater
) -> None:
    asking(anywhere, "internal")
    lease = taken(anywhere)
    hours_later(LONG_AFTER)
    assert cabinet.told_to_revoke == [lease.uid]
    assert only_lease().state == "expired"


@pytest.mark.parametrize("is_transient", [True, False])
@pytest.mark.parametrize("is_revoked", [True, False])
def test_a_key_is_over_with_its_time_also_where_its_role_cannot_be_deleted_now(
    anywhere: Place, cabinet: KeyCabinet, hours_later: HoursLater, is_transient: bool, is_revoked: bool
) -> None:
    """Its session is: what is left of the role is swept, and nobody is called for it."""
    asking(anywhere, "internal")
    lease = taken(anywhere)
    cabinet.before_revoke = failing(failure(is_transient=is_transient))
    if is_revoked:
        assert revoke_lease(actor=SYSTEM, lease_id=lease.uid).state == "revoke_requested"
    hours_later(LONG_AFTER)
    assert only_lease().state == "expired"


@pytest.mark.parametrize(("is_transient", "asked_for"), [(True, ["due"]), (False, ["due", "over", "over"])])
def test_keys_that_still_work_come_first_and_a_silent_lake_is_asked_once_a_run(
    anywhere: Place, cabinet: KeyCabinet, is_transient: bool, asked_for: list[str]
) -> None:
    asking(anywhere, "internal")
    first, second, due = (taken(anywhere, f"ds/{each}/") for each in "abc")
    Lease.objects.filter(pk__in=[first.pk, second.pk]).update(expires_at=database_now())
    request_revocation(actor=SYSTEM, lease_id=due.uid)
    asked: list[str] = []

    def failing_after(handle: LeaseHandle) -> None:
        asked.append("due" if handle.lease_id == due.uid else "over")
        raise failure(is_transient=is_transient)

    cabinet.before_revoke = failing_after
    reap()
    assert asked == asked_for
    states = dict(Lease.objects.values_list("uid", "state"))
    assert states == {first.uid: "expired", second.uid: "expired", due.uid: "revoke_requested"}


def test_of_many_revocations_at_a_silent_lake_one_a_run_is_tried(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    leases = [taken(anywhere, f"ds/{each}/") for each in "abc"]
    for lease in leases:
        request_revocation(actor=SYSTEM, lease_id=lease.uid)
    cabinet.before_revoke = failing(failure(is_transient=True), times=1)
    reap()
    assert sum(Lease.objects.values_list("attempts", flat=True)) == 1
    reap()
    states = sorted(Lease.objects.values_list("state", flat=True))
    assert states == ["revoke_requested", "revoked", "revoked"]


def test_what_a_killed_worker_left_of_a_role_is_reaped(
    place: Place, lake: DemoLake, hours_later: HoursLater, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died after the role was made, before anybody heard of the key."""
    asking(place, "internal")

    class Killed(BaseException):
        pass

    real = S3Provider._assume_role

    def dying(provider: S3Provider, spec: CredentialSpec, policy: str) -> object:
        real(provider, spec, policy)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(S3Provider, "_assume_role", dying)
        with pytest.raises(Killed):
            taken(place)
    lease = only_lease()
    assert lease.state == "intent"
    assert own_role_name(lease.uid) in roles_of(lake)
    hours_later(timedelta(minutes=3))
    assert only_lease().state == "revoked"
    assert own_role_name(lease.uid) not in roles_of(lake)


def roles_of(lake: DemoLake) -> set[str]:
    found = lake.client("iam", "ADMIN").list_roles(PathPrefix="/lakewarden-leases/")["Roles"]
    return {each["RoleName"] for each in found}


def test_the_class_is_changed_while_keys_live_and_the_place_is_not(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    """What is asked of the next keys moves none of those that were given."""
    lease = taken(anywhere)
    administrator = player(anywhere.organization, Role.ADMINISTRATOR)
    change_lake(actor=administrator.actor, lake_id=anywhere.lake.uid, options={"own_roles_from": "internal"})
    assert only_lease().role_arn == lease.role_arn == anywhere.lake.role_arn


def test_who_reads_the_log_of_a_lake(settings: Any) -> None:
    beside = settings.DEMO_LAKE_URL = "http://127.0.0.1:9000"

    def reader(flavor: str, endpoint: str = beside) -> Reader:
        return reader_of(Lake(flavor=flavor, endpoint=endpoint))

    assert reader("demo") is Reader.ITSELF
    assert {reader(flavor) for flavor in ("ceph", "aws")} == {Reader.OPERATOR}
    assert {reader(flavor) for flavor in ("minio", "azure", "gcs", "postgres")} == {Reader.NOBODY}
    assert reader("demo", "http://127.0.0.1:9001") is Reader.NOBODY
