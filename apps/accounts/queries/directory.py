"""Reads for those who look after people: who is listed with what, and who holds what on a thing and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from apps.accounts.authorization import Resource
from apps.accounts.commands.organizations import domain_resource
from apps.accounts.models import (
    Account,
    AccountKind,
    ApiToken,
    Audience,
    Domain,
    Person,
    PersonStatus,
    RoleAssignment,
    Team,
)
from apps.accounts.models.person import normal_username
from apps.accounts.queries import (
    HeldPermission,
    accounts_visible_to,
    given_by_name,
    people_visible_to,
    permissions_on,
    teams_visible_to,
)
from apps.accounts.roles import ROLE_GIVES, ObjectPermission, Role
from apps.kernel.actor import Actor
from apps.kernel.errors import NotFound
from apps.kernel.models import HouseQuerySet

GIVING_ROLES = tuple(role.value for role in Role if ROLE_GIVES[role])
ORDER = (ObjectPermission.OWN, ObjectPermission.STEWARD, ObjectPermission.VIEW)
"""Of what roles give, what lets most be done stands first."""
MOST_NAMES = 200


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person with their accounts and the roles held now."""

    person: Person
    accounts: tuple[Account, ...]
    roles: tuple[RoleAssignment, ...]

    @property
    def services(self) -> int:
        return sum(account.kind == AccountKind.SERVICE for account in self.accounts)

    @property
    def usernames(self) -> tuple[str, ...]:
        return tuple(account.username for account in self.accounts if account.kind == AccountKind.PERSON)


class HeldBy(StrEnum):
    """By which way an object permission is held."""

    DOMAIN = "domain"
    ROLE = "role"
    DOMAIN_ROLE = "domain_role"
    AUDIENCE = "audience"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Somebody holds `permissions`, words of object permissions, and this is why.

    `holder_kind` is account, team, person or everybody; `role` is named where a role is the way.
    """

    permissions: tuple[str, ...]
    by: HeldBy
    holder_kind: str
    holder_id: UUID | None
    holder_name: str
    role: str = ""
    ends_at: datetime | None = None


def people_found(
    actor: Actor, *, q: str = "", status: str = "", role: str = "", at: datetime
) -> HouseQuerySet[Person]:
    """People whose name, or the name of one of whose accounts, holds the words; who hold the role now."""
    found = people_visible_to(actor)
    if q:
        by_username = accounts_visible_to(actor).filter(username__icontains=normal_username(q))
        found = found.filter(Q(name__icontains=q) | Q(pk__in=by_username.values("person")))
    if status:
        found = found.filter(status=status)
    if role:
        held = RoleAssignment.objects.visible_to(actor).held_at(at).filter(role=role)
        found = found.filter(pk__in=held.values("person"))
    return found


def rows_of(actor: Actor, people: Sequence[Person], *, at: datetime) -> list[PersonRow]:
    """Two statements, however many people."""
    accounts: dict[int, list[Account]] = defaultdict(list)
    for account in accounts_visible_to(actor).filter(person__in=people).order_by("pk"):
        accounts[account.person_id].append(account)
    roles: dict[int, list[RoleAssignment]] = defaultdict(list)
    held = RoleAssignment.objects.visible_to(actor).held_at(at).filter(person__in=people)
    for assignment in held.select_related("domain").order_by("pk"):
        roles[assignment.person_id].append(assignment)
    return [
        PersonRow(person=person, accounts=tuple(accounts[person.pk]), roles=tuple(roles[person.pk]))
        for person in people
    ]


def live_tokens(actor: Actor, accounts: Iterable[Account], *, at: datetime) -> HouseQuerySet[ApiToken]:
    """Tokens of these accounts that work now and were made by somebody; what platforms stand for is brief."""
    tokens = ApiToken.objects.visible_to(actor).filter(identity__isnull=True).select_related("account")
    return tokens.filter(account__in=list(accounts), revoked_at__isnull=True, expires_at__gt=at)


def account_named(actor: Actor, username: str) -> Account | None:
    """The account that signs in with this name, however it is spelled."""
    return accounts_visible_to(actor).filter(username=normal_username(username)).first()


def team_named(actor: Actor, name: str) -> Team | None:
    return teams_visible_to(actor).filter(name__iexact=name.strip()).first()


def names_of_accounts(actor: Actor) -> list[str]:
    """To be offered while one types; not all of a large organization."""
    found = accounts_visible_to(actor).filter(is_active=True, person__status=PersonStatus.ACTIVE)
    return list(found.order_by("username").values_list("username", flat=True)[:MOST_NAMES])


def names_of_teams(actor: Actor) -> list[str]:
    return list(teams_visible_to(actor).order_by("name").values_list("name", flat=True)[:MOST_NAMES])


@dataclass(frozen=True, kw_only=True)
class Holders:
    """`given` by name on the thing itself; `besides`, who reaches it by another way."""

    given: list[HeldPermission]
    besides: list[Holding]


def holders_of_domain(actor: Actor, domain: Domain, *, at: datetime) -> Holders | None:
    """Nothing for those who may see the domain, but not who works with it."""
    try:
        given = permissions_on(domain, domain_resource(domain), actor)
    except NotFound:
        return None
    return Holders(given=given, besides=[*_by_role(domain, at=at), *_by_audience(domain)])


def reaching(domain: Domain, *, at: datetime) -> list[Holding]:
    """Who reaches every asset of the domain, and why. The reader has asked whether the actor may know."""
    given = [
        Holding(
            permissions=(held.permission,),
            by=HeldBy.DOMAIN,
            holder_kind=held.holder_kind,
            holder_id=held.holder_id,
            holder_name=held.holder_name,
        )
        for held in given_by_name(domain)
    ]
    return [*given, *_by_role(domain, at=at), *_by_audience(domain)]


def organization_resource(actor: Actor) -> Resource:
    """The actor's own organization, as far as permission goes."""
    return Resource(kind="organization", organization_id=actor.organization_id or 0)


