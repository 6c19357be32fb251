"""Bodies in signed chunks: the worked example of the Amazon S3 API Reference, and what was bent in it.

"Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", example.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.embedded.lake.faults import Fault
from portal.embedded.lake.message import Request
from portal.embedded.lake.payload import payload_of
from portal.embedded.lake.signature import check, claim_of

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
FIRST = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
SECOND = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
LAST = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
SIGNED_HEADERS = (
    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
    "x-amz-decoded-content-length;x-amz-storage-class"
)
NOW = datetime(2013, 5, 24, tzinfo=UTC)


def chunked(first: bytes = b"a" * 65536, last: str = LAST, size: str = "10000") -> bytes:
    return (
        f"{size};chunk-signature={FIRST}\r\n".encode()
        + first
        + f"\r\n400;chunk-signature={SECOND}\r\n".encode()
        + b"a" * 1024
        + f"\r\n0;chunk-signature={last}\r\n\r\n".encode()
    )


def example(body: bytes, **changes: str) -> Request:
    credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
    headers = {
        "host": "s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "authorization": (
            f"AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={SIGNED_HEADERS},Signature={SEED}"
        ),
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "content-length": "66824",
    }
    return Request(
        method="PUT",
        target="/examplebucket/chunkObject.txt",
        raw_query="",
        headers={**headers, **changes},
        body=body,
    )


def read(request: Request) -> bytes:
    claim = claim_of(request)
    return payload_of(request, claim, check(request, claim, SECRET, now=NOW)).content


def test_the_published_example_is_read() -> None:
    assert read(example(chunked())) == b"a" * 66560


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (chunked(first=b"a" * 65535 + b"b"), "SignatureDoesNotMatch"),
        (chunked(last=SECOND), "SignatureDoesNotMatch"),
        (chunked(last=""), "SignatureDoesNotMatch"),
        (chunked()[:66000], "IncompleteBody"),
        (chunked().split(b"\r\n0;")[0] + b"\r\n", "IncompleteBody"),
        (chunked(size="-1"), "IncompleteBody"),
        (chunked(size="zz"), "IncompleteBody"),
        (chunked() + b"x-amz-checksum-crc32:AAAA\r\n", "IncompleteBody"),
        (b"", "IncompleteBody"),
    ],
)
def test_a_bent_body_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        read(example(body))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"x-amz-decoded-content-length": "66561"},
        {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"},
        {"x-amz-date": "20130524T000001Z"},
        {"x-amz-date": "20130525T000000Z"},
        {"x-amz-meta-added": "unsigned"},
        {"authorization": "AWS4-HMAC-SHA256 Credential=x"},
        {"authorization": "Bearer x"},
    ],
)
def test_a_bent_header_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Fault):
        read(example(chunked(), **changes))


def test_signed_headers_must_include_the_host() -> None:
    request = example(chunked())
    header = request.headers["authorization"].replace("host;", "")
    with pytest.raises(Fault) as caught:
        claim_of(example(chunked(), authorization=header))
    assert caught.value.code == "AccessDenied"
