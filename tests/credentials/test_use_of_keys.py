"""What keys touched is counted once, kept small, and tells on a key that asks for another place."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.audit.models import AuditEvent, AuditPersonal
from apps.credentials.commands import LogPlace, note_use, read_folder, read_lines, take_credential
from apps.credentials.commands import noting as counting
from apps.credentials.models import (
    LakeLog,
    Lease,
    LeaseStray,
    LeaseTouch,
    LeaseUse,
    LogFile,
    SeenRequest,
)
from apps.credentials.tasks import forget_use_of, read_demo_lake
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.lakes.providers.logs import Answered, Batch, Doing, LogKind
from apps.notifications.notices import NOTICES
from tests.credentials.doubles import KeyCabinet
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.factories.touches import denied, noted, touch
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied
from tests.lakes.test_logs import line, of_amazon, of_ceph

STRAYED = "credentials.lease.strayed"


def key(place: Place, prefix: str = "ds/a/", **given: Any) -> Lease:
    grant = lakes.grant(place, lakes.dataset(place, prefix), **given)
    lease: Lease = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    return lease


@pytest.fixture
def lease(anywhere: Place, cabinet: KeyCabinet) -> Lease:
    return key(anywhere)


def strays() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=STRAYED).order_by("pk"))


def told(lease: Lease) -> set[tuple[str, str, str, str, str, int, int]]:
    rows = LeaseTouch.objects.filter(lease=lease)
    return set(rows.values_list("whereabouts", "bucket", "folder", "doing", "answered", "times", "size"))


def test_requests_are_counted_by_folder_and_never_by_object(lease: Lease) -> None:
    noted(
        lease,
        touch(lease),
        touch(lease, "ds/a/other.csv"),
        touch(lease, "ds/a/2026/11/27/part.csv"),
        touch(lease, "ds/a/2026/11/28/part.csv"),
        touch(lease, "ds/a/", doing=Doing.LIST),
        touch(lease, "ds/a/new.csv", doing=Doing.WRITE, answered=Answered.DENIED),
        touch(lease, "ds/a/none.csv", answered=Answered.MISSING),
    )
    assert told(lease) == {
        ("inside", BUCKET, "", "read", "allowed", 2, 10),
        ("inside", BUCKET, "2026/11/", "read", "allowed", 2, 10),
        ("inside", BUCKET, "", "list", "allowed", 1, 5),
        ("inside", BUCKET, "", "write", "denied", 1, 0),
        ("inside", BUCKET, "", "read", "missing", 1, 0),
    }
    use = LeaseUse.objects.get(lease=lease)
    assert (use.allowed, use.written, use.denied, use.strayed, use.size) == (5, 0, 1, 0, 25)
    assert strays() == []


def test_a_request_counts_once_however_often_and_by_whatever_log_it_is_told(lease: Lease) -> None:
    first, second = touch(lease), touch(lease)
    assert noted(lease, first, first, second).counted == 2
    again = noted(lease, second, first, log=LogPlace(kind=LogKind.RGW, place="/elsewhere"))
    assert (again.counted, again.repeated) == (0, 2)
    assert LeaseUse.objects.get(lease=lease).allowed == 2
    assert [row.times for row in LeaseTouch.objects.all()] == [2]
    later = touch(lease, at=first.at + timedelta(minutes=5))
    assert noted(lease, later).counted == 1
    (row,) = LeaseTouch.objects.all()
    assert (row.times, row.size, row.first_at, row.last_at) == (3, 15, first.at, later.at)


def test_a_log_speaks_of_its_own_lake_and_time(lease: Lease, anywhere: Place) -> None:
    other = lakes.connection(anywhere.organization)
    foreign = note_use(
        actor=lakes.SYSTEM,
        lake_id=other.uid,
        log=LogPlace(kind=LogKind.RGW, place="/other"),
        batch=Batch(touches=(touch(lease),)),
    )
    assert (foreign.counted, foreign.others) == (0, 1)
    now = database_now()
    wrong = (
        touch(lease, at=now + timedelta(hours=1)),
        touch(lease, at=lease.created_at - timedelta(hours=1)),
        touch(lease, lease_id=uuid4()),
    )
    done = noted(lease, *wrong, others=3, unreadable=2)
    assert (done.counted, done.misdated, done.others, done.unreadable) == (0, 2, 4, 2)
    log = LakeLog.objects.get(lake=lease.lake)
    assert (log.counted, log.misdated, log.others, log.unreadable) == (0, 2, 4, 2)
    assert not SeenRequest.objects.exists()


def test_only_the_machine_notes_use(lease: Lease, anywhere: Place) -> None:
    given = {"lake_id": lease.lake.uid, "log": LogPlace(kind=LogKind.RGW, place="/x"), "batch": Batch()}
    with pytest.raises(NotPermitted):
        note_use(actor=anywhere.steward.actor, **given)


def test_what_is_kept_of_a_day_is_bounded_and_nothing_is_lost(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_SPOTS", 5)
    for start in (0, 20):
        noted(lease, *(touch(lease, f"ds/a/{number}/x") for number in range(start, start + 20)))
        noted(
            lease, *(denied(lease, f"{number}/x", bucket=f"b{number}") for number in range(start, start + 20))
        )
    rows = LeaseTouch.objects.filter(lease=lease)
    assert rows.count() <= 7
    assert sum(row.times for row in rows) == 80
    assert {row.bucket for row in rows.filter(folder="*")} == {BUCKET, "*"}


def test_owners_are_told_once_for_a_key_and_a_day(lease: Lease, anywhere: Place) -> None:
    noted(lease, denied(lease), denied(lease, "ds/ab/x"))
    noted(lease, denied(lease))
    (event,) = strays()
    assert event.data["times"] == 2
    assert AuditPersonal.objects.get(event=event).value == f"{BUCKET}/ds/b/"
    next_day = lease.created_at + timedelta(days=1)
    batch = Batch(touches=(denied(lease, at=next_day),))
    log = LogPlace(kind=LogKind.RGW, place="/x")
    note_use(actor=lakes.SYSTEM, lake_id=lease.lake.uid, log=log, batch=batch, at=next_day)
    assert len(strays()) == 2
    (telling,) = NOTICES[STRAYED](event, database_now())
    assert [account.pk for account in telling.to] == [anywhere.owner.account.pk]
    assert (telling.about, telling.assets) == (lease.grant.uid, (lease.grant.asset.uid,))


def test_control_the_database_keeps_each_day_and_each_place_once(lease: Lease) -> None:
    noted(lease, denied(lease), denied(lease, "", bucket=""))
    stray = LeaseStray.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaseStray.objects.create(lease=stray.lease, day=stray.day)
    row = LeaseTouch.objects.get(whereabouts="above")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_was_counted_long_ago_is_forgotten(lease: Lease) -> None:
    noted(lease, touch(lease), denied(lease), log=LogPlace(kind=LogKind.RGW, place="/x", file="x"))
    kept = timedelta(days=settings.USE_KEPT_DAYS)
    forget_use_of(at=lease.created_at + kept - timedelta(days=1))
    assert LeaseTouch.objects.count() == 2
    assert not SeenRequest.objects.exists()
    assert not LogFile.objects.exists()
    forget_use_of(at=lease.created_at + kept + timedelta(days=2))
    kinds = (LeaseTouch, LeaseUse, LeaseStray)
    assert [kind.objects.count() for kind in kinds] == [0, 0, 0]  # type: ignore[attr-defined]


def ceph_line(lease: Lease, number: int, **changes: Any) -> bytes:
    told = {
        "time": (lease.created_at + timedelta(seconds=1)).isoformat(),
        "trans_id": f"tx{number}",
        "sts_info": {"role_session": str(lease.uid)},
    }
    return line(of_ceph(**{**told, **changes})) + b",\n"


def counted(readings: Any) -> int:
    return sum(each.counted for each in readings)


def test_a_file_is_read_on_after_a_stop_and_anew_after_it_was_replaced(lease: Lease, tmp_path: Path) -> None:
    log, lake = tmp_path / "ops.log", lease.lake.uid
    log.write_bytes(b"[" + ceph_line(lease, 1) + b"noise\n" + ceph_line(lease, 2))
    assert counted(read_lines(lake, log, LogKind.RGW)) == 2
    with log.open("ab") as file:
        file.write(ceph_line(lease, 3))
    assert [each.repeated for each in read_lines(lake, log, LogKind.RGW)] == [0]
    fresh = tmp_path / "fresh.log"
    fresh.write_bytes(ceph_line(lease, 3) + ceph_line(lease, 4))
    fresh.rename(log)
    assert [(each.counted, each.repeated) for each in read_lines(lake, log, LogKind.RGW)] == [(1, 1)]
    kept = LakeLog.objects.get()
    assert (kept.counted, kept.unreadable) == (4, 1)
    assert LogFile.objects.get().position == log.stat().st_size


def amazon_event(lease: Lease, number: int, **changes: Any) -> dict[str, Any]:
    told = {
        "userIdentity": {"type": "AssumedRole", "principalId": f"AROAEXAMPLE:{lease.uid}"},
        "eventTime": (lease.created_at + timedelta(seconds=1)).isoformat(),
        "eventID": f"event-{number}",
    }
    return of_amazon(**{**told, **changes})


def packed(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))
    return path


def test_a_folder_of_cloudtrail_is_read_file_by_file_and_each_once(lease: Lease, tmp_path: Path) -> None:
    stray = {"errorCode": "AccessDenied", "requestParameters": {"bucketName": BUCKET, "key": "ds/b/x"}}
    packed(tmp_path / "AWSLogs/1/one.json.gz", amazon_event(lease, 1), amazon_event(lease, 2, **stray))
    old = packed(tmp_path / "AWSLogs/1/old.json.gz", amazon_event(lease, 9))
    os.utime(old, (0, 0))
    (tmp_path / "AWSLogs/1/broken.json.gz").write_bytes(b"nothing packed")
    assert counted(read_folder(lease.lake.uid, tmp_path)) == 2
    assert len(strays()) == 1
    assert list(read_folder(lease.lake.uid, tmp_path)) == []
    packed(tmp_path / "AWSLogs/2/two.json.gz", amazon_event(lease, 2), amazon_event(lease, 3))
    (found,) = read_folder(lease.lake.uid, tmp_path)
    assert (found.counted, found.repeated) == (1, 1)
    assert LakeLog.objects.get().unreadable == 1


def test_a_file_that_was_left_in_the_middle_is_read_to_its_end(
    lease: Lease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.lakes.providers.logs.reading.BATCH", 2)
    packed(tmp_path / "one.json.gz", *(amazon_event(lease, number) for number in range(5)))
    reader = read_folder(lease.lake.uid, tmp_path)
    assert next(reader).counted == 2
    reader.close()
    assert [(each.counted, each.repeated) for each in read_folder(lease.lake.uid, tmp_path)] == [
        (2, 0),
        (1, 0),
    ]


def test_the_reader_is_a_command_that_says_what_it_found(lease: Lease, tmp_path: Path) -> None:
    log, out = tmp_path / "ops.log", StringIO()
    log.write_bytes(ceph_line(lease, 1) + b"noise\n")
    call_command("read_use", str(lease.lake.uid), file=log, stdout=out)
    assert out.getvalue() == (
        "1 counted, 0 known already, 0 by no key of the lake, 0 dated too far off, 1 not understood.\n"
    )
    with pytest.raises(CommandError, match="There is no lake"):
        call_command("read_use", str(uuid4()), file=log)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("read_use", str(lease.lake.uid), cloudtrail=tmp_path / "nowhere")


def test_a_reader_of_a_socket_that_is_stopped_has_counted_what_it_was_told(
    lease: Lease, tmp_path: Path
) -> None:
    path, out = tmp_path / "ops.sock", StringIO()
    with socket.socket(socket.AF_UNIX) as gateway:
        gateway.bind(str(path))
        gateway.listen()

        def tell() -> None:
            caller, _address = gateway.accept()
            with caller:
                caller.sendall(ceph_line(lease, 1))
                os.kill(os.getpid(), signal.SIGTERM)
                caller.recv(1)

        thread = threading.Thread(target=tell)
        thread.start()
        call_command("read_use", str(lease.lake.uid), socket=path, stdout=out)
        thread.join()
    assert out.getvalue().startswith("1 counted, ")


def test_the_demo_lake_tells_what_its_keys_touched(
    place: Place, lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMO_LAKE_URL", lake.endpoint)
    monkeypatch.setattr(settings, "DEMO_LAKE_LOG", lake.state / "audit.jsonl")
    grant = lakes.grant(place, lakes.dataset(place))
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    client = lake.session_client(taken.secret.reveal())
    body = client.get_object(Bucket=BUCKET, Key="ds/a/deep/part.csv")["Body"].read()
    client.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")
    assert is_denied(lambda: client.list_objects_v2(Bucket=BUCKET, Prefix="ds/ab/"))
    read_demo_lake()
    read_demo_lake()
    use = LeaseUse.objects.get(lease=taken.lease)
    assert (use.allowed, use.denied, use.strayed) == (2, 1, 1)
    folder = LeaseTouch.objects.get(lease=taken.lease, doing=Doing.READ)
    assert (folder.folder, folder.size) == ("deep/", len(body))
    assert LeaseTouch.objects.get(lease=taken.lease, whereabouts="outside").folder == "ds/ab/"
    assert len(strays()) == 1