def person_resource(person: Person) -> Resource:
    return Resource(kind="person", uid=person.uid, organization_id=person.organization_id)


def resource_of_domain(domain: Domain) -> Resource:
    return domain_resource(domain)


def team_resource(team: Team) -> Resource:
    return Resource(kind="team", uid=team.uid, organization_id=team.organization_id)


def own_account(person: Person) -> Account | None:
    """The account a person signs in with; the first, where there are several."""
    return Account.objects.filter(person=person, kind=AccountKind.PERSON).order_by("pk").first()


def person_named(actor: Actor, username: str) -> Person | None:
    """Whoever signs in with this name, however it is spelled."""
    account = account_named(actor, username)
    return account.person if account is not None and account.kind == AccountKind.PERSON else None


def username_of(person: Person | None) -> str:
    account = own_account(person) if person is not None else None
    return account.username if account is not None else ""


def _by_role(domain: Domain, *, at: datetime) -> list[Holding]:
    held = RoleAssignment.objects.held_at(at).filter(
        Q(domain__isnull=True) | Q(domain=domain),
        organization=domain.organization_id,
        role__in=GIVING_ROLES,
        person__status=PersonStatus.ACTIVE,
    )
    rows = held.select_related("person").order_by("role", "person__name", "pk")[:MOST_NAMES]
    strongest = sorted(rows, key=lambda row: ORDER.index(max(ROLE_GIVES[Role(row.role)])))
    return [
        Holding(
            permissions=tuple(permission.word for permission in sorted(ROLE_GIVES[Role(row.role)])),
            by=HeldBy.ROLE if row.domain_id is None else HeldBy.DOMAIN_ROLE,
            holder_kind="person",
            holder_id=row.person.uid,
            holder_name=row.person.name,
            role=row.role,
            ends_at=row.ends_at,
        )
        for row in strongest
    ]


def _by_audience(domain: Domain) -> list[Holding]:
    sees = (ObjectPermission.VIEW.word,)
    if domain.audience == Audience.ORGANIZATION:
        return [
            Holding(
                permissions=sees, by=HeldBy.AUDIENCE, holder_kind="everybody", holder_id=None, holder_name=""
            )
        ]
    return [
        Holding(
            permissions=sees,
            by=HeldBy.AUDIENCE,
            holder_kind="team",
            holder_id=team.uid,
            holder_name=team.name,
        )
        for team in domain.audience_teams.order_by("name")
    ]
