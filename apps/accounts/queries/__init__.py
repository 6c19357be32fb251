"""Reads: who there is, what they hold, and who is behind an account or a token."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from apps.accounts.authorization import Resource, authorize, may, standing_of
from apps.accounts.commands.organizations import domain_resource
from apps.accounts.models import (
    Account,
    AccountKind,
    ApiToken,
    Audience,
    ConflictDeclaration,
    ConflictKind,
    Delegation,
    Domain,
    Organization,
    Person,
    PersonStatus,
    Project,
    ProjectMember,
    Relation,
    RoleAssignment,
    Team,
    WorkloadIdentity,
)
from apps.accounts.models.acl import SeenThroughKeys
from apps.accounts.models.delegation import DelegationQuerySet
from apps.accounts.models.person import SEES_PEOPLE
from apps.accounts.models.project import ProjectQuerySet
from apps.accounts.operations import Operation
from apps.accounts.queries.ties import (
    DelegationNow,
    colleagues_deciding_with,
    conflicts_now,
    delegations_now,
    members_now,
    roles_held,
)
from apps.accounts.roles import ObjectPermission, Role, gives, role_gives
from apps.audit.models import AuditEvent
from apps.audit.queries import events_of
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import not_found
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.kernel.questions import Given, Question


def actor_of(
    account: Account,
    *,
    request_id: str = "",
    scopes: frozenset[str] | None = None,
    signed_in_at: datetime | None = None,
    second_factor_at: datetime | None = None,
) -> Actor:
    """The actor behind a signed-in account, or behind a token with its scopes."""
    kind = ActorKind.SERVICE if account.kind == AccountKind.SERVICE else ActorKind.PERSON
    return Actor(
        kind=kind,
        account_id=account.pk,
        person_id=account.person_id,
        organization_id=account.organization_id,
        scopes=scopes,
        request_id=request_id,
        signed_in_at=signed_in_at,
        second_factor_at=second_factor_at,
    )


def live_token(digest: str, *, at: datetime) -> ApiToken | None:
    """The token with this digest, if neither it nor its account nor the person behind it has ended."""
    return _LIVE.first(digest=digest, at=at)


_LIVE: Question[ApiToken] = Question(
    lambda: ApiToken.objects.select_related("account").filter(
        digest=Given("digest"),
        expires_at__gt=Given("at"),
        revoked_at__isnull=True,
        account__is_active=True,
        account__person__status=PersonStatus.ACTIVE,
    )
)


def role_holders(
    roles: Collection[Role], *, organization_ids: Collection[int], at: datetime
) -> QuerySet[RoleAssignment]:
    """Assignments of these roles in force, of active people, in whole organizations or in domains of them."""
    return RoleAssignment.objects.held_at(at).filter(
        role__in=roles, organization__in=organization_ids, person__status=PersonStatus.ACTIVE
    )


def organizations_visible_to(actor: Actor) -> HouseQuerySet[Organization]:
    return Organization.objects.visible_to(actor)


def domains_visible_to(actor: Actor) -> HouseQuerySet[Domain]:
    """With their organization and the teams of their audience."""
    return Domain.objects.visible_to(actor).select_related("organization").prefetch_related("audience_teams")


def domains_kept_by(actor: Actor) -> HouseQuerySet[Domain]:
    """The domains in which the actor keeps assets right, and may register new ones."""
    kept = SeenThroughKeys.domains(actor, ObjectPermission.STEWARD)
    return (
        Domain.objects.visible_to(actor).filter(pk__in=kept).select_related("organization").order_by("name")
    )


def people_visible_to(actor: Actor) -> HouseQuerySet[Person]:
    return Person.objects.visible_to(actor).select_related("organization", "manager")


def accounts_visible_to(actor: Actor) -> HouseQuerySet[Account]:
    return Account.objects.visible_to(actor).select_related("organization", "person")


def service_accounts_visible_to(actor: Actor) -> HouseQuerySet[Account]:
    return accounts_visible_to(actor).filter(kind=AccountKind.SERVICE)


def teams_visible_to(actor: Actor) -> HouseQuerySet[Team]:
    return Team.objects.visible_to(actor).select_related("organization", "group")


def teams_of(person: Person, actor: Actor) -> HouseQuerySet[Team]:
    """The teams that an account of the person belongs to, among those the actor may see."""
    accounts = Account.objects.visible_to(actor).filter(person=person)
    return teams_visible_to(actor).filter(group__in=accounts.values("groups"))


def members_of(team: Team, actor: Actor) -> HouseQuerySet[Account]:
    """The members among the accounts that the actor may see."""
    return accounts_visible_to(actor).filter(groups=team.group_id)


def role_assignments_visible_to(actor: Actor) -> HouseQuerySet[RoleAssignment]:
    return RoleAssignment.objects.visible_to(actor).select_related("person", "organization", "domain")


def delegations_visible_to(actor: Actor) -> DelegationQuerySet:
    found: DelegationQuerySet = Delegation.objects.visible_to(actor)
    return found.select_related("delegator", "delegate", "organization", "domain")


def delegations_of(actor: Actor, person: Person, *, at: datetime) -> DelegationQuerySet:
    """To and from the person, in force or still to come."""
    found = delegations_visible_to(actor).not_over(at)
    return found.filter(Q(delegator=person) | Q(delegate=person)).order_by("starts_at", "pk")


def conflicts_visible_to(actor: Actor) -> HouseQuerySet[ConflictDeclaration]:
    return ConflictDeclaration.objects.visible_to(actor).select_related("person", "recorded_by")


def projects_visible_to(actor: Actor) -> ProjectQuerySet:
    return Project.objects.visible_to(actor).select_related("organization", "lead")


def members_of_project(project: Project, actor: Actor) -> HouseQuerySet[ProjectMember]:
    """Those of now, of later and of before, for whoever may see the project."""
    found = ProjectMember.objects.visible_to(actor).filter(project=project)
    return found.select_related("person", "project")


def tokens_visible_to(actor: Actor) -> HouseQuerySet[ApiToken]:
    return ApiToken.objects.visible_to(actor).select_related("account")


def workload_identities_visible_to(actor: Actor) -> HouseQuerySet[WorkloadIdentity]:
    """Those in use, with their account; what was removed is told by the trail."""
    return WorkloadIdentity.objects.visible_to(actor).trusted().select_related("account")


@dataclass(frozen=True, kw_only=True)
class HeldPermission:
    """An object permission that an account or a team was given by name."""

    uid: UUID
    target_kind: str
    target_id: UUID
    permission: str
    holder_kind: str
    holder_id: UUID
    holder_name: str


def domain_permissions(actor: Actor, domain_id: UUID) -> list[HeldPermission]:
    """Raises: NotFound."""
    domain = Domain.objects.visible_to(actor).one(domain_id)
    return permissions_on(domain, domain_resource(domain), actor)


def permissions_on(target: BaseModel, resource: Resource, actor: Actor) -> list[HeldPermission]:
    """Who was given what on the target: for those who may give, and those who may see people there.

    Raises: NotFound for everybody else: who works with a thing is nobody's business besides.
    """
    places = {held.organization_id for held in standing_of(actor).roles if held.role in SEES_PEOPLE}
    may_give = may(actor=actor, operation=Operation.GIVE_PERMISSION, resource=resource)
    if not (actor.is_system or may_give or resource.organization_id in places):
        raise not_found(resource.kind)
    return given_by_name(target)


def given_by_name(target: BaseModel) -> list[HeldPermission]:
    """The same unasked: for reads that have already asked whether the actor may know."""
    by_account: Any = get_user_obj_perms_model(target)
    found = [
        _held(target, "account", row.user, row.user.username, row.permission)
        for row in by_account.objects.filter(content_object=target).select_related("user", "permission")
    ]
    by_team: Any = get_group_obj_perms_model(target)
    given = list(by_team.objects.filter(content_object=target).select_related("permission"))
    teams = {team.group_id: team for team in Team.objects.filter(group__in=[row.group_id for row in given])}
    return found + [
        _held(target, "team", teams[row.group_id], teams[row.group_id].name, row.permission) for row in given
    ]


def _held(
    target: BaseModel, kind: str, holder: Account | Team, name: str, permission: Model
) -> HeldPermission:
    word = str(getattr(permission, "codename", "")).partition("_")[0]
    return HeldPermission(
        uid=uuid5(target.uid, f"{word} {holder.uid}"),
        target_kind=str(target._meta.model_name),
        target_id=target.uid,
        permission=word,
        holder_kind=kind,
        holder_id=holder.uid,
        holder_name=name,
    )


@dataclass(frozen=True, kw_only=True)
class HeldRoleShown:
    role: str
    organization: UUID
    domain: UUID | None


@dataclass(frozen=True, kw_only=True)
class Self:
    """Who the actor is and what they hold now."""

    account: Account
    roles: tuple[HeldRoleShown, ...]
    scopes: tuple[str, ...] | None


def self_of(actor: Actor, *, at: datetime) -> Self:
    """Raises: NotFound for the machine, which is nobody."""
    account = (
        Account.objects.select_related("person", "organization").filter(pk=actor.account_id or 0).first()
    )
    if account is None:
        raise not_found("account")
    roles: tuple[HeldRoleShown, ...] = ()
    if actor.kind is ActorKind.PERSON:
        held = RoleAssignment.objects.held_at(at).filter(person=actor.person_id)
        roles = tuple(
            HeldRoleShown(
                role=row.role,
                organization=row.organization.uid,
                domain=row.domain.uid if row.domain else None,
            )
            for row in held.select_related("organization", "domain").order_by("pk")
        )
    scopes = None if actor.scopes is None else tuple(sorted(actor.scopes))
    return Self(account=account, roles=roles, scopes=scopes)


def trail_visible_to(actor: Actor, *, person_id: UUID | None = None) -> QuerySet[AuditEvent]:
    """The trail of one's organization, perhaps of one person's acts only; with the actors' uids.

    Raises: NotPermitted.
    """
    organization_id = actor.organization_id or 0
    resource = Resource(kind="trail", organization_id=organization_id)
    authorize(actor=actor, operation=Operation.READ_TRAIL, resource=resource)
    found = events_of(frozenset({organization_id}))
    if person_id is not None:
        found = found.filter(actor_person_id__in=Person.objects.filter(uid=person_id).values("pk"))
    return found.annotate(
        actor_person=Subquery(Person.objects.filter(pk=OuterRef("actor_person_id")).values("uid")),
        actor_account=Subquery(Account.objects.filter(pk=OuterRef("actor_account_id")).values("uid")),
    )


def with_actors(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """With the name of the person who acted, and the user name of the account."""
    return events.annotate(
        actor_name=Subquery(Person.objects.filter(pk=OuterRef("actor_person_id")).values("name")),
        actor_username=Subquery(Account.objects.filter(pk=OuterRef("actor_account_id")).values("username")),
    )


def acted_by(events: QuerySet[AuditEvent], words: str) -> QuerySet[AuditEvent]:
    """Those by people with these words in their name, or by accounts in their user name."""
    if not words:
        return events
    people = Person.objects.filter(name__icontains=words).values("pk")
    accounts = Account.objects.filter(username__icontains=words).values("pk")
    return events.filter(Q(actor_person_id__in=people) | Q(actor_account_id__in=accounts))


__all__ = [
    "AccountKind",
    "Audience",
    "ConflictKind",
    "DelegationNow",
    "ObjectPermission",
    "PersonStatus",
    "Relation",
    "actor_of",
    "colleagues_deciding_with",
    "conflicts_now",
    "delegations_now",
    "gives",
    "live_token",
    "members_now",
    "role_gives",
    "role_holders",
    "roles_held",
]
