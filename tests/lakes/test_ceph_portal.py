"""The portal and a real Ceph gateway: a key is taken, used, cut, and with all others ended at once."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.audit import tasks
from apps.audit.models import AuditDelivery
from apps.credentials.commands import cut_lake, read_stream, revoke_lease, take_credential
from apps.credentials.models import Lease, LeaseTouch, LeaseUse
from apps.lakes.commands import impact_of_halting, verify_lake
from apps.lakes.providers.logs import LogKind, reading
from apps.notifications.models import Notice
from tests.eventually import eventually
from tests.factories import lakes
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.lab.ceph import REF, Ceph
from tests.lakes.conftest import BUCKET, OTHER_BUCKET

pytestmark = [pytest.mark.lake, pytest.mark.django_db]
PLACES = ("ds/a/", "ds/b/", "ds/ab/")


@pytest.fixture
def at(ceph: Ceph, db: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An organization whose lake the gateway is; the keys of its duties are in the portal's environment."""
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    made = lakes.place(**ceph.entered(roots=[BUCKET, OTHER_BUCKET]))
    for name, value in ceph.environment.items():
        own = name.replace(f"_{REF}_", f"_{made.organization.code.upper()}_{REF}_")
        monkeypatch.setenv(own, value)
    return made


def opens(ceph: Ceph, taken: Any, prefix: str) -> bool:
    s3 = ceph.session_client(taken.secret.reveal())
    try:
        s3.get_object(Bucket=BUCKET, Key=f"{prefix}part.csv")
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied"
        return False
    return True


def test_the_test_of_the_connection_passes_every_probe(at: Place) -> None:
    administrator = player(at.organization, Role.ADMINISTRATOR)
    lake, probes = verify_lake(actor=administrator.actor, lake_id=at.lake.uid)
    assert [probe for probe in probes if not probe.passed] == []
    assert lake.verified_at is not None


def test_a_key_is_taken_used_and_cut_and_all_others_are_ended_at_once(at: Place, ceph: Ceph) -> None:
    taken = {
        prefix: take_credential(
            actor=at.scientist.actor, grant_id=lakes.grant(at, lakes.dataset(at, prefix, bucket=BUCKET)).uid
        )
        for prefix in PLACES
    }
    assert all(opens(ceph, each, prefix) for prefix, each in taken.items())
    assert not opens(ceph, taken["ds/a/"], "ds/ab/")
    cut = revoke_lease(actor=at.scientist.actor, lease_id=taken["ds/a/"].lease.uid)
    assert cut.state == "revoked"
    eventually(lambda: not opens(ceph, taken["ds/a/"], "ds/a/"), within=2)
    assert opens(ceph, taken["ds/b/"], "ds/b/")
    boss = player(at.organization, Role.ADMINISTRATOR).actor
    seen = impact_of_halting(actor=boss, lake_id=at.lake.uid)
    assert len(seen.affected) == len(PLACES) - 1
    cut_lake(actor=boss, lake_id=at.lake.uid, reason="A key was found.", seen_impact=seen.digest)
    eventually(lambda: not any(opens(ceph, each, prefix) for prefix, each in taken.items()), within=2)
    assert set(Lease.objects.values_list("state", flat=True)) == {"revoked"}


def test_the_gateway_tells_what_a_key_touched_and_owners_hear_of_one_that_strays(
    at: Place, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = lakes.grant(at, lakes.dataset(at, "ds/a/", bucket=BUCKET))
    taken = take_credential(actor=at.scientist.actor, grant_id=grant.uid)
    assert opens(ceph, taken, "ds/a/")
    s3 = ceph.session_client(taken.secret.reveal())
    s3.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=BUCKET, Key="ds/ab/none.csv")
    assert not opens(ceph, taken, "ds/ab/")
    monkeypatch.setattr(reading, "QUIET_SECONDS", 0.2)
    for noted in read_stream([at.lake.uid], ceph.log, LogKind.RGW):
        assert noted.unreadable == 0
        if LeaseUse.objects.filter(strayed=1).exists():
            break
    use = LeaseUse.objects.get(lease=taken.lease)
    assert (use.allowed, use.denied, use.strayed) == (2, 1, 1)
    touched = LeaseTouch.objects.filter(lease=taken.lease).order_by("doing", "answered", "whereabouts")
    assert list(touched.values_list("doing", "answered", "whereabouts", "folder", "times")) == [
        ("list", "allowed", "inside", "", 1),
        ("read", "allowed", "inside", "", 1),
        ("read", "denied", "outside", "ds/ab/", 1),
        ("read", "missing", "outside", "ds/ab/", 1),
    ]
    hearing = AuditDelivery.objects.filter(subscriber="apps.notifications.tasks.tell")
    for delivery in hearing.filter(event__name="credentials.lease.strayed"):
        tasks.deliver(delivery.pk)
    notice = Notice.objects.get(code="key_strayed")
    assert (notice.person, notice.about_uid) == (at.owner.person, grant.uid)
