"""Who is told that nobody can answer for a program: those who can hand it over, and who leads that person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.accounts.models import Account
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.notifications.notices.people import accounts_of, holders_of
from apps.notifications.notices.registry import Telling, subject_of, tells


@tells("accounts.account.unanswered")
def program_unanswered(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    account = Account.objects.select_related("person").get(uid=subject_of(event))
    yield Telling(
        code="program_unanswered",
        to=_keepers(account, at=at),
        about=account.uid,
        who=account.person.uid,
        facts={"ends": event.data["stops_at"]},
    )


@tells("accounts.account.suspended")
def program_suspended(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    account = Account.objects.select_related("person").get(uid=subject_of(event))
    to = _keepers(account, at=at)
    yield Telling(code="program_suspended", to=to, about=account.uid, who=account.person.uid)


def _keepers(account: Account, *, at: datetime) -> list[Account]:
    """A manager without a role in the portal may not see the program; administrators may, always."""
    told = {each.pk: each for each in holders_of([Role.ADMINISTRATOR], account.organization_id, at=at)}
    told |= {each.pk: each for each in accounts_of([account.person.manager_id, account.person_id])}
    return list(told.values())
