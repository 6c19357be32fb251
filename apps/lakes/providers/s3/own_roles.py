"""A role of its own for one key: made with it, allowed what the key is allowed and nothing else, and deleted
with it. So a mistake with one such key reaches no other, and its end needs no denial that has to be kept.

It lies in a folder that is named after the role of the connection, and is called by its lease: it can be
found again from the row of the lease alone, and what was left behind from the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.kernel.errors import NotFound, ProviderFailure
from apps.lakes.providers.contract import ConnectionSpec, own_role_name
from apps.lakes.providers.faults import malformed
from apps.lakes.providers.s3.endpoint import role_of
from apps.lakes.providers.s3.faults import faults_by_meaning
from apps.lakes.providers.s3.role import SCOPE_POLICY, longest_session, trust_policy
from apps.policy.reason import Reason, declare

FOLDER = "lakewarden-leases"
TRUST_UNCLEAR = declare(
    "LAKE_TRUST_UNCLEAR",
    "The trust of the role does not name one issuer alone, so no role of its own can be made for a key.",
    "Ask the administrator to set up the role of the connection anew; its page shows how.",
)

ROLE_NOT_PROVEN_GONE = declare(
    "LAKE_ROLE_NOT_PROVEN_GONE",
    "Whoever was asked for the role of this key knows none, and does not know the role of the connection"
    " either: that proves no end.",
    "Ask the administrator whether the secrets of the connection are those of the lake where the key was"
    " made, and whether the role %(role)s stands. The portal tries again by itself.",
)


def own_connection(connection: ConnectionSpec, lease_id: UUID) -> ConnectionSpec:
    """The connection as a key with a role of its own has it.  Raises: InvalidInput."""
    role = role_of(connection)
    arn = f"arn:{role.partition}:iam::{role.account}:role{_folder(connection)}{own_role_name(lease_id)}"
    return replace(connection, role_arn=arn)


def _folder(connection: ConnectionSpec) -> str:
    return f"/{FOLDER}/{role_of(connection).name}/"


class OwnRoles:
    """Kept with the key of the administrator of the connection's role."""

    def __init__(self, iam: Any) -> None:
        self._iam = iam

    def make(self, connection: ConnectionSpec, lease_id: UUID, policy: str) -> None:
        """The role of one lease. Whom it trusts is read from the role of the connection.

        Raises: NotFound (the role of the connection), Conflict (there is one), ProviderFailure.
        """
        trust = trust_policy(connection, issuer_arn=self._issuer(connection))
        name = own_role_name(lease_id)
        with faults_by_meaning("CreateRole"):
            self._iam.create_role(
                RoleName=name,
                Path=_folder(connection),
                AssumeRolePolicyDocument=trust,
                **longest_session(connection),
            )
        with faults_by_meaning("PutRolePolicy"):
            self._iam.put_role_policy(RoleName=name, PolicyName=SCOPE_POLICY, PolicyDocument=policy)

    def remove(self, lease_id: UUID) -> None:
        """Without its policy the role allows nothing, and without the role its session is nobody.

        Raises: ProviderFailure.
        """
        self._remove(own_role_name(lease_id))

    def stands(self, connection: ConnectionSpec, lease_id: UUID) -> bool:
        """Asks the server, with the connection of the key. That it is not there is believed of one who knows
        the role it was made beside: who has neither is another, or was asked with the key of another.

        Raises: ProviderFailure.
        """
        if self._arn(own_role_name(lease_id)):
            return True
        own = role_of(connection)
        beside = own.path.strip("/").rpartition("/")[2]
        found = self._arn(beside)
        if found is None or not found.startswith(f"arn:{own.partition}:iam::{own.account}:role/"):
            raise ProviderFailure(
                Reason(code=ROLE_NOT_PROVEN_GONE, facts={"role": beside}), is_transient=True
            )
        return False

    def _arn(self, name: str) -> str | None:
        """None where there is no such role."""
        try:
            with faults_by_meaning("GetRole"):
                return str(self._iam.get_role(RoleName=name)["Role"]["Arn"])
        except NotFound:
            return None

    def tidy(self, connection: ConnectionSpec, *, longest: timedelta, now: datetime) -> int:
        """Remove roles that are older than any session of theirs: nobody knows of them any more; returns how
        many."""
        left = [name for name, made_at in self._listed(connection) if made_at + longest < now]
        for name in left:
            self._remove(name)
        return len(left)

    def _remove(self, name: str) -> None:
        with suppress(NotFound):
            with faults_by_meaning("ListRolePolicies"):
                kept = list(map(str, self._iam.list_role_policies(RoleName=name)["PolicyNames"]))
            for policy in kept:
                with suppress(NotFound), faults_by_meaning("DeleteRolePolicy"):
                    self._iam.delete_role_policy(RoleName=name, PolicyName=policy)
            with faults_by_meaning("DeleteRole"):
                self._iam.delete_role(RoleName=name)

    def _listed(self, connection: ConnectionSpec) -> Iterator[tuple[str, datetime]]:
        """Those of the house in the folder of the connection, and when each was made."""
        marker: dict[str, str] = {}
        while True:
            with faults_by_meaning("ListRoles"):
                answer = self._iam.list_roles(PathPrefix=_folder(connection), **marker)
                found = [(str(role["RoleName"]), role["CreateDate"]) for role in answer["Roles"]]
                found = [(name, made_at.astimezone(UTC)) for name, made_at in found]
                marker = {"Marker": answer["Marker"]} if answer.get("IsTruncated") else {}
            yield from (each for each in found if each[0].startswith(own_role_name("")))
            if not marker:
                return

    def _issuer(self, connection: ConnectionSpec) -> str:
        with faults_by_meaning("GetRole"):
            role = self._iam.get_role(RoleName=role_of(connection).name)["Role"]
            document: object = role["AssumeRolePolicyDocument"]
        trusted = _trusted(document)
        if len(trusted) != 1 or "*" in trusted:
            raise ProviderFailure(Reason(code=TRUST_UNCLEAR), is_transient=False)
        return trusted.pop()


def _trusted(document: object) -> set[str]:
    """Whom a trust names.  Raises: ProviderFailure where it cannot be read."""
    try:
        known: Any = document if isinstance(document, Mapping) else json.loads(str(document))
        principals = [each["Principal"] for each in known["Statement"] if each["Effect"] == "Allow"]
        named = [each if isinstance(each, str) else each["AWS"] for each in principals]
    except (LookupError, TypeError, ValueError):
        raise malformed("GetRole", "AssumeRolePolicyDocument") from None
    return {arn for each in named for arn in ([each] if isinstance(each, str) else map(str, each))}
