"""Roles, their trust and their policies, in one file that is replaced as a whole."""

from __future__ import annotations

import json
import re
import secrets
import threading
from base64 import b32encode
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from portal.embedded.lake import policy
from portal.embedded.lake.faults import Fault, bad_request, not_found
from portal.embedded.lake.files import replace_file

ACCOUNT = "000000000000"
# AWS: IAM and STS quotas, "Role inline policies cannot exceed 10,240 characters" (of all of them together).
INLINE_LIMIT = 10_240
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"/([\w+=,.@-]{1,128}/){0,4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Role:
    """`policies` are inline documents by name, as they were sent. `made_at` of a role that was kept before
    it was written down is long ago."""

    name: str
    role_id: str
    trust: str
    policies: dict[str, str]
    path: str = "/"
    made_at: str = "2026-01-01T00:00:00Z"

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role{self.path}{self.name}"


class RoleBook:
    """All roles. A change is on disk before it is answered."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._roles = _load(file)

    def role(self, name: str) -> Role:
        """Raises: Fault where there is none."""
        role = self._roles.get(name)
        if role is None:
            raise not_found("NoSuchEntity", "There is no such role.")
        return role

    def create(self, name: str, trust: str, *, path: str, made_at: str) -> Role:
        _check_name(name)
        if not _PATH.fullmatch(path):
            raise bad_request("ValidationError", "The path is malformed.")
        _check_document(trust, is_trust=True)
        with self._lock:
            if name in self._roles:
                raise Fault("EntityAlreadyExists", 409, "The role exists already.")
            role_id = "AROA" + b32encode(secrets.token_bytes(10)).decode()
            role = Role(name=name, role_id=role_id, trust=trust, policies={}, path=path, made_at=made_at)
            self._keep(role)
        return role

    def below(self, path: str) -> list[Role]:
        return [role for _name, role in sorted(self._roles.items()) if role.path.startswith(path)]

    def delete(self, name: str) -> None:
        with self._lock:
            if self.role(name).policies:
                raise Fault("DeleteConflict", 409, "The role has policies still.")
            self._store({key: role for key, role in self._roles.items() if key != name})

    def set_trust(self, name: str, trust: str) -> None:
        _check_document(trust, is_trust=True)
        with self._lock:
            self._keep(replace(self.role(name), trust=trust))

    def put_policy(self, name: str, policy_name: str, document: str) -> None:
        _check_name(policy_name)
        _check_document(document, is_trust=False)
        with self._lock:
            role = self.role(name)
            policies = {**role.policies, policy_name: document}
            if sum(len("".join(text.split())) for text in policies.values()) > INLINE_LIMIT:
                raise Fault("LimitExceeded", 409, "The policies of the role are too large together.")
            self._keep(replace(role, policies=policies))

    def delete_policy(self, name: str, policy_name: str) -> None:
        with self._lock:
            role = self.role(name)
            if policy_name not in role.policies:
                raise not_found("NoSuchEntity", "There is no such policy.")
            kept = {key: text for key, text in role.policies.items() if key != policy_name}
            self._keep(replace(role, policies=kept))

    def _keep(self, role: Role) -> None:
        self._store({**self._roles, role.name: role})

    def _store(self, roles: dict[str, Role]) -> None:
        content = {"roles": [asdict(each) for each in roles.values()]}
        replace_file(self._file, json.dumps(content, indent=1).encode())
        self._roles = roles


def _load(file: Path) -> dict[str, Role]:
    if not file.exists():
        return {}
    content = json.loads(file.read_text())
    return {raw["name"]: Role(**raw) for raw in content["roles"]}


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise bad_request("ValidationError", "The name is malformed.")


def _check_document(text: str, *, is_trust: bool) -> None:
    try:
        policy.parsed(text, is_trust=is_trust)
    except policy.MalformedPolicy as fault:
        raise bad_request("MalformedPolicyDocument", f"The document is not understood: {fault}.") from None
