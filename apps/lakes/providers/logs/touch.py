"""One request that a key made, and how the entries of logs are read without trusting them.

Whoever holds a key writes a good part of each entry: names of keys, prefixes, agents. So a field is taken by
its type and its bounds or the entry is not understood, and what cannot be stored in a text is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from uuid import UUID

from apps.kernel.characters import NOT_STORED

MOST_BYTES = 1 << 53
LONGEST_ID = 200
STAND_IN = "\ufffd"
_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Doing(StrEnum):
    """What a key was used to do."""

    READ = "read"
    LIST = "list"
    WRITE = "write"
    DELETE = "delete"
    OTHER = "other"


class Answered(StrEnum):
    """What the lake said. `MISSING`: there is nothing of that name; nobody was kept from anything."""

    ALLOWED = "allowed"
    DENIED = "denied"
    MISSING = "missing"
    FAILED = "failed"


class NotUnderstood(Exception):
    """An entry that is none of this log. It says no more: the entry may hold anything."""


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One request by the key of a lease. `request_id` is the lake's own and told once.

    `key` is what was named: an object, the prefix of a listing, or nothing but the bucket. `size` are the
    bytes that moved in the direction of what was done; of a request that was not allowed, none.
    """

    lease_id: UUID
    request_id: str
    at: datetime
    doing: Doing
    bucket: str
    key: str
    answered: Answered
    size: int


Fields = Mapping[str, Any]


def fields_of(line: bytes) -> Fields:
    """Raises: NotUnderstood."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    return mapping(entry)


def mapping(value: object) -> Fields:
    """Raises: NotUnderstood."""
    if not isinstance(value, Mapping):
        raise NotUnderstood
    return value


def inner(entry: Fields, name: str) -> Fields:
    """The fields under a name; none where it is absent or null.  Raises: NotUnderstood."""
    value = entry.get(name)
    return {} if value is None else mapping(value)


def text(entry: Fields, name: str) -> str:
    """Empty where it is absent or null.  Raises: NotUnderstood where it is no text."""
    value = entry.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotUnderstood
    return storable(value)


def identifier(entry: Fields, name: str) -> str:
    """Raises: NotUnderstood where it is absent or longer than any that lakes give."""
    value = text(entry, name)
    if not 0 < len(value) <= LONGEST_ID:
        raise NotUnderstood
    return value


def count(entry: Fields, name: str) -> int:
    """Nought where it is absent or null; CloudTrail writes numbers with a point.  Raises: NotUnderstood."""
    value = entry.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_BYTES:
        raise NotUnderstood
    return int(value)


def status(value: object) -> int:
    """An HTTP status, as number or text.  Raises: NotUnderstood."""
    if not re.fullmatch(r"[1-5][0-9]{2}", str(value), re.ASCII):
        raise NotUnderstood
    return int(str(value))


def moment(entry: Fields, name: str) -> datetime:
    """Raises: NotUnderstood, also where no zone is told."""
    try:
        found = datetime.fromisoformat(text(entry, name))
        if found.tzinfo is None:
            raise NotUnderstood
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood from None


def lease_of(session: str) -> UUID | None:
    """Leases name sessions by their uid as it is spelled; whatever is called otherwise is somebody else's."""
    try:
        found = UUID(session)
    except ValueError:
        return None
    return found if str(found) == session else None


def answer_to(code: int) -> Answered:
    if code in _DENIED:
        return Answered.DENIED
    if code == HTTPStatus.NOT_FOUND:
        return Answered.MISSING
    return Answered.ALLOWED if code < HTTPStatus.BAD_REQUEST else Answered.FAILED


def moved(doing: Doing, answered: Answered, *, sent: int, received: int) -> int:
    if answered is not Answered.ALLOWED:
        return 0
    return received if doing is Doing.WRITE else sent


def storable(value: str) -> str:
    return NOT_STORED.sub(STAND_IN, value)
