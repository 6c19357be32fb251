"""What happened to people, teams, roles, permissions and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class OrganizationCreated(Event, name="accounts.organization.created", about="organization_id"):
    organization_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DomainCreated(Event, name="accounts.domain.created", about="domain_id"):
    domain_id: UUID
    domain_name: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class DomainChanged(Event, name="accounts.domain.changed", about="domain_id"):
    domain_id: UUID
    changed: tuple[str, ...]
    audience: str


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event, name="accounts.person.registered", about="person_id"):
    person_id: UUID
    account_id: UUID
    relation: str
    person_name: Personal
    username: Personal


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event, name="accounts.person.changed", about="person_id"):
    person_id: UUID
    changed: tuple[str, ...]
    status: str


@dataclass(frozen=True, kw_only=True)
class AccountAdded(Event, name="accounts.account.added", about="account_id"):
    """A person was given another account, or a service account an owner."""

    account_id: UUID
    person_id: UUID
    kind: str
    username: Personal


@dataclass(frozen=True, kw_only=True)
class TeamCreated(Event, name="accounts.team.created", about="team_id"):
    team_id: UUID
    team_name: str


@dataclass(frozen=True, kw_only=True)
class TeamMembersChanged(Event, name="accounts.team.members_changed", about="team_id"):
    team_id: UUID
    added: tuple[UUID, ...]
    removed: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class RoleAssigned(Event, name="accounts.role.assigned", about="role_assignment_id"):
    role_assignment_id: UUID
    person_id: UUID
    role: str
    domain_id: UUID | None
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event, name="accounts.role.ended", about="role_assignment_id"):
    role_assignment_id: UUID
    person_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class PermissionGiven(Event, name="accounts.permission.given", about="target_id"):
    target_id: UUID
    target_kind: str
    permission: str
    holder_kind: str
    holder_id: UUID


@dataclass(frozen=True, kw_only=True)
class PermissionTaken(Event, name="accounts.permission.taken", about="target_id"):
    target_id: UUID
    target_kind: str
    permission: str
    holder_kind: str
    holder_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event, name="accounts.token.created", about="token_id"):
    token_id: UUID
    account_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event, name="accounts.token.revoked", about="token_id"):
    token_id: UUID
    account_id: UUID
