"""What ends with a person, and what has been left behind by those who have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import (
    Account,
    AccountKind,
    ApiToken,
    Delegation,
    Person,
    PersonStatus,
    Project,
    ProjectMember,
    RoleAssignment,
    Team,
)
from apps.accounts.queries import projects_visible_to, service_accounts_visible_to
from apps.kernel.actor import Actor

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


def held_by(person: Person, *, at: datetime) -> Ending:
    """One statement. The reader has asked whether the actor may know."""
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    accounts = Account.objects.filter(person=person)
    groups = accounts.filter(groups__isnull=False).values("groups")
    parts: dict[str, QuerySet[Any]] = {
        "accounts": accounts.filter(kind=AccountKind.PERSON),
        "services": accounts.filter(kind=AccountKind.SERVICE),
        "tokens": ApiToken.objects.filter(account__person=person, revoked_at__isnull=True, expires_at__gt=at),
        "roles": RoleAssignment.objects.filter(running, person=person),
        "teams": Team.objects.filter(group__in=groups),
        "projects": ProjectMember.objects.filter(running, person=person, project__ends_at__gt=at),
        "delegations": Delegation.objects.not_over(at).filter(Q(delegator=person) | Q(delegate=person)),
    }
    counted = {f"of_{name}": _number(rows) for name, rows in parts.items()}
    found = Person.objects.filter(pk=person.pk).annotate(**counted).values(*counted).get()
    return Ending(**{name: found[f"of_{name}"] for name in parts})


def _number(rows: QuerySet[Any]) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(one.annotate(number=Count("pk")).values("number")), 0)


def unanswered(actor: Actor) -> QuerySet[Account]:
    """Programs for which nobody answers any more, or nobody can."""
    gone = Q(person__status=PersonStatus.DEPARTED) | Q(unanswered_since__isnull=False)
    found = service_accounts_visible_to(actor).filter(gone)
    return found.order_by("username")[:MOST_SHOWN]


def projects_without_lead(actor: Actor, *, at: datetime) -> QuerySet[Project]:
    """Running projects whose lead has left."""
    found = projects_visible_to(actor).running(at).filter(lead__status=PersonStatus.DEPARTED)
    return found.order_by("name")[:MOST_SHOWN]
