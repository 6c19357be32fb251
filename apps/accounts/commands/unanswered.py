"""Programs for which nobody can answer any more: told of, and after a term stopped until somebody does."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.standing import close_accounts
from apps.accounts.events import (
    ServiceAccountAnswered,
    ServiceAccountSuspended,
    ServiceAccountUnanswered,
)
from apps.accounts.models import Account, AccountKind, PersonStatus
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.clock import end_of_day

LAST_WARNING = timedelta(days=3)
NOTED = ("unanswered_since", "unanswered_told_at")


class Unanswered(StrEnum):
    """Why nobody can answer. Somebody who has left is none of these: their programs stop with them."""

    SUSPENDED = "suspended"
    CONTRACT_OVER = "contract_over"
    CANNOT_SIGN_IN = "cannot_sign_in"


@command(lock=Account)
def follow_unanswered(*, actor: Actor, account_id: UUID, at: datetime) -> Account:
    """Note since when nobody can answer for a program, tell of it, and stop it when the term is over.

    The term is the organization's. A program that is stopped is handed over, or let go on by somebody.
    Raises: NotFound, NotPermitted.
    """
    account = Account.objects.visible_to(actor).for_update(account_id)
    about = Resource(kind="service account", uid=account.uid, organization_id=account.organization_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=about)
    if account.kind != AccountKind.SERVICE or not account.is_active:
        return account
    why = why_unanswered(account, at=at)
    if why is not None:
        return _followed(account, why, actor=actor, at=at)
    if account.unanswered_since is not None:
        forget_unanswered(account)
        account.write(*NOTED)
        event = ServiceAccountAnswered(account_id=account.uid, person_id=account.person.uid)
        record(event, actor=actor, at=at)
    return account


def why_unanswered(account: Account, *, at: datetime) -> Unanswered | None:
    """None where the person behind it is there and can sign in."""
    person = account.person
    if person.status != PersonStatus.ACTIVE:
        return Unanswered.SUSPENDED
    zone = account.organization.time_zone
    if person.contract_ends_on is not None and end_of_day(person.contract_ends_on, zone) <= at:
        return Unanswered.CONTRACT_OVER
    own = Account.objects.filter(person=person, kind=AccountKind.PERSON, is_active=True)
    return None if own.exists() else Unanswered.CANNOT_SIGN_IN


def forget_unanswered(account: Account) -> None:
    """Somebody answers for it again. The caller writes the row."""
    account.unanswered_since = account.unanswered_told_at = None


def stops_at(account: Account) -> datetime | None:
    """When it stops unless somebody answers for it; None where somebody does."""
    if account.unanswered_since is None:
        return None
    return account.unanswered_since + timedelta(days=account.organization.unanswered_days)


def _followed(account: Account, why: Unanswered, *, actor: Actor, at: datetime) -> Account:
    if account.unanswered_since is None:
        account.unanswered_since = at
    ends = stops_at(account) or at
    if at >= ends:
        return _suspended(account, why, actor=actor, at=at)
    told = account.unanswered_told_at
    if told is None or told < ends - LAST_WARNING <= at:
        account.unanswered_told_at = at
        account.write(*NOTED)
        event = ServiceAccountUnanswered(
            account_id=account.uid, person_id=account.person.uid, unanswered_why=why.value, stops_at=ends
        )
        record(event, actor=actor, at=at)
    return account


def _suspended(account: Account, why: Unanswered, *, actor: Actor, at: datetime) -> Account:
    tokens = close_accounts([account], at=at)
    forget_unanswered(account)
    account.is_active, account.sessions_ended_at = False, at
    account.write(*NOTED, "is_active", "sessions_ended_at")
    event = ServiceAccountSuspended(
        account_id=account.uid, person_id=account.person.uid, unanswered_why=why.value, token_ids=tokens
    )
    record(event, actor=actor, at=at)
    return account
