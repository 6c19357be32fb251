"""One page of a listing, with folders for a delimiter. Pages continue after a name, also over a restart."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from portal.embedded.lake.faults import bad_request
from portal.embedded.lake.operations import Operation
from portal.embedded.lake.storage import Storage, StoredObject

LARGEST_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Listing:
    """`next_after` is the name after which the next page begins; empty on the last one."""

    objects: list[StoredObject]
    folders: list[str]
    max_keys: int
    next_after: str


def list_page(storage: Storage, operation: Operation) -> Listing:
    """Raises: Fault where a parameter is malformed or the bucket does not exist."""
    parameters = operation.parameters
    prefix, delimiter = parameters.get("prefix", ""), parameters.get("delimiter", "")
    max_keys, after = _max_keys(parameters.get("max-keys")), _after(operation)
    objects: list[StoredObject] = []
    folders: list[str] = []
    last = ""
    for stored in storage.objects(operation.bucket, prefix):
        folder = _folder(stored.key, prefix, delimiter)
        name = folder or stored.key
        if name.encode() <= after.encode() or (folder and folders[-1:] == [folder]):
            continue
        if len(objects) + len(folders) == max_keys:
            return Listing(objects=objects, folders=folders, max_keys=max_keys, next_after=last)
        if folder:
            folders.append(folder)
        else:
            objects.append(stored)
        last = name
    return Listing(objects=objects, folders=folders, max_keys=max_keys, next_after="")


def _folder(key: str, prefix: str, delimiter: str) -> str:
    """The part of a key up to the first delimiter after the prefix; empty where there is none."""
    end = key.find(delimiter, len(prefix)) if delimiter else -1
    return key[: end + len(delimiter)] if end >= 0 else ""


def _max_keys(text: str | None) -> int:
    if text is None:
        return LARGEST_PAGE
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise bad_request("InvalidArgument", "max-keys is not a number.")
    return min(int(text), LARGEST_PAGE)


def _after(operation: Operation) -> str:
    parameters = operation.parameters
    if operation.name == "ListObjects":
        return parameters.get("marker", "")
    token = parameters.get("continuation-token")
    if token is None:
        return parameters.get("start-after", "")
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        raise bad_request("InvalidArgument", "The continuation token is malformed.") from None
