"""What ends with a person, and what has been left behind by those who have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.accounts.models import (
    Account,
    ApiToken,
    Delegation,
    Person,
    PersonStatus,
    Project,
    ProjectMember,
    RoleAssignment,
    Team,
)
from apps.accounts.queries import (
    accounts_visible_to,
    projects_visible_to,
    service_accounts_visible_to,
)
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet

MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How much of what a person holds ends with them."""

    accounts: int
    services: int
    tokens: int
    roles: int
    teams: int
    projects: int
    delegations: int


def held_by(actor: Actor, person: Person, *, at: datetime) -> Ending:
    """For those who may see the person's accounts."""
    accounts = list(accounts_visible_to(actor).filter(person=person))
    services = sum(account.kind == "service" for account in accounts)
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    return Ending(
        accounts=len(accounts) - services,
        services=services,
        tokens=ApiToken.objects.filter(
            account__in=accounts, revoked_at__isnull=True, expires_at__gt=at
        ).count(),
        roles=RoleAssignment.objects.filter(running, person=person).count(),
        teams=Team.objects.filter(
            group__in=Account.objects.filter(person=person, groups__isnull=False).values("groups")
        ).count(),
        projects=ProjectMember.objects.filter(running, person=person, project__ends_at__gt=at).count(),
        delegations=Delegation.objects.not_over(at).filter(Q(delegator=person) | Q(delegate=person)).count(),
    )


def unanswered(actor: Actor) -> HouseQuerySet[Account]:
    """Programs for which nobody answers any more."""
    found = service_accounts_visible_to(actor).filter(person__status=PersonStatus.DEPARTED)
    return found.order_by("username")[:MOST_SHOWN]


def projects_without_lead(actor: Actor, *, at: datetime) -> HouseQuerySet[Project]:
    """Running projects whose lead has left."""
    found = projects_visible_to(actor).running(at).filter(lead__status=PersonStatus.DEPARTED)
    return found.order_by("name")[:MOST_SHOWN]
