"""Ending one session of a role: a Deny on its name, kept among the role's policies.

AWS IAM User Guide, "Revoking IAM role temporary security credentials", denies by `aws:TokenIssueTime` and
so ends every session of the role. Here the Deny names `aws:userid`, which for a session is
`ROLE-ID:SESSION`, and the session's name is the lease's id. Each denial is an inline policy of its own. A
common document would have to be read, changed and written back, and two portal processes doing that at once
would lose one denial without noticing; with one policy per lease no writer can touch another's.

The name carries the end of the lease, so that a denial can be dropped once its session is dead anyway.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.kernel.errors import NotFound, ProviderFailure
from apps.lakes.providers.contract import LeaseHandle
from apps.lakes.providers.faults import LAKE_REFUSED
from apps.lakes.providers.s3.faults import faults_by_meaning
from apps.policy.reason import Reason, declare

DENIALS_FULL = declare(
    "LAKE_DENIALS_FULL",
    "The role has no room left for another revocation; the lake caps the size of a role's policies.",
    "End all sessions of the role by a Deny on aws:TokenIssueTime, and use more roles with fewer keys each.",
)

_NAME = re.compile(r"lakewarden-deny-(?P<until>[0-9]{10,11})-(?P<lease>[0-9a-f-]{36})", re.ASCII)

_FULL = frozenset({"LimitExceeded", "LimitExceededException"})

_locks_guard = threading.Lock()
_locks: dict[tuple[str, str], threading.Lock] = {}


def session_name(lease_id: UUID) -> str:
    """The session's name is the lease's id and no person's name: it stands in the lake's access logs."""
    return str(lease_id)


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A denial by its name; `until` in seconds since 1970."""

    name: str
    lease: str
    until: int


class Denials:
    """The denials of one role. Calls on one role queue up inside a process, for some servers change a role's
    policies by reading and writing them all.
    """

    def __init__(self, iam: Any, *, endpoint: str, role: str) -> None:
        self._iam = iam
        self._role = role
        with _locks_guard:
            self._lock = _locks.setdefault((endpoint, role), threading.Lock())

    def put(self, handle: LeaseHandle, *, now: datetime) -> str:
        """Deny the lease's session; returns the policy's name. Doing it twice leaves one denial."""
        name = _policy_name(handle)
        with self._lock:
            try:
                self._put(name, handle.lease_id)
            except ProviderFailure as failure:
                if not _is_full(failure):
                    raise
                self._make_room(name, handle.lease_id, now)
        return name

    def stands(self, handle: LeaseHandle) -> bool:
        """Whether the role holds a denial of this lease, read from the server.

        A denial made when the end of the lease was only guessed has another name, and counts too.
        """
        if self._is_denial(_policy_name(handle), handle.lease_id):
            return True
        mine = [listed.name for listed in self._listed() if listed.lease == str(handle.lease_id)]
        return any(self._is_denial(name, handle.lease_id) for name in mine)

    def tidy(self, *, now: datetime) -> int:
        """Drop the denials of sessions that have ended by themselves; returns how many."""
        with self._lock:
            return self._tidy(now)

    def _is_denial(self, name: str, lease_id: UUID) -> bool:
        try:
            with faults_by_meaning("GetRolePolicy"):
                answer = self._iam.get_role_policy(RoleName=self._role, PolicyName=name)
                document = answer["PolicyDocument"]
        except NotFound:
            return False
        return _document(document) == _denial(lease_id)

    def _put(self, name: str, lease_id: UUID) -> None:
        document = denial_document(lease_id)
        with faults_by_meaning("PutRolePolicy"):
            self._iam.put_role_policy(RoleName=self._role, PolicyName=name, PolicyDocument=document)

    def _make_room(self, name: str, lease_id: UUID, now: datetime) -> None:
        self._tidy(now)
        try:
            self._put(name, lease_id)
        except ProviderFailure as failure:
            if _is_full(failure):
                raise ProviderFailure(Reason(code=DENIALS_FULL), is_transient=False) from None
            raise

    def _tidy(self, now: datetime) -> int:
        ended = [listed.name for listed in self._listed() if listed.until < int(now.timestamp())]
        for name in ended:
            try:
                with faults_by_meaning("DeleteRolePolicy"):
                    self._iam.delete_role_policy(RoleName=self._role, PolicyName=name)
            except NotFound:
                continue  # another process was quicker
        return len(ended)

    def _listed(self) -> Iterator[_Listed]:
        marker: dict[str, str] = {}
        while True:
            with faults_by_meaning("ListRolePolicies"):
                answer = self._iam.list_role_policies(RoleName=self._role, **marker)
                names, is_cut_short = answer["PolicyNames"], bool(answer.get("IsTruncated"))
                marker = {"Marker": answer["Marker"]} if is_cut_short else {}
            for name in names:
                match = _NAME.fullmatch(name)
                if match:
                    yield _Listed(name=name, lease=match["lease"], until=int(match["until"]))
            if not is_cut_short:
                return


def _policy_name(handle: LeaseHandle) -> str:
    # Rounded up: a denial may outlive its session, never the other way round.
    until = int(handle.expires_at.astimezone(UTC).timestamp()) + 1
    return f"lakewarden-deny-{until}-{handle.lease_id}"


def denial_document(lease_id: UUID) -> str:
    """What is put among the role's policies."""
    return json.dumps(_denial(lease_id), separators=(",", ":"))


def _denial(lease_id: UUID) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"StringLike": {"aws:userid": f"*:{session_name(lease_id)}"}},
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


def _is_full(failure: ProviderFailure) -> bool:
    reason = failure.reasons[0]
    return reason.code == LAKE_REFUSED and reason.facts.get("fault") in _FULL
