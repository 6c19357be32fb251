"""Ending one session of a role: a Deny on its name, kept among the role's policies.

AWS IAM User Guide, "Revoking IAM role temporary security credentials", denies by `aws:TokenIssueTime` and
so ends every session of the role. Here the Deny names `aws:userid`, which for a session is
`ROLE-ID:SESSION`, and the session's name is the lease's id. Each denial is an inline policy of its own. A
common document would have to be read, changed and written back, and two portal processes doing that at once
would lose one denial without noticing; with one policy per lease no writer can touch another's.

Many denials are gathered, for what the policies of a role may say together is capped. The policy that
gathers is put beside those that it stands for, is never changed, and is read back before they are dropped.
Nothing is dropped but in favor of a policy of a higher rank that lasts as long: so two processes that gather
the same at once leave it said twice, and never unsaid.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.kernel.errors import LakewardenError, NotFound, ProviderFailure
from apps.lakes.providers.contract import LeaseHandle
from apps.lakes.providers.faults import LAKE_REFUSED
from apps.lakes.providers.s3.denied import (
    MOST_GATHERED,
    Denial,
    denial_document,
    denies_one,
    gathered,
    gathered_document,
    name_of_one,
    read_name,
    tail_of,
    tails_denied,
)
from apps.lakes.providers.s3.faults import faults_by_meaning
from apps.policy.reason import Reason, declare

DENIALS_FULL = declare(
    "LAKE_DENIALS_FULL",
    "The role has no room left for another revocation; the lake caps the size of a role's policies.",
    "End all sessions of the role by a Deny on aws:TokenIssueTime, and use more roles with fewer keys each.",
)

# AWS: IAM and STS quotas, 10,240 characters for all inline policies of a role together. Below the first
# length every denial stands for itself. Above the second nothing waits until every server of the lake has
# heard of the policy that gathers.
GATHER_OVER = 3_000
HURRY_OVER = 6_000
ENOUGH = {0: 12, 1: 4}
"""So many of a rank are worth gathering."""

_FULL = frozenset({"LimitExceeded", "LimitExceededException"})

_locks_guard = threading.Lock()
_locks: dict[tuple[str, str], threading.Lock] = {}


class Denials:
    """The denials of one role. Calls on one role queue up inside a process, for some servers change a role's
    policies by reading and writing them all. `settles` is how long a change takes to reach every server.
    """

    def __init__(self, iam: Any, *, endpoint: str, role: str, settles: timedelta) -> None:
        self._iam = iam
        self._role = role
        self._settles = settles
        with _locks_guard:
            self._lock = _locks.setdefault((endpoint, role), threading.Lock())

    def put(self, handle: LeaseHandle, *, now: datetime) -> str:
        """Deny the lease's session; returns the policy's name. Doing it twice leaves one denial."""
        name, document = name_of_one(handle), denial_document(handle.lease_id)
        with self._lock:
            try:
                self._put(name, document)
            except ProviderFailure as failure:
                if not _is_full(failure):
                    raise
                self._make_room(name, document, now)
            else:
                with suppress(LakewardenError):  # the denial stands; the next one gathers
                    self._gather(now, is_full=False)
        return name

    def stands(self, handle: LeaseHandle) -> bool:
        """Whether the role holds a denial of this lease, read from the server.

        A denial made when the end of the lease was only guessed has another name, and counts too; so does
        one that was gathered with others.
        """
        if self._is_denial(name_of_one(handle), handle.lease_id):
            return True
        lease = str(handle.lease_id)
        listed = list(self._listed())
        if any(self._is_denial(each.name, handle.lease_id) for each in listed if each.lease == lease):
            return True
        return any(tail_of(lease) in self._tails(each) for each in listed if not each.lease)

    def tidy(self, *, now: datetime) -> int:
        """Drop the denials of sessions that have ended by themselves; returns how many."""
        with self._lock:
            return len(self._tidy(list(self._listed()), now))

    def _is_denial(self, name: str, lease_id: UUID) -> bool:
        return denies_one(self._said(name), lease_id)

    def _tails(self, denial: Denial) -> frozenset[str]:
        """Whose sessions it ends, by the server where the name does not say it."""
        return frozenset({tail_of(denial.lease)}) if denial.lease else tails_denied(self._said(denial.name))

    def _said(self, name: str) -> object:
        try:
            with faults_by_meaning("GetRolePolicy"):
                answer = self._iam.get_role_policy(RoleName=self._role, PolicyName=name)
                document: object = answer["PolicyDocument"]
        except NotFound:
            return None
        return document

    def _put(self, name: str, document: str) -> None:
        with faults_by_meaning("PutRolePolicy"):
            self._iam.put_role_policy(RoleName=self._role, PolicyName=name, PolicyDocument=document)

    def _drop(self, name: str) -> None:
        with suppress(NotFound), faults_by_meaning("DeleteRolePolicy"):  # another process was quicker
            self._iam.delete_role_policy(RoleName=self._role, PolicyName=name)

    def _make_room(self, name: str, document: str, now: datetime) -> None:
        self._gather(now, is_full=True)
        try:
            self._put(name, document)
        except ProviderFailure as failure:
            if _is_full(failure):
                raise ProviderFailure(Reason(code=DENIALS_FULL), is_transient=False) from None
            raise

    def _tidy(self, listed: list[Denial], now: datetime) -> list[Denial]:
        ended = [each for each in listed if each.until < int(now.timestamp())]
        for each in ended:
            self._drop(each.name)
        return ended

    def _gather(self, now: datetime, *, is_full: bool) -> None:
        """Say what many policies say in a few, where they take much room."""
        listed = list(self._listed())
        length = sum(each.length for each in listed)
        if length <= GATHER_OVER and not is_full:
            return
        ended = self._tidy(listed, now)
        standing = {each: self._tails(each) for each in listed if each not in ended}
        hurries = is_full or length > HURRY_OVER
        settled = int((now if hurries else now - self._settles).timestamp())
        for rank, enough in ENOUGH.items():
            loose = [each for each in standing if each.rank == rank and not _is_said(each, standing)]
            if len(loose) >= (2 if is_full else enough):
                standing.update(self._gathered(loose, standing, now))
            elders = {each: tails for each, tails in standing.items() if each.made <= settled}
            for each in [each for each in standing if _is_said(each, elders)]:
                self._drop(each.name)
                del standing[each]

    def _gathered(
        self, loose: list[Denial], standing: Mapping[Denial, frozenset[str]], now: datetime
    ) -> dict[Denial, frozenset[str]]:
        """The policy that says what these say, once it was read back; none where it finds no room."""
        for most in (MOST_GATHERED, MOST_GATHERED // 4, MOST_GATHERED // 16):
            members, tails = _as_many_as(most, loose, standing)
            made = gathered(members, count=len(tails), now=now)
            try:
                self._put(made.name, gathered_document(tails))
            except ProviderFailure as failure:
                if not _is_full(failure):
                    raise
            else:
                return {made: tails} if self._tails(made) == tails else {}
        return {}

    def _listed(self) -> Iterator[Denial]:
        marker: dict[str, str] = {}
        while True:
            with faults_by_meaning("ListRolePolicies"):
                answer = self._iam.list_role_policies(RoleName=self._role, **marker)
                names, is_cut_short = list(map(str, answer["PolicyNames"])), bool(answer.get("IsTruncated"))
                marker = {"Marker": answer["Marker"]} if is_cut_short else {}
            yield from filter(None, map(read_name, names))
            if not is_cut_short:
                return


def _is_said(denial: Denial, standing: Mapping[Denial, frozenset[str]]) -> bool:
    """Whether policies of a higher rank, which last as long, say all of it; never of one that is not
    understood."""
    above = (
        tails for each, tails in standing.items() if each.rank > denial.rank and each.until >= denial.until
    )
    own = frozenset({tail_of(denial.lease)}) if denial.lease else standing.get(denial, frozenset())
    return bool(own) and own <= frozenset().union(*above)


def _as_many_as(
    most: int, loose: list[Denial], standing: Mapping[Denial, frozenset[str]]
) -> tuple[list[Denial], frozenset[str]]:
    members: list[Denial] = []
    tails: frozenset[str] = frozenset()
    for each in sorted(loose, key=lambda denial: (denial.count, denial.until)):
        if members and len(tails | standing[each]) > most:
            break
        members.append(each)
        tails |= standing[each]
    return members, tails


def _is_full(failure: ProviderFailure) -> bool:
    reason = failure.reasons[0]
    return reason.code == LAKE_REFUSED and reason.facts.get("fault") in _FULL
