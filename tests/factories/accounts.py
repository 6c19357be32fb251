"""People to test with: an organization, a domain, and somebody for every role. Plain calls of commands."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from allauth.mfa.models import Authenticator
from django.utils import timezone

from apps.accounts import commands
from apps.accounts.models import (
    Account,
    Audience,
    Delegation,
    Domain,
    Organization,
    Person,
    Project,
    ProjectMember,
    Relation,
    Team,
    WorkloadIdentity,
)
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role, TokenScope
from apps.accounts.workloads.errors import CLAIM_DIFFERS
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.policy.reason import Reason

LATELY = timedelta(days=20)
"""Since then everybody has undertaken confidentiality and was trained."""
_numbers = itertools.count(1)
EVERY_SCOPE = tuple(scope.value for scope in TokenScope)


@dataclass(frozen=True, kw_only=True)
class Player:
    """A person with their account, the token of a program of theirs, and the actor of a sign-in."""

    person: Person
    account: Account
    token: str = field(repr=False)

    @property
    def actor(self) -> Actor:
        """Who has just proved who they are by a password. No statement, so that tests may count theirs."""
        return actor_of(self.account, signed_in_at=timezone.now())

    @property
    def proved(self) -> Actor:
        """Who has a second factor and has just used it."""
        now = database_now()
        has_one = Authenticator.Type.TOTP
        Authenticator.objects.get_or_create(user=self.account, type=has_one, defaults={"data": {}})
        return actor_of(self.account, signed_in_at=now, second_factor_at=now)


class HasOrganization(Protocol):
    @property
    def organization(self) -> Organization: ...


@dataclass(frozen=True, kw_only=True)
class World:
    organization: Organization
    domain: Domain
    players: dict[Role, Player]

    def __getitem__(self, role: Role) -> Player:
        return self.players[role]


def organization(**given: str) -> Organization:
    number = next(_numbers)
    made = {"name": f"Organization {number}", "code": f"ORG{number}", "country": "DE", "time_zone": "UTC"}
    made["contact"] = "office@example.org"
    return commands.create_organization(actor=SYSTEM, **{**made, **given})


def domain(organization: Organization, audience: Audience = Audience.ORGANIZATION, **given: object) -> Domain:
    made = {"name": f"Domain {next(_numbers)}", "audience": audience}
    return commands.create_domain(actor=SYSTEM, organization_id=organization.uid, **{**made, **given})


def person(organization: Organization, **given: object) -> Person:
    number = next(_numbers)
    lately = timezone.now().date() - LATELY
    made = {
        "name": f"Person {number}",
        "username": f"person-{number}",
        "relation": Relation.EMPLOYEE,
        "works_from": "DE",
        "undertaking_on": lately,
        "trained_on": lately,
    }
    return commands.register_person(actor=SYSTEM, organization_id=organization.uid, **{**made, **given})


def player(
    organization: Organization,
    *roles: Role,
    domain: Domain | None = None,
    scopes: tuple[str, ...] = EVERY_SCOPE,
    **given: object,
) -> Player:
    """A person who holds the roles in the organization, or in the domain only."""
    who = person(organization, **given)
    for role in roles:
        commands.assign_role(
            actor=SYSTEM,
            person_id=who.uid,
            role=role,
            organization_id=organization.uid,
            domain_id=domain.uid if domain else None,
        )
    account = Account.objects.get(person=who, kind="person")
    return Player(person=who, account=account, token=token(account, *scopes))


def service_account(answers: Person) -> Account:
    made: Account = commands.create_service_account(
        actor=SYSTEM, person_id=answers.uid, username=f"service-{next(_numbers)}", description="A program."
    )
    return made


def token(account: Account, *scopes: str, days: int = 30) -> str:
    made = commands.create_token(
        actor=SYSTEM,
        account_id=account.uid,
        name="test",
        scopes=scopes or EVERY_SCOPE,
        expires_at=database_now() + timedelta(days=days),
    )
    return str(made.secret)


def workload(account: Account, **given: object) -> WorkloadIdentity:
    """Registered by the machine, with the keys of nobody."""
    made = {
        "name": "Pipeline",
        "issuer": "https://ci.example.org",
        "subject": f"repo:example/{next(_numbers)}",
        "scopes": ["read"],
        **given,
    }
    found: WorkloadIdentity = commands.register_workload(actor=SYSTEM, account_id=account.uid, **made)
    return found


def refused_workload(account: Account) -> WorkloadIdentity:
    """Whose last token came from another branch."""
    made = workload(account, claims={"ref": "refs/heads/main"})
    facts = {"claim": "ref", "found": "refs/heads/other"}
    made.last_refusal = Reason(code=CLAIM_DIFFERS, facts=facts).as_json()
    made.last_refused_at = database_now()
    made.save(update_fields=["last_refusal", "last_refused_at"])
    return made


def team(organization: Organization, *members: Account, **given: object) -> Team:
    made = {"name": f"Team {next(_numbers)}", **given}
    found = commands.create_team(actor=SYSTEM, organization_id=organization.uid, **made)
    if members:
        commands.change_team_members(actor=SYSTEM, team_id=found.uid, add=[member.uid for member in members])
    return found


def delegation(delegator: Player, delegate: Player, **given: object) -> Delegation:
    """For the role of compliance officer, unless said otherwise, for ten days from now."""
    ends_at = database_now() + timedelta(days=10)
    made = {"actor": SYSTEM, "roles": [Role.COMPLIANCE_OFFICER], "ends_at": ends_at}
    found: Delegation = commands.create_delegation(
        delegator_id=delegator.person.uid,
        delegate_id=delegate.person.uid,
        **{**made, **given},
    )
    return found


def project(place: HasOrganization, lead: Person, *members: Account, **given: object) -> Project:
    made = {"name": f"Project {next(_numbers)}", "ends_at": database_now() + timedelta(days=100)}
    found: Project = commands.create_project(
        actor=SYSTEM, organization_id=place.organization.uid, lead_id=lead.uid, **{**made, **given}
    )
    for member in members:
        join(found, member)
    return found


def join(project: Project, member: Account, **given: object) -> ProjectMember:
    made: ProjectMember = commands.add_member(
        actor=SYSTEM, project_id=project.uid, username=member.username, **given
    )
    return made


def world(audience: Audience = Audience.ORGANIZATION) -> World:
    """One organization, one domain, and one player for every role, held in the whole organization."""
    place = organization()
    area = domain(place, audience)
    players = {role: player(place, role, name=f"The {role.value}") for role in Role}
    return World(organization=place, domain=area, players=players)
