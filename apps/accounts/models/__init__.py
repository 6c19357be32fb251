from apps.accounts.models.acl import Acl, AclSource
from apps.accounts.models.delegation import ConflictDeclaration, ConflictKind, Delegation
from apps.accounts.models.organization import Audience, Domain, Organization, Team
from apps.accounts.models.permission import DomainGroupPermission, DomainUserPermission
from apps.accounts.models.person import Account, AccountKind, Person, PersonStatus, Relation
from apps.accounts.models.project import Project, ProjectMember
from apps.accounts.models.role import RoleAssignment
from apps.accounts.models.token import ApiToken
from apps.accounts.models.workload import WorkloadIdentity, WorkloadTokenUse

__all__ = [
    "Account",
    "AccountKind",
    "Acl",
    "AclSource",
    "ApiToken",
    "Audience",
    "ConflictDeclaration",
    "ConflictKind",
    "Delegation",
    "Domain",
    "DomainGroupPermission",
    "DomainUserPermission",
    "Organization",
    "Person",
    "PersonStatus",
    "Project",
    "ProjectMember",
    "Relation",
    "RoleAssignment",
    "Team",
    "WorkloadIdentity",
    "WorkloadTokenUse",
]
