"""The policies by which sessions of a role are denied: what they are called and what they say.

Most name one lease, in full. Where a role holds many, those are gathered: one policy then names many
sessions, each by the half of its lease's id that is random, which is shorter and can stand for no other lease
of the house. A star stands before each hyphen: Ceph RGW 16 was seen to let one reach the next character that
follows it in the pattern, and no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from apps.lakes.providers.contract import LeaseHandle

MOST_GATHERED = 48
"""Sessions that one policy names; some servers take no long documents."""

_ONE = re.compile(r"lakewarden-deny-(?P<until>[0-9]{10,11})-(?P<lease>[0-9a-f-]{36})", re.ASCII)
_MANY = re.compile(
    r"lakewarden-denied-(?P<until>[0-9]{10,11})-(?P<made>[0-9]{10,11})-(?P<rank>[1-9])-(?P<count>[0-9]{1,3})"
    r"-[0-9a-f]{32}",
    re.ASCII,
)
_BEFORE_TAIL = "*:*-*-*-"
_TAIL = re.compile(r"[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A policy by its name. `lease` is empty where it names many; `rank` counts how often what it says was
    gathered. `until` and `made` are in seconds since 1970, and what names one lease was made at any time."""

    name: str
    until: int
    lease: str = ""
    made: int = 0
    rank: int = 0
    count: int = 1

    @property
    def length(self) -> int:
        """In characters, of what it says."""
        return _LENGTH_OF_ONE if self.lease else _LENGTH_OF_NONE + self.count * _LENGTH_OF_TAIL


def session_name(lease_id: UUID) -> str:
    """The session's name is the lease's id and no person's name: it stands in the lake's access logs."""
    return str(lease_id)


def tail_of(lease: str) -> str:
    """The half of a lease's id that is random."""
    return lease[-17:]


def name_of_one(handle: LeaseHandle) -> str:
    """It carries the end of the lease, so that the denial can be dropped once its session is dead anyway."""
    # Rounded up: a denial may outlive its session, never the other way round.
    until = int(handle.expires_at.astimezone(UTC).timestamp()) + 1
    return f"lakewarden-deny-{until}-{handle.lease_id}"


def gathered(members: Iterable[Denial], *, count: int, now: datetime) -> Denial:
    """The policy that takes the place of others: unlike any other, and never changed once it stands."""
    replaced = list(members)
    until = max(each.until for each in replaced)
    rank = max(each.rank for each in replaced) + 1
    made = int(now.timestamp())
    name = f"lakewarden-denied-{until}-{made}-{rank}-{count}-{uuid4().hex}"
    return Denial(name=name, until=until, made=made, rank=rank, count=count)


def read_name(name: str) -> Denial | None:
    """None where the policy is no denial of the house."""
    if one := _ONE.fullmatch(name):
        return Denial(name=name, until=int(one["until"]), lease=one["lease"])
    if many := _MANY.fullmatch(name):
        until, made, rank, count = (int(many[part]) for part in ("until", "made", "rank", "count"))
        return Denial(name=name, until=until, made=made, rank=rank, count=count)
    return None


def denial_document(lease_id: UUID) -> str:
    """What is put among the role's policies to end one session."""
    return _text(_denying(f"*:{session_name(lease_id)}"))


def gathered_document(tails: Iterable[str]) -> str:
    """What is put there to end many."""
    return _text(_denying([_BEFORE_TAIL + tail for tail in sorted(tails)]))


def denies_one(answer: object, lease_id: UUID) -> bool:
    """Whether a document from the server is the denial of this lease."""
    return _document(answer) == _denying(f"*:{session_name(lease_id)}")


def tails_denied(answer: object) -> frozenset[str]:
    """Whose sessions a gathered document ends; nobody's where it says anything else besides."""
    document = _document(answer)
    try:
        patterns = document["Statement"][0]["Condition"]["StringLike"]["aws:userid"]  # type: ignore[index]
        tails = frozenset(pattern.removeprefix(_BEFORE_TAIL) for pattern in patterns)
    except (LookupError, TypeError, AttributeError):
        return frozenset()
    is_ours = all(map(_TAIL.fullmatch, tails)) and document == json.loads(gathered_document(tails))
    return tails if is_ours else frozenset()


def _denying(users: str | list[str]) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"StringLike": {"aws:userid": users}},
            }
        ],
    }


def _document(answer: object) -> object:
    """botocore decodes the document; servers that send it in another form leave it as text."""
    if isinstance(answer, Mapping):
        return dict(answer)
    try:
        return json.loads(str(answer))
    except ValueError:
        return None


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"))


_LENGTH_OF_ONE = len(denial_document(UUID(int=0)))
_LENGTH_OF_NONE = len(gathered_document([]))
_LENGTH_OF_TAIL = len(f'"{_BEFORE_TAIL}0000-000000000000",')
