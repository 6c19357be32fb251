"""Data events of S3 in the log files of CloudTrail: one JSON document a file, packed with gzip.

Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element"; Amazon S3 User
Guide, "Amazon S3 CloudTrail events".
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from apps.lakes.providers.logs.touch import (
    Answered,
    Doing,
    NotUnderstood,
    Touch,
    count,
    fields_of,
    identifier,
    inner,
    lease_of,
    mapping,
    moment,
    moved,
    text,
)

LARGEST_DOCUMENT = 256 * 1024 * 1024
_MISSING = frozenset({"NoSuchBucket", "NoSuchKey", "NoSuchUpload", "NoSuchVersion", "NotFound"})
DOINGS = {
    "GetObject": Doing.READ,
    "HeadObject": Doing.READ,
    "SelectObjectContent": Doing.READ,
    "HeadBucket": Doing.LIST,
    "ListBuckets": Doing.LIST,
    "ListMultipartUploads": Doing.LIST,
    "ListObjects": Doing.LIST,
    "ListObjectVersions": Doing.LIST,
    "ListParts": Doing.LIST,
    "AbortMultipartUpload": Doing.WRITE,
    "CompleteMultipartUpload": Doing.WRITE,
    "CopyObject": Doing.WRITE,
    "CreateMultipartUpload": Doing.WRITE,
    "PutObject": Doing.WRITE,
    "UploadPart": Doing.WRITE,
    "UploadPartCopy": Doing.WRITE,
    "DeleteObject": Doing.DELETE,
    "DeleteObjects": Doing.DELETE,
}


def records_in(path: Path) -> list[object]:
    """Raises: NotUnderstood; OSError where the file cannot be read."""
    try:
        with gzip.open(path) as file:
            content = file.read(LARGEST_DOCUMENT + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise NotUnderstood from None
    if len(content) > LARGEST_DOCUMENT:
        raise NotUnderstood
    records = fields_of(content).get("Records")
    if not isinstance(records, list):
        raise NotUnderstood
    return records


def touch_of(record: object) -> Touch | None:
    """None where no lease asked, or not S3.  Raises: NotUnderstood."""
    entry = mapping(record)
    identity = inner(entry, "userIdentity")
    lease_id = lease_of(text(identity, "principalId").partition(":")[2])
    if lease_id is None or text(entry, "eventSource") != "s3.amazonaws.com":
        return None
    asked, moved_bytes = inner(entry, "requestParameters"), inner(entry, "additionalEventData")
    doing = DOINGS.get(text(entry, "eventName"), Doing.OTHER)
    answered = _answered(text(entry, "errorCode"))
    sent, received = count(moved_bytes, "bytesTransferredOut"), count(moved_bytes, "bytesTransferredIn")
    return Touch(
        lease_id=lease_id,
        request_id=identifier(entry, "eventID"),
        at=moment(entry, "eventTime"),
        doing=doing,
        bucket=text(asked, "bucketName"),
        key=text(asked, "key") or text(asked, "prefix"),
        answered=answered,
        size=moved(doing, answered, sent=sent, received=received),
    )


def _answered(code: str) -> Answered:
    if code == "AccessDenied":
        return Answered.DENIED
    if code in _MISSING:
        return Answered.MISSING
    return Answered.FAILED if code else Answered.ALLOWED
