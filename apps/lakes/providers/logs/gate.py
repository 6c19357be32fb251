"""The rows of the demo lake, one JSON object a line."""

from __future__ import annotations

from apps.lakes.providers.logs.touch import (
    Doing,
    Touch,
    answer_to,
    count,
    fields_of,
    identifier,
    lease_of,
    moment,
    moved,
    status,
    text,
)

DOINGS = {
    "GetObject": Doing.READ,
    "HeadObject": Doing.READ,
    "HeadBucket": Doing.LIST,
    "ListBuckets": Doing.LIST,
    "ListObjects": Doing.LIST,
    "ListObjectsV2": Doing.LIST,
    "ListParts": Doing.LIST,
    "AbortMultipartUpload": Doing.WRITE,
    "CompleteMultipartUpload": Doing.WRITE,
    "CopyObject": Doing.WRITE,
    "CreateMultipartUpload": Doing.WRITE,
    "PutObject": Doing.WRITE,
    "UploadPart": Doing.WRITE,
    "DeleteObject": Doing.DELETE,
}
OF_A_SESSION = "role/"


def touch_of(line: bytes) -> Touch | None:
    """None where no lease asked: the issuer names a session too, and is none.  Raises: NotUnderstood."""
    entry = fields_of(line)
    lease_id = lease_of(text(entry, "session"))
    if lease_id is None or not text(entry, "identity").startswith(OF_A_SESSION):
        return None
    doing = DOINGS.get(text(entry, "operation"), Doing.OTHER)
    answered = answer_to(status(entry.get("status")))
    sent, received = count(entry, "sent"), count(entry, "received")
    return Touch(
        lease_id=lease_id,
        request_id=identifier(entry, "request_id"),
        at=moment(entry, "at"),
        doing=doing,
        bucket=text(entry, "bucket"),
        key=text(entry, "key") or text(entry, "prefix"),
        answered=answered,
        size=moved(doing, answered, sent=sent, received=received),
    )
