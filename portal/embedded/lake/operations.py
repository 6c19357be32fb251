"""What an S3 request asks, and what must be allowed for it.

An operation is recognised by method, place and the exact set of its parameters and `x-amz-*` headers. One
parameter or header more and it is another operation, which is not known and hence denied: so versions, ACLs,
policies, tags, locks and everything invented later.
Source: Amazon S3 API Reference (operations) and Service Authorization Reference (actions of each operation).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from portal.embedded.lake.faults import access_denied, bad_request
from portal.embedded.lake.message import Request

UNKNOWN = "Unknown"
MAX_KEY_BYTES = 1024
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)

_LIST_V2 = frozenset(
    {"prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"}
)
_LIST_V1 = frozenset({"prefix", "delimiter", "max-keys", "marker", "encoding-type"})
_RESPONSE = frozenset(
    {
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
    }
)
_HEADERS = frozenset(
    {
        "x-amz-api-version",
        "x-amz-checksum-algorithm",
        "x-amz-checksum-mode",
        "x-amz-checksum-type",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-security-token",
        "x-amz-te",
        "x-amz-trailer",
        "x-amz-user-agent",
    }
)
_HEADER_STARTS = ("x-amz-meta-", "x-amz-checksum-")
_COPY_HEADERS = frozenset({"x-amz-copy-source", "x-amz-metadata-directive"})
# Ignoring a condition would turn "only if unchanged" into "in any case".
_CONDITIONS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"})


@dataclass(frozen=True, kw_only=True)
class Need:
    """One action on one resource that must be allowed; `context` holds its condition keys."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A recognised request; `needs` is empty only for the unknown one, which nobody may do."""

    name: str
    bucket: str = ""
    key: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    source: tuple[str, str] | None = None


def operation_of(request: Request, parameters: Mapping[str, str]) -> Operation:
    """The operation a request asks for.  Raises: Fault where its address is malformed."""
    bucket, key = _place(request.path)
    asked = {name: value for name, value in parameters.items() if name != "x-id"}
    name, action = _name(request.method, bucket, key, asked)
    if name != UNKNOWN and not _headers_are_known(request, name):
        name = UNKNOWN
    if name == UNKNOWN:
        return Operation(name=UNKNOWN, bucket=bucket, key=key)
    if name == "PutObject" and "x-amz-copy-source" in request.headers:
        return _copy(request, bucket, key)
    context = {"s3:prefix": asked["prefix"]} if name.startswith("ListObjects") and "prefix" in asked else {}
    need = Need(action=action, resource=_arn(bucket, key), context=context)
    return Operation(name=name, bucket=bucket, key=key, parameters=asked, needs=(need,))


def _name(method: str, bucket: str, key: str, asked: Mapping[str, str]) -> tuple[str, str]:
    """(operation, action) by method and parameters."""
    names = frozenset(asked)
    if not bucket:
        return ("ListBuckets", "s3:ListAllMyBuckets") if (method, names) == ("GET", frozenset()) else _NONE
    if not key:
        return _bucket_operation(method, names, asked)
    if method == "GET" and names <= _RESPONSE:
        return "GetObject", "s3:GetObject"
    if method == "GET" and {"uploadId"} <= names <= {"uploadId", "max-parts", "part-number-marker"}:
        return "ListParts", "s3:ListMultipartUploadParts"
    return _OBJECT_OPERATIONS.get((method, names), _NONE)


def _bucket_operation(method: str, names: frozenset[str], asked: Mapping[str, str]) -> tuple[str, str]:
    if method == "GET" and asked.get("list-type") == "2" and names - {"list-type"} <= _LIST_V2:
        return "ListObjectsV2", "s3:ListBucket"
    if method == "GET" and names <= _LIST_V1:
        return "ListObjects", "s3:ListBucket"
    return _BUCKET_OPERATIONS.get((method, names), _NONE)


_NONE = (UNKNOWN, "")
_BUCKET_OPERATIONS = {
    ("GET", frozenset({"location"})): ("GetBucketLocation", "s3:GetBucketLocation"),
    ("HEAD", frozenset[str]()): ("HeadBucket", "s3:ListBucket"),
    ("PUT", frozenset[str]()): ("CreateBucket", "s3:CreateBucket"),
}
_OBJECT_OPERATIONS = {
    ("HEAD", frozenset[str]()): ("HeadObject", "s3:GetObject"),
    ("PUT", frozenset[str]()): ("PutObject", "s3:PutObject"),
    ("DELETE", frozenset[str]()): ("DeleteObject", "s3:DeleteObject"),
    ("POST", frozenset({"uploads"})): ("CreateMultipartUpload", "s3:PutObject"),
    ("PUT", frozenset({"uploadId", "partNumber"})): ("UploadPart", "s3:PutObject"),
    ("POST", frozenset({"uploadId"})): ("CompleteMultipartUpload", "s3:PutObject"),
    ("DELETE", frozenset({"uploadId"})): ("AbortMultipartUpload", "s3:AbortMultipartUpload"),
}


def _headers_are_known(request: Request, name: str) -> bool:
    for header in request.headers:
        is_reading = name in {"GetObject", "HeadObject"}
        if header in _CONDITIONS and not (is_reading and header in {"if-match", "if-none-match"}):
            return False
        if not header.startswith("x-amz-") or header in _HEADERS or header.startswith(_HEADER_STARTS):
            continue
        if not (header in _COPY_HEADERS and name == "PutObject"):
            return False
    return True


def _copy(request: Request, bucket: str, key: str) -> Operation:
    """A copy reads one place and writes another, and needs both."""
    source_bucket, source_key = _source(request.headers["x-amz-copy-source"])
    return Operation(
        name="CopyObject",
        bucket=bucket,
        key=key,
        source=(source_bucket, source_key),
        needs=(
            Need(action="s3:GetObject", resource=_arn(source_bucket, source_key)),
            Need(action="s3:PutObject", resource=_arn(bucket, key)),
        ),
    )


def _source(text: str) -> tuple[str, str]:
    if "?" in text:
        raise access_denied("Copying a version is not supported here.")
    bucket, key = _place("/" + unquote(text).removeprefix("/"))
    if not key:
        raise bad_request("InvalidArgument", "The copy source is malformed.")
    return bucket, key


def _place(path: str) -> tuple[str, str]:
    """(bucket, key) of a path. Dot segments and control characters are refused: readers differ on them."""
    bucket, _, key = path.removeprefix("/").partition("/")
    if bucket and not _BUCKET.fullmatch(bucket):
        raise bad_request("InvalidBucketName", "The bucket name is malformed.")
    if len(key.encode()) > MAX_KEY_BYTES:
        raise bad_request("KeyTooLongError", "The key is too long.")
    if any(segment in {".", ".."} for segment in key.split("/")) or not all(map(str.isprintable, key)):
        raise bad_request("InvalidURI", "The key has dot segments or control characters.")
    return bucket, key


def _arn(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
