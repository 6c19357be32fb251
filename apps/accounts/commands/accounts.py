"""Accounts: what a person signs in with, and the programs they answer for."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.commands.standing import (
    STANDING,
    check_active,
    check_another_administrator,
    check_here,
    check_not_oneself,
    close_accounts,
    permissions_ended,
    teams_left,
)
from apps.accounts.commands.unanswered import NOTED, forget_unanswered
from apps.accounts.commands.workloads import workloads_ended
from apps.accounts.errors import (
    ACCOUNT_DISABLED_ALREADY,
    ACCOUNT_ENABLED_ALREADY,
    HANDED_TO_ONESELF,
    NOT_A_SERVICE_ACCOUNT,
    PERSON_OUTSIDE_ORGANIZATION,
    USERNAME_CHARACTER,
    USERNAME_TAKEN,
)
from apps.accounts.events import AccountAdded, AccountDisabled, AccountEnabled, ServiceAccountHandedOver
from apps.accounts.models import Account, AccountKind, Person
from apps.accounts.models.person import normal_username
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that nobody sees; a name with one looks like another name."""
LONGEST_USERNAME = 150


@command(lock=Person)
def add_account(*, actor: Actor, person_id: UUID, username: str, at: datetime) -> Account:
    """Give a person another account to sign in with.  Raises: NotFound, NotPermitted, Conflict."""
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=_of(person))
    check_here(person, field="person_id")
    return _added(person, username, AccountKind.PERSON, "", actor=actor, at=at)


@command(lock=Person)
def create_service_account(
    *, actor: Actor, person_id: UUID, username: str, description: str, at: datetime
) -> Account:
    """Make an account for a program; `person_id` is the human who answers for it.

    Raises: NotFound, NotPermitted, Conflict.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_SERVICE_ACCOUNT, resource=_of(person))
    check_here(person, field="person_id")
    return _added(person, username, AccountKind.SERVICE, description, actor=actor, at=at)


@command(lock=Account, queue=STANDING)
def disable_account(*, actor: Actor, account_id: UUID, at: datetime) -> Account:
    """Stop one account, with its sessions and tokens; other accounts of the person go on.

    Raises: NotFound, NotPermitted, RuleBroken (one's own), InvalidState (the last administrator's only one).
    """
    account = _managed(actor, account_id)
    if not account.is_active:
        raise invalid_state(ACCOUNT_DISABLED_ALREADY)
    if account.kind == AccountKind.PERSON:
        check_not_oneself(actor, account.person)
        check_another_administrator(actor, account.person, but=account, at=at)
    tokens = close_accounts([account], at=at)
    account.sessions_ended_at = at
    account.is_active = False
    forget_unanswered(account)
    account.write("is_active", "sessions_ended_at", *NOTED)
    event = AccountDisabled(account_id=account.uid, person_id=account.person.uid, token_ids=tokens)
    record(event, actor=actor, at=at)
    return account


@command(lock=Account)
def enable_account(*, actor: Actor, account_id: UUID, at: datetime) -> Account:
    """Let an account be used again. Sessions and tokens of before stay ended.

    Raises: NotFound, NotPermitted, RuleBroken (one's own; of somebody who has left), InvalidState.
    """
    account = _managed(actor, account_id)
    if account.kind == AccountKind.PERSON:
        check_not_oneself(actor, account.person)
    check_here(account.person, field="account_id")
    if account.is_active:
        raise invalid_state(ACCOUNT_ENABLED_ALREADY)
    account.is_active = True
    account.write("is_active")
    record(AccountEnabled(account_id=account.uid, person_id=account.person.uid), actor=actor, at=at)
    return account


@command(lock=Account)
def hand_over_service_account(*, actor: Actor, account_id: UUID, person_id: UUID, at: datetime) -> Account:
    """Another person answers for a program from now on; tokens made before are revoked, and its workload
    identities, teams and object permissions end. Its grants were decided for who answered before, and open
    nothing any more.

    Raises: NotFound, NotPermitted, RuleBroken, InvalidState (a person's own account).
    """
    account = _managed(actor, account_id)
    if account.kind != AccountKind.SERVICE:
        raise invalid_state(NOT_A_SERVICE_ACCOUNT)
    person = Person.objects.visible_to(actor).for_update(person_id)
    if person.organization_id != account.organization_id:
        raise rule_broken(PERSON_OUTSIDE_ORGANIZATION, field="person_id", name=person.name)
    if not actor.is_system and person.pk == actor.person_id:
        raise rule_broken(HANDED_TO_ONESELF, field="person_id")
    check_active(person, field="person_id")
    # First what signs in, which waits for whoever is signing in now; then what that was given.
    identities = workloads_ended([account], at=at)
    close_accounts([account], at=at)
    before, account.person = account.person, person
    account.sessions_ended_at, account.is_active = at, True
    forget_unanswered(account)
    account.write("person", "is_active", "sessions_ended_at", *NOTED)
    event = ServiceAccountHandedOver(
        account_id=account.uid,
        from_person_id=before.uid,
        to_person_id=person.uid,
        team_ids=teams_left([account]),
        permissions_ended=permissions_ended([account]),
        identity_ids=identities,
    )
    record(event, actor=actor, at=at)
    return account


def _managed(actor: Actor, account_id: UUID) -> Account:
    """The account, for those who manage accounts of its kind.  Raises: NotFound, NotPermitted."""
    account = Account.objects.visible_to(actor).for_update(account_id)
    is_service = account.kind == AccountKind.SERVICE
    operation = Operation.MANAGE_SERVICE_ACCOUNT if is_service else Operation.MANAGE_PERSON
    authorize(actor=actor, operation=operation, resource=_of(account.person))
    return account


def _added(
    person: Person, username: str, kind: AccountKind, description: str, *, actor: Actor, at: datetime
) -> Account:
    account = open_account(person, username, kind, description=description, at=at)
    event = AccountAdded(
        account_id=account.uid, person_id=person.uid, kind=account.kind, username=account.username
    )
    record(event, actor=actor, at=at)
    return account


def open_account(
    person: Person, username: str, kind: AccountKind, *, description: str = "", at: datetime
) -> Account:
    normal = present(normal_username(username), longest=LONGEST_USERNAME)
    if any(unicodedata.category(character) in UNSEEN for character in normal):
        raise invalid("username", USERNAME_CHARACTER)
    if Account.objects.filter(username=normal).exists():
        raise conflict(USERNAME_TAKEN, username=normal)
    account = Account(
        username=normal,
        kind=kind,
        person=person,
        organization_id=person.organization_id,
        email=person.email if kind is AccountKind.PERSON else "",
        description=description,
        created_at=at,
    )
    account.set_unusable_password()
    account.save()
    return account


def _of(person: Person) -> Resource:
    return Resource(kind="person", uid=person.uid, organization_id=person.organization_id)
