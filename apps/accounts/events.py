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
class OrganizationChanged(Event, name="accounts.organization.changed", about="organization_id"):
    organization_id: UUID
    changed: tuple[str, ...]
    calendar: str


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
class PersonDeparted(Event, name="accounts.person.departed", about="person_id"):
    """The person left, and with them ended at once what is named here. Their past keeps their name, until
    six years after their last access.

    `service_account_ids` are the programs they answered for: stopped until somebody else answers for them.
    """

    person_id: UUID
    account_ids: tuple[UUID, ...]
    service_account_ids: tuple[UUID, ...]
    token_ids: tuple[UUID, ...]
    role_assignment_ids: tuple[UUID, ...]
    team_ids: tuple[UUID, ...]
    project_ids: tuple[UUID, ...]
    delegation_ids: tuple[UUID, ...]
    permissions_ended: int
    departure_reason: Personal


@dataclass(frozen=True, kw_only=True)
class PersonPseudonymized(Event, name="accounts.person.pseudonymized", about="person_id"):
    """A code stands in the place of their name; what was theirs stays as it is."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountDisabled(Event, name="accounts.account.disabled", about="account_id"):
    """Its sessions and tokens ended with it."""

    account_id: UUID
    person_id: UUID
    token_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class AccountEnabled(Event, name="accounts.account.enabled", about="account_id"):
    account_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ServiceAccountHandedOver(Event, name="accounts.account.handed_over", about="account_id"):
    """Another person answers for the program from now on."""

    account_id: UUID
    from_person_id: UUID
    to_person_id: UUID
    team_ids: tuple[UUID, ...] = ()
    permissions_ended: int = 0
    identity_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServiceAccountUnanswered(Event, name="accounts.account.unanswered", about="account_id"):
    """Nobody can answer for the program. Told when that is found, and again shortly before it stops."""

    account_id: UUID
    person_id: UUID
    unanswered_why: str
    stops_at: datetime


@dataclass(frozen=True, kw_only=True)
class ServiceAccountAnswered(Event, name="accounts.account.answered", about="account_id"):
    """Somebody can answer for the program again, before it had to stop."""

    account_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ServiceAccountSuspended(Event, name="accounts.account.suspended", about="account_id"):
    """The term was over, and nobody answered for the program: it stops, with its tokens and keys."""

    account_id: UUID
    person_id: UUID
    unanswered_why: str
    token_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class DelegationCreated(Event, name="accounts.delegation.created", about="delegation_id"):
    delegation_id: UUID
    delegator_id: UUID
    delegate_id: UUID
    roles: tuple[str, ...]
    domain_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    delegation_reason: Personal


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(Event, name="accounts.delegation.ended", about="delegation_id"):
    delegation_id: UUID
    delegator_id: UUID
    delegate_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConflictDeclared(Event, name="accounts.conflict.declared", about="conflict_id"):
    conflict_id: UUID
    person_id: UUID
    kind: str
    target_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    note: Personal


@dataclass(frozen=True, kw_only=True)
class ConflictEnded(Event, name="accounts.conflict.ended", about="conflict_id"):
    conflict_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(Event, name="accounts.project.created", about="project_id"):
    project_id: UUID
    project_name: str
    lead_id: UUID
    purposes: tuple[UUID, ...]
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectChanged(Event, name="accounts.project.changed", about="project_id"):
    project_id: UUID
    changed: tuple[str, ...]
    lead_id: UUID
    purposes: tuple[UUID, ...]
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProjectClosed(Event, name="accounts.project.closed", about="project_id"):
    project_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Event, name="accounts.project.member_added", about="project_id"):
    project_id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event, name="accounts.project.membership_ended", about="project_id"):
    project_id: UUID
    person_id: UUID


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
class TeamRenamed(Event, name="accounts.team.renamed", about="team_id"):
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
class PasswordChanged(Event, name="accounts.password.changed", about="account_id"):
    """By the one whose it is. Other sessions of the account ended, and these tokens."""

    account_id: UUID
    tokens_ended: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event, name="accounts.token.revoked", about="token_id"):
    token_id: UUID
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkloadRegistered(Event, name="accounts.workload.registered", about="identity_id"):
    """From now on tokens of the issuer about the subject sign the service account in."""

    identity_id: UUID
    account_id: UUID
    issuer: str
    workload_subject: str
    scopes: tuple[str, ...]
    keys_are_pasted: bool


@dataclass(frozen=True, kw_only=True)
class WorkloadRemoved(Event, name="accounts.workload.removed", about="identity_id"):
    """What it had been given ended with it."""

    identity_id: UUID
    account_id: UUID
    token_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class WorkloadSignedIn(Event, name="accounts.workload.signed_in", about="identity_id"):
    """By a token of its platform; it was given an access token."""

    identity_id: UUID
    account_id: UUID
    token_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime
