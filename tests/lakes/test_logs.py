"""What the logs of lakes say of a request, read as one value; and what they may say to mislead."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.lakes.providers.logs import (
    LONGEST_LINE,
    Answered,
    Doing,
    LogKind,
    NotReadable,
    NotUnderstood,
    Splitter,
    Touch,
    cloudtrail,
    events_in,
    gate,
    lines_in,
    lines_of,
    lines_told_by,
    reading,
    rgw,
)

LEASE = UUID("7f71b854-928c-4d6d-b801-a305957057c7")
AT = datetime(2026, 11, 27, 5, 29, 57, 196243, tzinfo=UTC)


def of_ceph(**changes: Any) -> dict[str, Any]:
    """As a gateway of Ceph 16.2 wrote it."""
    return {
        "bucket": "vault-one",
        "time": "2026-11-27T05:29:57.196243Z",
        "user": "issuer",
        "operation": "get_obj",
        "uri": "GET /vault-one/ds/a/part.csv HTTP/1.1",
        "http_status": "200",
        "error_code": "",
        "bytes_sent": 5,
        "bytes_received": 0,
        "trans_id": "tx0000023d81bce72b35d41-006b091555-100f-default",
        "authentication_type": "STS",
        "sts_info": {"role_name": "$lakewarden", "role_session": str(LEASE)},
        **changes,
    }


def of_amazon(**changes: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.09",
        "userIdentity": {"type": "AssumedRole", "principalId": f"AROAEXAMPLE:{LEASE}"},
        "eventTime": "2026-11-27T05:29:57Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "requestParameters": {"bucketName": "vault-one", "key": "ds/a/part.csv"},
        "additionalEventData": {"bytesTransferredIn": 0, "bytesTransferredOut": 5.0},
        "eventID": "1f0a",
        **changes,
    }


def of_the_demo(**changes: Any) -> dict[str, Any]:
    return {
        "at": "2026-11-27T05:29:57.196+00:00",
        "request_id": "8d1f",
        "identity": "role/lakewarden-demo",
        "session": str(LEASE),
        "operation": "GetObject",
        "bucket": "vault-one",
        "key": "ds/a/part.csv",
        "prefix": "",
        "status": 200,
        "outcome": "allowed",
        "sent": 5,
        "received": 0,
        **changes,
    }


def line(entry: object) -> bytes:
    return json.dumps(entry).encode()


def read(entry: dict[str, Any]) -> Touch:
    touch = rgw.touch_of(line(entry))
    assert touch is not None
    return touch


def test_each_log_tells_the_same_of_the_same_request() -> None:
    ceph, amazon, demo = (
        rgw.touch_of(line(of_ceph())),
        cloudtrail.touch_of(of_amazon()),
        gate.touch_of(line(of_the_demo())),
    )
    assert ceph == Touch(
        lease_id=LEASE,
        request_id="tx0000023d81bce72b35d41-006b091555-100f-default",
        at=AT,
        doing=Doing.READ,
        bucket="vault-one",
        key="ds/a/part.csv",
        answered=Answered.ALLOWED,
        size=5,
    )
    for other in (amazon, demo):
        assert other is not None
        assert (other.lease_id, other.doing, other.bucket, other.key, other.answered, other.size) == (
            ceph.lease_id,
            ceph.doing,
            ceph.bucket,
            ceph.key,
            ceph.answered,
            ceph.size,
        )


@pytest.mark.parametrize(
    ("operation", "uri", "doing", "key"),
    [
        ("get_obj", "GET /vault-one/ds/a/deep/x%20y%2Bz%25.csv HTTP/1.1", Doing.READ, "ds/a/deep/x y+z%.csv"),
        ("get_obj", "GET /ds/a/part.csv HTTP/1.1", Doing.READ, "ds/a/part.csv"),
        ("get_obj", "GET /vault-one/ds/a/a%3Fb?x-id=Get?x-id=Get HTTP/1.1", Doing.READ, "ds/a/a?b"),
        (
            "list_bucket",
            "GET /vault-one?list-type=2&prefix=ds%2Fab%2F?list-type=2&prefix=ds%2Fab%2F HTTP/1.1",
            Doing.LIST,
            "ds/ab/",
        ),
        ("list_bucket", "GET /vault-one?list-type=2&prefix=ds%2Fa%3Fb HTTP/1.1", Doing.LIST, "ds/a?b"),
        ("list_bucket", "GET /vault-one?list-type=2?list-type=2 HTTP/1.1", Doing.LIST, ""),
        ("list_bucket", "GET /?prefix=ds%2Fa%2F HTTP/1.1", Doing.LIST, "ds/a/"),
        ("stat_bucket", "HEAD /vault-one HTTP/1.1", Doing.LIST, ""),
        ("put_obj", "PUT /vault-one/ds/a/neu%20%C3%BC%0A.csv HTTP/1.1", Doing.WRITE, "ds/a/neu ü\n.csv"),
        ("multi_object_delete", "POST /vault-one?delete?delete HTTP/1.1", Doing.DELETE, ""),
        ("put_acls", "PUT /vault-one/ds/a/x?acl HTTP/1.1", Doing.OTHER, "ds/a/x"),
    ],
)
def test_what_an_address_of_ceph_names(operation: str, uri: str, doing: Doing, key: str) -> None:
    touch = read(of_ceph(operation=operation, uri=uri))
    assert (touch.doing, touch.key) == (doing, key)


@pytest.mark.parametrize(
    ("code", "answered"),
    [
        ("206", Answered.ALLOWED),
        ("304", Answered.ALLOWED),
        ("403", Answered.DENIED),
        ("404", Answered.MISSING),
        ("400", Answered.FAILED),
        ("503", Answered.FAILED),
    ],
)
def test_what_is_not_allowed_moves_no_bytes(code: str, answered: Answered) -> None:
    touch = read(of_ceph(http_status=code, bytes_sent=238))
    assert (touch.answered, touch.size) == (answered, 238 if answered is Answered.ALLOWED else 0)


def test_bytes_are_those_that_went_the_way_of_the_deed() -> None:
    written = of_ceph(operation="put_obj", bytes_sent=0, bytes_received=7)
    assert read(written).size == 7


@pytest.mark.parametrize(
    ("changes", "answered", "doing", "key"),
    [
        ({"errorCode": "AccessDenied"}, Answered.DENIED, Doing.READ, "ds/a/part.csv"),
        ({"errorCode": "NoSuchKey"}, Answered.MISSING, Doing.READ, "ds/a/part.csv"),
        ({"errorCode": "InternalError"}, Answered.FAILED, Doing.READ, "ds/a/part.csv"),
        (
            {"eventName": "ListObjects", "requestParameters": {"bucketName": "b", "prefix": "ds/ab/"}},
            Answered.ALLOWED,
            Doing.LIST,
            "ds/ab/",
        ),
        ({"eventName": "ListBuckets", "requestParameters": None}, Answered.ALLOWED, Doing.LIST, ""),
        ({"eventName": "PutObjectAcl"}, Answered.ALLOWED, Doing.OTHER, "ds/a/part.csv"),
    ],
)
def test_what_an_event_of_cloudtrail_says(
    changes: dict[str, Any], answered: Answered, doing: Doing, key: str
) -> None:
    touch = cloudtrail.touch_of(of_amazon(**changes))
    assert touch is not None
    assert (touch.answered, touch.doing, touch.key) == (answered, doing, key)


def test_who_holds_no_lease_is_nobody_here() -> None:
    without = of_ceph()
    del without["sts_info"]
    assert rgw.touch_of(line(without)) is None
    for session in ("", "somebody", str(LEASE).upper(), f"{{{LEASE}}}", LEASE.hex):
        assert rgw.touch_of(line(of_ceph(sts_info={"role_session": session}))) is None
    user = {"type": "IAMUser", "principalId": str(LEASE)}
    assert cloudtrail.touch_of(of_amazon(userIdentity=user)) is None
    assert cloudtrail.touch_of(of_amazon(eventSource="sts.amazonaws.com")) is None
    assert gate.touch_of(line(of_the_demo(identity="issuer"))) is None


FAULTY: list[dict[str, Any]] = [
    {"time": "yesterday"},
    {"time": "2026-11-27T05:29:57"},
    {"time": "0001-01-01T00:00:00+23:00"},
    {"time": 5},
    {"trans_id": ""},
    {"trans_id": "x" * 201},
    {"http_status": "2000"},
    {"http_status": None},
    {"http_status": True},
    {"bytes_sent": -1},
    {"bytes_sent": 1 << 60},
    {"bytes_sent": "5"},
    {"bytes_sent": True},
    {"bytes_sent": float("nan")},
    {"uri": "GET"},
    {"uri": "GET http://elsewhere/ HTTP/1.1"},
    {"bucket": ["vault-one"]},
    {"sts_info": "7f71b854"},
    {"operation": "list_bucket", "uri": f"GET /vault-one?{'a=1&' * 99} HTTP/1.1"},
]


@pytest.mark.parametrize("changes", FAULTY, ids=str)
def test_a_field_of_another_kind_is_not_understood(changes: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        rgw.touch_of(line(of_ceph(**changes)))


@pytest.mark.parametrize(
    "text", [b"", b"null", b"[]", b"5", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_a_line_that_is_no_entry_is_not_understood(text: bytes) -> None:
    for parse in (rgw.touch_of, gate.touch_of):
        with pytest.raises(NotUnderstood):
            parse(text)


def test_what_no_text_can_hold_is_replaced() -> None:
    touch = read(of_ceph(bucket="a\ud800b", uri="GET /ds/%00/%FF.csv HTTP/1.1"))
    assert (touch.bucket, touch.key) == ("a\ufffdb", "ds/\ufffd/\ufffd.csv")


@given(st.binary(max_size=300))
def test_no_line_whatsoever_stops_a_reader(content: bytes) -> None:
    batch = lines_of(LogKind.RGW, content.split(b"\n"), position=0)
    assert batch.touches == ()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner)))
def test_no_event_whatsoever_stops_a_reader(content: object) -> None:
    for name in ("userIdentity", "requestParameters", "additionalEventData", "eventTime", "errorCode"):
        try:
            cloudtrail.touch_of(of_amazon(**{name: content}))
        except NotUnderstood:
            continue


@given(st.lists(st.binary(max_size=40).filter(lambda each: b"\n" not in each)), st.integers(1, 7))
def test_lines_are_the_same_in_whatever_pieces_they_come(lines: list[bytes], size: int) -> None:
    content = b"".join(each + b"\n" for each in lines) + b"unfinished"
    splitter = Splitter()
    found = [
        each
        for start in range(0, len(content), size)
        for each in splitter.feed(content[start : start + size])
    ]
    assert found == lines
    assert splitter.taken == len(content) - len(b"unfinished")


def test_a_line_without_end_is_passed_over_and_told() -> None:
    splitter = Splitter()
    long = b"x" * (3 * LONGEST_LINE)
    pieces = (long[start : start + 1000] for start in range(0, len(long), 1000))
    assert [each for piece in pieces for each in splitter.feed(piece)] == []
    assert list(splitter.feed(b"x\nshort\n")) == [None, b"short"]
    assert splitter.taken == len(long) + 2 + len("short\n")
    assert list(splitter.feed(b"y" * (LONGEST_LINE + 1) + b"\n")) == [None]


def test_a_file_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    log = tmp_path / "ops.log"
    log.write_bytes(b"[" + line(of_ceph()) + b",\n" + b"no entry\n" + line(of_ceph())[:40])
    (first,) = lines_in(log, LogKind.RGW, start=0)
    assert (len(first.touches), first.unreadable, first.others) == (1, 1, 0)
    with log.open("ab") as file:
        file.write(line(of_ceph())[40:] + b",\n")
    (second,) = lines_in(log, LogKind.RGW, start=first.position)
    assert (len(second.touches), second.unreadable) == (1, 0)
    assert second.position == log.stat().st_size


def test_a_log_comes_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 4)
    monkeypatch.setattr(reading, "PIECE", 2 * len(line(of_ceph())))
    log = tmp_path / "ops.log"
    log.write_bytes(b"".join(line(of_ceph()) + b"\n" for _ in range(9)))
    batches = list(lines_in(log, LogKind.RGW, start=0))
    assert sum(len(batch.touches) for batch in batches) == 9
    assert len(batches) > 2
    assert [batch.position for batch in batches] == sorted(batch.position for batch in batches)
    packed = tmp_path / "events.json.gz"
    packed.write_bytes(gzip.compress(line({"Records": [of_amazon() for _ in range(9)]})))
    events = list(events_in(packed, start=0))
    assert [len(batch.touches) for batch in events] == [4, 4, 1]
    assert [(batch.position, batch.is_last) for batch in events] == [(4, False), (8, False), (9, True)]
    assert [len(batch.touches) for batch in events_in(packed, start=8)] == [1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain",
        gzip.compress(b"no document"),
        gzip.compress(b"[]"),
        gzip.compress(b'{"Records": 5}'),
        gzip.compress(b'{"Records": []}')[:-4],
    ],
    ids=["empty", "plain", "no document", "a list", "no list of records", "cut short"],
)
def test_a_file_that_is_none_of_cloudtrail_counts_as_one_that_was_not_understood(
    content: bytes, tmp_path: Path
) -> None:
    packed = tmp_path / "events.json.gz"
    packed.write_bytes(content)
    (batch,) = events_in(packed, start=0)
    assert (batch.touches, batch.unreadable, batch.is_last) == ((), 1, True)


def test_a_file_that_would_not_fit_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudtrail, "LARGEST_DOCUMENT", 1000)
    packed = tmp_path / "events.json.gz"
    packed.write_bytes(gzip.compress(b'{"Records": []}' + b" " * 100_000))
    (batch,) = events_in(packed, start=0)
    assert batch.unreadable == 1


def test_a_log_that_is_not_there_is_named(tmp_path: Path) -> None:
    for reader in (
        lambda: lines_told_by(tmp_path / "nowhere", LogKind.RGW),
        lambda: lines_in(tmp_path / "nowhere", LogKind.RGW, start=0),
        lambda: events_in(tmp_path / "nowhere", start=0),
    ):
        with pytest.raises(NotReadable, match="nowhere"):
            list(reader())
