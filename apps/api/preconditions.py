"""Entity tags: which version was shown, and from which one a change was made (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from apps.api import errors
from apps.api.errors import refused

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
NOT_OURS = 0
"""A version that no row has: the command checks permission first, and then finds it stale."""


def etag(row: Any) -> str:
    return f'"{row.uid}.{row.row_version}"'


def seen_version(request: Request, uid: UUID, current: int) -> int | None:
    """The version that If-Match names; None for `*`, which means whichever there is.

    Weak tags never match. Of several tags, the one that is `current` counts.
    Raises: Refused, 428 without the header, 400 where it is malformed.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise refused(428, errors.IF_MATCH_MISSING)
    if header.strip() == "*":
        return None
    versions = [_version(tag.strip(), uid) for tag in header.split(",")]
    return current if current in versions else versions[0]


def _version(tag: str, uid: UUID) -> int:
    found = _TAG.fullmatch(tag)
    if found is None:
        raise refused(400, errors.IF_MATCH_MALFORMED)
    of, _dot, version = found[2].partition(".")
    is_ours = not found[1] and of == str(uid) and re.fullmatch(r"[0-9]{1,9}", version)
    return int(version) if is_ours else NOT_OURS
