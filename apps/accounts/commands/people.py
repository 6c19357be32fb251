"""People, their accounts, and the service accounts they answer for."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.errors import OWN_STANDING, USERNAME_CHARACTER, USERNAME_TAKEN
from apps.accounts.events import AccountAdded, PersonChanged, PersonRegistered
from apps.accounts.models import Account, AccountKind, Organization, Person, PersonStatus, Relation
from apps.accounts.models.person import normal_username
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, rule_broken


class Kept(Enum):
    """What is not given stays as it is; None, where it is given, means that there is none any more."""

    KEPT = "kept"


KEPT = Kept.KEPT
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that nobody sees; a name with one looks like another name."""


@command(lock=Organization)
def register_person(
    *,
    actor: Actor,
    organization_id: UUID,
    name: str,
    username: str,
    relation: Relation,
    email: str = "",
    contract_ends_on: date | None = None,
    cleared_rank: int | None = None,
    password: str | None = None,
    at: datetime,
) -> Person:
    """Add a human being and the account they sign in with; without a password, by single sign-on only.

    Raises: NotFound, NotPermitted, InvalidInput, Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=_within(organization))
    person = Person.objects.create(
        organization=organization,
        name=present(name),
        email=email,
        relation=relation,
        contract_ends_on=contract_ends_on,
        cleared_rank=cleared_rank,
        created_at=at,
    )
    account = _open_account(person, username, AccountKind.PERSON, at=at)
    account.set_password(password)
    account.save(update_fields=["password"])
    event = PersonRegistered(
        person_id=person.uid,
        account_id=account.uid,
        relation=person.relation,
        person_name=person.name,
        username=account.username,
    )
    record(event, actor=actor, at=at)
    return person


@command(lock=Person)
def change_person(
    *,
    actor: Actor,
    person_id: UUID,
    status: PersonStatus | None = None,
    relation: Relation | None = None,
    contract_ends_on: date | Kept | None = KEPT,
    cleared_rank: int | Kept | None = KEPT,
    seen_version: int | None = None,
    at: datetime,
) -> Person:
    """Change what is given. A person who is not active can do nothing from the next question on.

    A contract's end and a clearance are taken away by giving None.

    Raises: NotFound, NotPermitted, RuleBroken (oneself), StaleVersion.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=_of(person))
    if not actor.is_system and person.pk == actor.person_id:
        raise rule_broken(OWN_STANDING, field="person_id")
    person.expect_version(seen_version)
    given = {
        "status": status or KEPT,
        "relation": relation or KEPT,
        "contract_ends_on": contract_ends_on,
        "cleared_rank": cleared_rank,
    }
    changed = {field: value for field, value in given.items() if value is not KEPT}
    for field, value in changed.items():
        setattr(person, field, value)
    person.write(*changed)
    event = PersonChanged(person_id=person.uid, changed=tuple(sorted(changed)), status=person.status)
    record(event, actor=actor, at=at)
    return person


@command(lock=Person)
def add_account(*, actor: Actor, person_id: UUID, username: str, at: datetime) -> Account:
    """Give a person another account to sign in with.  Raises: NotFound, NotPermitted, Conflict."""
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=_of(person))
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
    return _added(person, username, AccountKind.SERVICE, description, actor=actor, at=at)


def _added(
    person: Person, username: str, kind: AccountKind, description: str, *, actor: Actor, at: datetime
) -> Account:
    account = _open_account(person, username, kind, description=description, at=at)
    event = AccountAdded(
        account_id=account.uid, person_id=person.uid, kind=account.kind, username=account.username
    )
    record(event, actor=actor, at=at)
    return account


def _open_account(
    person: Person, username: str, kind: AccountKind, *, description: str = "", at: datetime
) -> Account:
    normal = present(normal_username(username))
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


def _within(organization: Organization) -> Resource:
    return Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)


def _of(person: Person) -> Resource:
    return Resource(kind="person", uid=person.uid, organization_id=person.organization_id)
