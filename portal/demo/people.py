"""The demo organization: one account for every role, named after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.accounts import commands
from apps.accounts.models import Account, Audience, Domain, Organization, Person, Relation
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now

CODE = "DEMO"
RESTRICTED_RANK = 3
INTERNAL_RANK = 1
LEARNED_DAYS_AGO = 45
"""When everybody undertook confidentiality and was trained."""

PEOPLE: dict[str, tuple[Role, str, int]] = {
    "scientist": (Role.SCIENTIST, "Scientist", RESTRICTED_RANK),
    "scientist2": (Role.SCIENTIST, "Second scientist", INTERNAL_RANK),
    "steward": (Role.STEWARD, "Data steward", RESTRICTED_RANK),
    "owner": (Role.OWNER, "Data owner", RESTRICTED_RANK),
    "officer": (Role.COMPLIANCE_OFFICER, "Compliance officer", RESTRICTED_RANK),
    "officer2": (Role.COMPLIANCE_OFFICER, "Second compliance officer", RESTRICTED_RANK),
    "dpo": (Role.DPO, "Data protection officer", RESTRICTED_RANK),
    "auditor": (Role.AUDITOR, "Auditor", INTERNAL_RANK),
    "admin": (Role.ADMINISTRATOR, "Administrator", INTERNAL_RANK),
    "oncall": (Role.ON_CALL, "On-call engineer", INTERNAL_RANK),
    "modelrisk": (Role.MODEL_RISK, "Model risk reviewer", RESTRICTED_RANK),
    "ciso": (Role.CISO, "Security officer", RESTRICTED_RANK),
    "legal": (Role.LEGAL, "Legal counsel", RESTRICTED_RANK),
}
DOMAINS = {
    "Subsurface": "Wells, cores and what is learned from them.",
    "People": "Who works here, and for how much.",
    "Clinic": "Research on the patients of the company clinic.",
    "Commerce": "Customers and what they buy.",
}


@dataclass(frozen=True, kw_only=True)
class Company:
    organization: Organization
    domains: dict[str, Domain]
    actors: dict[str, Actor]

    def __getitem__(self, username: str) -> Actor:
        return self.actors[username]


def found_company(password: str) -> Company:
    """The organization, its domains and its people, all with one password."""
    organization: Organization = commands.create_organization(
        actor=SYSTEM,
        name="Demo Energy",
        code=CODE,
        country="DE",
        time_zone="Europe/Berlin",
        address="Beispielweg 1, 10115 Berlin",
        contact="privacy@example.org",
    )
    lately = database_now().date() - timedelta(days=LEARNED_DAYS_AGO)
    for username, (role, name, cleared_rank) in PEOPLE.items():
        person = commands.register_person(
            actor=SYSTEM,
            organization_id=organization.uid,
            name=name,
            username=username,
            relation=Relation.EMPLOYEE,
            email=f"{username}@example.org",
            cleared_rank=cleared_rank,
            works_from="DE",
            undertaking_on=lately,
            trained_on=lately,
            password=password,
        )
        commands.assign_role(actor=SYSTEM, person_id=person.uid, role=role, organization_id=organization.uid)
    accounts = Account.objects.filter(username__in=PEOPLE)
    now = database_now()
    actors = {account.username: actor_of(account, signed_in_at=now) for account in accounts}
    domains = {
        name: commands.create_domain(
            actor=actors["admin"],
            organization_id=organization.uid,
            name=name,
            description=description,
            audience=Audience.ORGANIZATION,
        )
        for name, description in DOMAINS.items()
    }
    company = Company(organization=organization, domains=domains, actors=actors)
    _tie(company, {account.username: account.person for account in accounts.select_related("person")})
    return company


def _tie(company: Company, people: dict[str, Person]) -> None:
    """Line managers, a project of both scientists, and an officer who is away for a week next month."""
    admin, now = company["admin"], database_now()
    for name in ("scientist", "scientist2"):
        commands.change_person(actor=admin, person_id=people[name].uid, manager_id=people["owner"].uid)
    project = commands.create_project(
        actor=admin,
        organization_id=company.organization.uid,
        name="Reservoir forecast",
        description="Predicts what wells deliver, from logs and cores.",
        lead_id=people["scientist"].uid,
        ends_at=now + timedelta(days=365),
    )
    commands.add_member(actor=company["scientist"], project_id=project.uid, username="scientist2")
    commands.create_delegation(
        actor=company["officer"],
        delegator_id=people["officer"].uid,
        delegate_id=people["officer2"].uid,
        roles=[Role.COMPLIANCE_OFFICER],
        starts_at=now + timedelta(days=30),
        ends_at=now + timedelta(days=37),
        reason="Annual leave.",
    )
