"""Only what was signed is done, and only by whom it was signed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from apps.lakes.providers.contract import Access
from tests.lab.demo_lake import DemoLake
from tests.lakes.conftest import BUCKET, INSIDE, SIBLING, KeyMaker
from tests.lakes.refusals import refusal_of

pytestmark = pytest.mark.lake
Parts = Mapping[str, str]


@pytest.fixture
def parts(key: KeyMaker) -> Parts:
    return key().secret.reveal()


def signed(
    lake: DemoLake, parts: Parts, method: str, target: str, body: bytes = b"", **headers: str
) -> AWSRequest:
    """A request signed by botocore, to be bent before it is sent."""
    request = AWSRequest(method=method, url=lake.endpoint + target, data=body, headers=headers)
    credentials = Credentials(parts["access_key_id"], parts["secret_access_key"], parts.get("session_token"))
    S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
    return request


def send(lake: DemoLake, request: AWSRequest, **changes: str) -> tuple[int, bytes]:
    headers = {**dict(request.headers.items()), **changes}
    return send_raw(
        lake, str(request.method), str(request.url).removeprefix(lake.endpoint), request.data or b"", headers
    )


def send_raw(
    lake: DemoLake, method: str, target: str, body: bytes = b"", headers: Parts | None = None
) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", lake.port, timeout=10)
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_request_signed_by_hand_is_served(demo_lake: DemoLake, parts: Parts) -> None:
    status, body = send(demo_lake, signed(demo_lake, parts, "GET", f"/{BUCKET}/{INSIDE}"))
    assert (status, body) == (200, b"content of ds/a/part.csv")


def test_an_unsigned_request_is_refused(demo_lake: DemoLake) -> None:
    assert send_raw(demo_lake, "GET", f"/{BUCKET}/{INSIDE}")[0] == 403


def test_a_changed_signature_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = signed(demo_lake, parts, "GET", f"/{BUCKET}/{INSIDE}")
    header = request.headers["Authorization"]
    bent = header[:-1] + ("0" if header[-1] != "0" else "1")
    status, body = send(demo_lake, request, Authorization=bent)
    assert status == 403
    assert b"SignatureDoesNotMatch" in body


def test_a_changed_address_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = signed(demo_lake, parts, "GET", f"/{BUCKET}/ds/a/other.csv")
    headers = dict(request.headers.items())
    status, body = send_raw(demo_lake, "GET", f"/{BUCKET}/{INSIDE}", headers=headers)
    assert status == 403
    assert b"SignatureDoesNotMatch" in body


def test_an_added_parameter_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = signed(demo_lake, parts, "GET", f"/{BUCKET}?list-type=2&prefix=ds%2Fa%2F")
    headers = dict(request.headers.items())
    target = f"/{BUCKET}?list-type=2&prefix=ds%2Fa%2F&delimiter=%2F"
    assert send_raw(demo_lake, "GET", target, headers=headers)[0] == 403


def test_an_added_header_of_aws_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = signed(demo_lake, parts, "GET", f"/{BUCKET}/{INSIDE}")
    status, _ = send(demo_lake, request, **{"x-amz-copy-source": f"/{BUCKET}/{SIBLING}"})
    assert status == 403


def test_a_changed_body_is_refused(demo_lake: DemoLake, key: KeyMaker) -> None:
    parts = key("own/w/", access=Access.WRITE).secret.reveal()
    request = signed(demo_lake, parts, "PUT", f"/{BUCKET}/own/w/body.csv", b"body")
    headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
    status, body = send_raw(demo_lake, "PUT", f"/{BUCKET}/own/w/body.csv", b"other", headers)
    assert status == 400
    assert b"XAmzContentSHA256Mismatch" in body


def test_a_changed_token_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    token = parts["session_token"]
    middle = len(token) // 2
    bent = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    client = demo_lake.session_client({**parts, "session_token": bent})
    assert refusal_of(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE)) == "InvalidToken"


def test_the_token_of_another_session_does_not_fit(demo_lake: DemoLake, key: KeyMaker) -> None:
    mine, other = key().secret.reveal(), key("ds/b/").secret.reveal()
    client = demo_lake.session_client({**mine, "session_token": other["session_token"]})
    assert refusal_of(lambda: client.get_object(Bucket=BUCKET, Key=SIBLING)) == "InvalidToken"


def test_a_session_without_its_token_is_nobody(demo_lake: DemoLake, parts: Parts) -> None:
    client = demo_lake.client_of("s3", parts["access_key_id"], parts["secret_access_key"])
    assert refusal_of(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE)) == "InvalidAccessKeyId"


def test_a_request_signed_long_ago_is_refused(
    demo_lake: DemoLake, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = datetime.now(UTC) - timedelta(minutes=16)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: past)
    status, body = send(demo_lake, signed(demo_lake, parts, "GET", f"/{BUCKET}/{INSIDE}"))
    assert status == 403
    assert b"RequestTimeTooSkewed" in body


def test_a_signature_for_another_service_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = AWSRequest(method="GET", url=f"{demo_lake.endpoint}/{BUCKET}/{INSIDE}")
    credentials = Credentials(parts["access_key_id"], parts["secret_access_key"], parts["session_token"])
    S3SigV4Auth(credentials, "sts", "us-east-1").add_auth(request)
    assert send(demo_lake, request)[0] == 403


def presigned(client: Any, name: str, seconds: int = 60) -> str:
    address = client.generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": name}, ExpiresIn=seconds
    )
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_a_presigned_address_inside_the_scope_works(demo_lake: DemoLake, reader: Any) -> None:
    status, body = send_raw(demo_lake, "GET", presigned(reader, INSIDE))
    assert (status, body) == (200, b"content of ds/a/part.csv")


def test_a_presigned_address_outside_the_scope_is_refused(demo_lake: DemoLake, reader: Any) -> None:
    status, body = send_raw(demo_lake, "GET", presigned(reader, SIBLING))
    assert status == 403
    assert b"AccessDenied" in body


def test_a_presigned_address_for_another_key_is_refused(demo_lake: DemoLake, reader: Any) -> None:
    target = presigned(reader, INSIDE).replace("part.csv", "more.csv")
    assert b"SignatureDoesNotMatch" in send_raw(demo_lake, "GET", target)[1]


def test_a_presigned_address_is_for_its_method_only(demo_lake: DemoLake, reader: Any) -> None:
    assert send_raw(demo_lake, "PUT", presigned(reader, INSIDE), b"x")[0] == 403


def test_a_presigned_address_ends(demo_lake: DemoLake, reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    past = datetime.now(UTC) - timedelta(seconds=61)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: past)
    status, body = send_raw(demo_lake, "GET", presigned(reader, INSIDE))
    assert status == 403
    assert b"Request has expired" in body


def test_a_parameter_given_twice_is_refused(demo_lake: DemoLake, parts: Parts) -> None:
    request = signed(demo_lake, parts, "GET", f"/{BUCKET}?list-type=2&prefix=ds%2Fa%2F")
    headers = dict(request.headers.items())
    target = f"/{BUCKET}?list-type=2&prefix=ds%2Fa%2F&prefix=ds%2Fb%2F"
    assert send_raw(demo_lake, "GET", target, headers=headers)[0] == 400


def test_dot_segments_in_a_key_are_refused(demo_lake: DemoLake, parts: Parts) -> None:
    for target in (f"/{BUCKET}/ds/a/../b/part.csv", f"/{BUCKET}/ds/a/%2E%2E/b/part.csv"):
        status, body = send(demo_lake, signed(demo_lake, parts, "GET", target))
        assert status == 400, target
        assert b"InvalidURI" in body


def test_the_lake_is_not_addressed_by_host_name(demo_lake: DemoLake) -> None:
    status, _ = send_raw(demo_lake, "GET", "/x", headers={"Host": f"{BUCKET}.example.org"})
    assert status == 400


def test_a_body_with_a_fitting_checksum_is_taken(writer: Any) -> None:
    content = b"stream" * 1000
    answer = writer.put_object(
        Bucket=BUCKET,
        Key="own/w/streamed.bin",
        Body=content,
        ChecksumSHA256=_base64_sha256(content),
    )
    assert answer["ETag"]
    assert writer.get_object(Bucket=BUCKET, Key="own/w/streamed.bin")["Body"].read() == content


def test_a_wrong_checksum_is_refused_and_stores_nothing(writer: Any) -> None:
    place = {"Bucket": BUCKET, "Key": "own/w/wrong.bin"}
    wrong = _base64_sha256(b"another")
    assert refusal_of(lambda: writer.put_object(**place, Body=b"x", ChecksumSHA256=wrong)) == "BadDigest"
    assert refusal_of(lambda: writer.get_object(**place)) == "NoSuchKey"


def _base64_sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
