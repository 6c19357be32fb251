"""The operations log of the object gateway of Ceph, one JSON object a line.

The gateway tells no object but in the address, undecoded, and writes the query of an address twice. What it
writes into its socket is one array that never ends: brackets and commas around a line are its own.
Source: measured on Ceph RGW 16.2.15; Ceph documentation, "Ceph Object Gateway Config Reference", `rgw ops log
socket path`.
"""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from apps.lakes.providers.logs.touch import (
    Doing,
    NotUnderstood,
    Touch,
    answer_to,
    count,
    fields_of,
    identifier,
    inner,
    lease_of,
    moment,
    moved,
    status,
    storable,
    text,
)

AROUND = b"[], \t\r\n"
MOST_PARAMETERS = 50
DOINGS = {
    "get_obj": Doing.READ,
    "list_buckets": Doing.LIST,
    "list_bucket": Doing.LIST,
    "list_bucket_multiparts": Doing.LIST,
    "list_multipart": Doing.LIST,
    "stat_bucket": Doing.LIST,
    "put_obj": Doing.WRITE,
    "post_obj": Doing.WRITE,
    "copy_obj": Doing.WRITE,
    "init_multipart": Doing.WRITE,
    "complete_multipart": Doing.WRITE,
    "abort_multipart": Doing.WRITE,
    "delete_obj": Doing.DELETE,
    "multi_object_delete": Doing.DELETE,
}


def bare(line: bytes) -> bytes:
    return line.strip(AROUND)


def touch_of(line: bytes) -> Touch | None:
    """None where no lease asked.  Raises: NotUnderstood."""
    entry = fields_of(line)
    lease_id = lease_of(text(inner(entry, "sts_info"), "role_session"))
    if lease_id is None:
        return None
    doing = DOINGS.get(text(entry, "operation"), Doing.OTHER)
    bucket = text(entry, "bucket")
    answered = answer_to(status(entry.get("http_status")))
    sent, received = count(entry, "bytes_sent"), count(entry, "bytes_received")
    return Touch(
        lease_id=lease_id,
        request_id=identifier(entry, "trans_id"),
        at=moment(entry, "time"),
        doing=doing,
        bucket=bucket,
        key=_named(text(entry, "uri"), bucket, doing),
        answered=answered,
        size=moved(doing, answered, sent=sent, received=received),
    )


def _named(uri: str, bucket: str, doing: Doing) -> str:
    """The object of the address, or the prefix that a listing asked for.  Raises: NotUnderstood."""
    parts = uri.split(" ")
    if len(parts) != 3 or not parts[1].startswith("/"):
        raise NotUnderstood
    path, _mark, query = parts[1].partition("?")
    key = _after_bucket(storable(unquote(path)).removeprefix("/"), bucket)
    return _prefix_in(query) if doing is Doing.LIST and not key else key


def _after_bucket(path: str, bucket: str) -> str:
    """The bucket stands in the path, unless it stands in the name of the host."""
    first, _slash, rest = path.partition("/")
    return rest if first == bucket else path


def _prefix_in(query: str) -> str:
    half = len(query) // 2
    if query[:half] == query[half + 1 :] and query[half : half + 1] == "?":
        query = query[:half]
    try:
        asked = parse_qs(query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise NotUnderstood from None
    return storable(asked.get("prefix", [""])[0])
