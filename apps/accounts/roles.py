"""Roles and object permissions: the words, what implies what, and which scope of a token each needs."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person is for in an organization or a domain. The DPO advises and never approves."""

    SCIENTIST = "scientist"
    STEWARD = "steward"
    OWNER = "owner"
    COMPLIANCE_OFFICER = "compliance_officer"
    DPO = "dpo"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ON_CALL = "on_call"
    MODEL_RISK = "model_risk"
    CISO = "ciso"
    LEGAL = "legal"


ASKED_BY_ROUTES = frozenset({Role.MODEL_RISK, Role.CISO, Role.LEGAL})
"""They decide where rules or a class ask for them, and nothing else."""

DELEGABLE = ASKED_BY_ROUTES | {Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, Role.ON_CALL}
"""What somebody else may stand in for. Nobody stands in for who asks, who watches, or who gives roles."""


class ObjectPermission(IntEnum):
    """What may be done with one asset or domain in the portal. It never gives data.

    The number is the one stored in the `acl` table, where 0 marks a row that stands for a whole scope.
    """

    VIEW = 1
    EDIT = 2
    CLASSIFY = 3
    OWN = 4
    STEWARD = 5
    APPROVE = 6

    @property
    def word(self) -> str:
        return self.name.lower()


SCOPE_ROW = 0

IMPLIED: dict[ObjectPermission, frozenset[ObjectPermission]] = {
    ObjectPermission.VIEW: frozenset(),
    ObjectPermission.EDIT: frozenset({ObjectPermission.VIEW}),
    ObjectPermission.CLASSIFY: frozenset({ObjectPermission.VIEW}),
    ObjectPermission.OWN: frozenset({ObjectPermission.VIEW, ObjectPermission.APPROVE}),
    ObjectPermission.STEWARD: frozenset(
        {ObjectPermission.VIEW, ObjectPermission.EDIT, ObjectPermission.CLASSIFY}
    ),
    ObjectPermission.APPROVE: frozenset({ObjectPermission.VIEW}),
}

ROLE_GIVES: dict[Role, frozenset[ObjectPermission]] = {
    Role.SCIENTIST: frozenset(),
    Role.STEWARD: frozenset({ObjectPermission.STEWARD}),
    Role.OWNER: frozenset({ObjectPermission.OWN}),
    Role.COMPLIANCE_OFFICER: frozenset({ObjectPermission.VIEW}),
    Role.DPO: frozenset({ObjectPermission.VIEW}),
    Role.AUDITOR: frozenset({ObjectPermission.VIEW}),
    Role.ADMINISTRATOR: frozenset({ObjectPermission.VIEW}),
    Role.ON_CALL: frozenset(),
    Role.MODEL_RISK: frozenset({ObjectPermission.VIEW}),
    Role.CISO: frozenset({ObjectPermission.VIEW}),
    Role.LEGAL: frozenset({ObjectPermission.VIEW}),
}


def gives(held: ObjectPermission, wanted: ObjectPermission) -> bool:
    return held is wanted or wanted in IMPLIED[held]


def role_gives(role: Role, wanted: ObjectPermission) -> bool:
    return any(gives(held, wanted) for held in ROLE_GIVES[role])


class TokenScope(StrEnum):
    """What a token may be used for; a token never does more than its account, and usually less."""

    READ = "read"
    WRITE = "write"
    DECIDE = "decide"
    CREDENTIALS = "credentials"
    ADMINISTER = "administer"


SCOPES_OF_WORKLOADS = (TokenScope.READ, TokenScope.WRITE, TokenScope.CREDENTIALS)
"""A program that no secret and no person stands behind decides nothing and administers nothing."""
