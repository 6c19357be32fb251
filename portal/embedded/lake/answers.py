"""Carrying out an allowed operation on the storage, and its answer in S3's words.

Source: Amazon S3 API Reference, response syntax of each operation.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from portal.embedded.lake.faults import Fault, bad_request
from portal.embedded.lake.listing import Listing, list_page
from portal.embedded.lake.markup import Element, element, nested, parts_of
from portal.embedded.lake.message import Request, Response, xml_response
from portal.embedded.lake.operations import Operation
from portal.embedded.lake.storage import REGION, Storage, StoredObject

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_KEPT_HEADERS = frozenset(
    {
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
        "expires",
    }
)


class S3:
    """One method per operation; the table is the whole of what there is."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._methods: dict[str, Callable[[Operation, Request, bytes], Response]] = {
            "AbortMultipartUpload": self._abort_upload,
            "CompleteMultipartUpload": self._complete_upload,
            "CopyObject": self._copy,
            "CreateBucket": self._create_bucket,
            "CreateMultipartUpload": self._create_upload,
            "DeleteObject": self._delete,
            "GetBucketLocation": self._location,
            "GetObject": self._get,
            "HeadBucket": self._head_bucket,
            "HeadObject": self._get,
            "ListBuckets": self._list_buckets,
            "ListObjects": self._list,
            "ListObjectsV2": self._list,
            "ListParts": self._list_parts,
            "PutObject": self._put,
            "UploadPart": self._put_part,
        }

    def answer(self, operation: Operation, request: Request, content: bytes) -> Response:
        return self._methods[operation.name](operation, request, content)

    def _list_buckets(self, operation: Operation, request: Request, content: bytes) -> Response:
        names = nested("Buckets", *(element("Bucket", Name=name) for name in self._storage.buckets()))
        return xml_response(nested("ListAllMyBucketsResult", names, namespace=NAMESPACE))

    def _create_bucket(self, operation: Operation, request: Request, content: bytes) -> Response:
        self._storage.create_bucket(operation.bucket)
        return Response(headers={"Location": f"/{operation.bucket}"})

    def _head_bucket(self, operation: Operation, request: Request, content: bytes) -> Response:
        self._storage.check_bucket(operation.bucket)
        return Response(headers={"x-amz-bucket-region": REGION})

    def _location(self, operation: Operation, request: Request, content: bytes) -> Response:
        self._storage.check_bucket(operation.bucket)
        return xml_response(nested("LocationConstraint", namespace=NAMESPACE))

    def _list(self, operation: Operation, request: Request, content: bytes) -> Response:
        page = list_page(self._storage, operation)
        is_encoded = operation.parameters.get("encoding-type") == "url"
        return xml_response(_listing(operation, page, is_encoded=is_encoded))

    def _get(self, operation: Operation, request: Request, content: bytes) -> Response:
        stored = self._storage.get(operation.bucket, operation.key)
        _check_conditions(request, stored)
        headers = _object_headers(stored)
        headers.update(_overrides(operation))
        span = _span(request.headers.get("range"), stored.size)
        if span is None:
            return Response(headers=headers, body=stored.content)
        first, last = span
        headers["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
        return Response(status=206, headers=headers, body=stored.content[first : last + 1])

    def _put(self, operation: Operation, request: Request, content: bytes) -> Response:
        stored = self._storage.put(operation.bucket, operation.key, content, _kept_headers(request))
        return Response(headers={"ETag": stored.etag})

    def _delete(self, operation: Operation, request: Request, content: bytes) -> Response:
        self._storage.delete(operation.bucket, operation.key)
        return Response(status=204)

    def _copy(self, operation: Operation, request: Request, content: bytes) -> Response:
        source_bucket, source_key = operation.source or ("", "")
        source = self._storage.get(source_bucket, source_key)
        is_replaced = request.headers.get("x-amz-metadata-directive", "COPY") == "REPLACE"
        metadata = _kept_headers(request) if is_replaced else source.metadata
        stored = self._storage.put(operation.bucket, operation.key, source.content, metadata)
        result = nested(
            "CopyObjectResult",
            element("LastModified", _stamp(stored.modified_at)),
            element("ETag", stored.etag),
            namespace=NAMESPACE,
        )
        return xml_response(result)

    def _create_upload(self, operation: Operation, request: Request, content: bytes) -> Response:
        upload = self._storage.create_upload(operation.bucket, operation.key, _kept_headers(request))
        return xml_response(
            nested(
                "InitiateMultipartUploadResult",
                element("Bucket", operation.bucket),
                element("Key", operation.key),
                element("UploadId", upload),
                namespace=NAMESPACE,
            )
        )

    def _put_part(self, operation: Operation, request: Request, content: bytes) -> Response:
        number = operation.parameters["partNumber"]
        if not re.fullmatch(r"[1-9][0-9]{0,4}", number, re.ASCII) or int(number) > 10_000:
            raise bad_request("InvalidArgument", "The part number lies outside 1 to 10000.")
        etag = self._storage.put_part(
            operation.bucket, operation.key, operation.parameters["uploadId"], int(number), content
        )
        return Response(headers={"ETag": etag})

    def _list_parts(self, operation: Operation, request: Request, content: bytes) -> Response:
        upload = operation.parameters["uploadId"]
        parts = self._storage.parts(operation.bucket, operation.key, upload)
        return xml_response(
            nested(
                "ListPartsResult",
                element("Bucket", operation.bucket),
                element("Key", operation.key),
                element("UploadId", upload),
                element("IsTruncated", "false"),
                *(element("Part", PartNumber=part.number, ETag=part.etag, Size=part.size) for part in parts),
                namespace=NAMESPACE,
            )
        )

    def _complete_upload(self, operation: Operation, request: Request, content: bytes) -> Response:
        upload = operation.parameters["uploadId"]
        stored = self._storage.complete_upload(operation.bucket, operation.key, upload, parts_of(content))
        return xml_response(
            nested(
                "CompleteMultipartUploadResult",
                element("Bucket", operation.bucket),
                element("Key", operation.key),
                element("ETag", stored.etag),
                namespace=NAMESPACE,
            )
        )

    def _abort_upload(self, operation: Operation, request: Request, content: bytes) -> Response:
        self._storage.abort_upload(operation.bucket, operation.key, operation.parameters["uploadId"])
        return Response(status=204)


def _listing(operation: Operation, page: Listing, *, is_encoded: bool) -> Element:
    def shown(text: str) -> str:
        return quote(text, safe="/-_.~") if is_encoded else text

    parameters = operation.parameters
    root = nested("ListBucketResult", element("Name", operation.bucket), namespace=NAMESPACE)
    root.append(element("Prefix", shown(parameters.get("prefix", ""))))
    if parameters.get("delimiter"):
        root.append(element("Delimiter", shown(parameters["delimiter"])))
    root.append(element("MaxKeys", str(page.max_keys)))
    if is_encoded:
        root.append(element("EncodingType", "url"))
    if operation.name == "ListObjectsV2":
        root.append(element("KeyCount", str(len(page.objects) + len(page.folders))))
    root.append(element("IsTruncated", "true" if page.next_after else "false"))
    if page.next_after and operation.name == "ListObjectsV2":
        token = base64.urlsafe_b64encode(page.next_after.encode()).decode()
        root.append(element("NextContinuationToken", token))
    elif page.next_after:
        root.append(element("NextMarker", shown(page.next_after)))
    for stored in page.objects:
        root.append(
            element(
                "Contents",
                Key=shown(stored.key),
                LastModified=_stamp(stored.modified_at),
                ETag=stored.etag,
                Size=stored.size,
                StorageClass="STANDARD",
            )
        )
    root.extend(element("CommonPrefixes", Prefix=shown(folder)) for folder in page.folders)
    return root


def _kept_headers(request: Request) -> dict[str, str]:
    """The headers that S3 keeps with an object; the framing of the upload is not part of the content."""
    kept = {
        name: value
        for name, value in request.headers.items()
        if name in _KEPT_HEADERS or name.startswith("x-amz-meta-")
    }
    encodings = [part.strip() for part in kept.pop("content-encoding", "").split(",")]
    left = [encoding for encoding in encodings if encoding not in ("", "aws-chunked")]
    if left:
        kept["content-encoding"] = ",".join(left)
    return kept


def _object_headers(stored: StoredObject) -> dict[str, str]:
    headers = dict(stored.metadata)
    headers.setdefault("content-type", "binary/octet-stream")
    headers["ETag"] = stored.etag
    headers["Last-Modified"] = format_datetime(stored.modified_at, usegmt=True)
    headers["Accept-Ranges"] = "bytes"
    return headers


def _overrides(operation: Operation) -> dict[str, str]:
    """Headers of the answer that the asker chose; a line break in one would begin a header of its own."""
    chosen = {name.removeprefix("response-"): value for name, value in operation.parameters.items()}
    if not all(value.isascii() and value.isprintable() for value in chosen.values()):
        raise bad_request("InvalidArgument", "A response header holds characters that cannot stand there.")
    return chosen


def _check_conditions(request: Request, stored: StoredObject) -> None:
    wanted = request.headers.get("if-match")
    if wanted is not None and wanted != "*" and stored.etag not in _etags(wanted):
        raise Fault("PreconditionFailed", 412, "The object has changed.")
    unwanted = request.headers.get("if-none-match")
    if unwanted is not None and (unwanted == "*" or stored.etag in _etags(unwanted)):
        raise Fault("NotModified", 304, "The object has not changed.")


def _etags(text: str) -> set[str]:
    return {'"' + part.strip().strip('"') + '"' for part in text.split(",")}


def _span(text: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) byte of a single range; None where the whole is asked for (RFC 9110, section 14)."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", text or "", re.ASCII)
    if match is None or match[0] == "bytes=-":
        return None
    if match[1] == "":
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first = int(match[1])
        last = min(int(match[2]), size - 1) if match[2] else size - 1
    if first > last:
        raise Fault("InvalidRange", 416, "The requested range is not satisfiable.")
    return first, last


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
