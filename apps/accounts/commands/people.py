"""People: who they are, how they stand to the organization, and how they leave it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.accounts import open_account
from apps.accounts.commands.organizations import check_length, present
from apps.accounts.commands.standing import (
    STANDING,
    check_another_administrator,
    check_here,
    check_not_oneself,
    close_accounts,
    depart,
)
from apps.accounts.errors import (
    COUNTRY_UNKNOWN,
    DAY_TO_COME,
    MANAGER_CYCLE,
    OFF_BOARD_INSTEAD,
    PERSON_DEPARTED,
    PERSON_OUTSIDE_ORGANIZATION,
    WHY_MISSING,
)
from apps.accounts.events import PersonChanged, PersonRegistered
from apps.accounts.models import Account, AccountKind, Organization, Person, PersonStatus, Relation
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.characters import is_blank
from apps.kernel.contributions import Impact, Question, expect_seen, impact_of
from apps.kernel.errors import invalid, invalid_state, rule_broken


class Kept(Enum):
    """What is not given stays as it is; None, where it is given, means that there is none any more."""

    KEPT = "kept"


KEPT = Kept.KEPT
LONGEST_CHAIN = 100
LONGEST_REASON = 2000
LONGEST_REF = 20
A_DAY = timedelta(days=1)
"""Somewhere it is tomorrow already."""
LEAVING = Question(name="accounts.off_board_person", about="person")
"""What would stop with somebody who leaves."""


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
    manager_id: UUID | None = None,
    works_from: str = "",
    employer_ref: str = "",
    undertaking_on: date | None = None,
    trained_on: date | None = None,
    password: str | None = None,
    at: datetime,
) -> Person:
    """Add a human being and the account they sign in with; without a password, by single sign-on only.

    A password that another person chose has to be changed before the account can do anything.

    Raises: NotFound, NotPermitted, InvalidInput, Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=resource)
    _check_records(works_from, employer_ref, (undertaking_on, trained_on), at=at)
    person = Person.objects.create(
        organization=organization,
        name=present(name),
        email=email,
        relation=relation,
        contract_ends_on=contract_ends_on,
        cleared_rank=cleared_rank,
        manager=_manager(actor, organization, manager_id),
        works_from=works_from,
        employer_ref=employer_ref.strip(),
        undertaking_on=undertaking_on,
        trained_on=trained_on,
        created_at=at,
    )
    account = open_account(person, username, AccountKind.PERSON, at=at)
    account.set_password(password)
    account.must_change_password = password is not None and not actor.is_system
    account.save(update_fields=["password", "must_change_password"])
    event = PersonRegistered(
        person_id=person.uid,
        account_id=account.uid,
        relation=person.relation,
        person_name=person.name,
        username=account.username,
    )
    record(event, actor=actor, at=at)
    return person


@command(lock=Person, queue=STANDING)
def change_person(
    *,
    actor: Actor,
    person_id: UUID,
    status: PersonStatus | None = None,
    relation: Relation | None = None,
    contract_ends_on: date | Kept | None = KEPT,
    cleared_rank: int | Kept | None = KEPT,
    manager_id: UUID | Kept | None = KEPT,
    works_from: str | Kept = KEPT,
    employer_ref: str | Kept = KEPT,
    undertaking_on: date | Kept | None = KEPT,
    trained_on: date | Kept | None = KEPT,
    seen_version: int | None = None,
    at: datetime,
) -> Person:
    """Change what is given. A person who is not active can do nothing from the next question on.

    A contract's end, a clearance, a line manager and the days of undertaking and training are taken away by
    giving None. Whom the machine gives the status of the departed is off-boarded; a person sees first what
    that would end.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (oneself; a circle of managers; off-boarding),
    InvalidState (somebody who has left; the last administrator), StaleVersion.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=person_resource(person))
    check_not_oneself(actor, person)
    person.expect_version(seen_version)
    _check_not_departed(person)
    if status is PersonStatus.DEPARTED and not actor.is_system:
        raise rule_broken(OFF_BOARD_INSTEAD, field="status", name=person.name)
    stated = (undertaking_on, trained_on)
    _check_records(_given(works_from), _given(employer_ref), stated, at=at)
    given = {
        "status": status or KEPT,
        "relation": relation or KEPT,
        "contract_ends_on": contract_ends_on,
        "cleared_rank": cleared_rank,
        "manager": manager_id if manager_id is KEPT else _manager_of(actor, person, manager_id),
        "works_from": works_from,
        "employer_ref": employer_ref if isinstance(employer_ref, Kept) else employer_ref.strip(),
        "undertaking_on": undertaking_on,
        "trained_on": trained_on,
    }
    changed = {field: value for field, value in given.items() if value is not KEPT}
    if status is PersonStatus.DEPARTED:
        del changed["status"]
    if changed:
        _write(person, changed, actor=actor, at=at)
    if status is PersonStatus.DEPARTED:
        check_another_administrator(actor, person, at=at)
        depart(person, reason="", actor=actor, at=at)
    return person


@command(lock=Person, queue=STANDING)
def off_board_person(
    *, actor: Actor, person_id: UUID, reason: str, seen_impact: str | None = None, at: datetime
) -> Person:
    """A person leaves the organization: sessions, tokens, roles, teams, projects, delegations and object
    permissions end at once, and do not come back.

    `seen_impact` is the digest of what that was shown to reach.
    Raises: NotFound, NotPermitted, RuleBroken (oneself), InvalidInput, InvalidState,
    PreconditionMissing, StaleVersion.
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=person_resource(person))
    check_not_oneself(actor, person)
    if is_blank(reason):
        raise invalid("reason", WHY_MISSING)
    check_length(reason, LONGEST_REASON, field="reason")
    _check_not_departed(person)
    check_another_administrator(actor, person, at=at)
    expect_seen(LEAVING, person.uid, seen_impact, actor=actor)
    depart(person, reason=reason, actor=actor, at=at)
    return person


def impact_of_leaving(*, actor: Actor, person_id: UUID) -> Impact:
    """What would stop with the person, for those who may off-board them.  Raises: NotFound, NotPermitted."""
    person = Person.objects.visible_to(actor).one(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=person_resource(person))
    return impact_of(LEAVING, person.uid)


def person_resource(person: Person) -> Resource:
    return Resource(kind="person", uid=person.uid, organization_id=person.organization_id)


def _write(person: Person, changed: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    if changed.get("status") == PersonStatus.SUSPENDED and person.status != PersonStatus.SUSPENDED:
        check_another_administrator(actor, person, at=at)
        close_accounts(list(Account.objects.filter(person=person)), at=at)
    for field, value in changed.items():
        setattr(person, field, value)
    person.write(*changed)
    event = PersonChanged(person_id=person.uid, changed=tuple(sorted(changed)), status=person.status)
    record(event, actor=actor, at=at)


def _given(value: str | Kept) -> str:
    return "" if isinstance(value, Kept) else value


def _check_records(
    works_from: str, employer_ref: str, days: tuple[date | Kept | None, ...], *, at: datetime
) -> None:
    """Raises: InvalidInput. Nobody undertakes or learns something in days to come."""
    if works_from and not re.fullmatch(r"[A-Z]{2}", works_from):
        raise invalid("works_from", COUNTRY_UNKNOWN, country=works_from)
    check_length(employer_ref.strip(), LONGEST_REF, field="employer_ref")
    for field, day in zip(("undertaking_on", "trained_on"), days, strict=True):
        if isinstance(day, date) and day > at.date() + A_DAY:
            raise invalid(field, DAY_TO_COME, day=day.isoformat())


def _check_not_departed(person: Person) -> None:
    if person.status == PersonStatus.DEPARTED:
        raise invalid_state(PERSON_DEPARTED, name=person.name)


def _manager(actor: Actor, organization: Organization, manager_id: UUID | None) -> Person | None:
    """Raises: NotFound, RuleBroken."""
    if manager_id is None:
        return None
    manager = Person.objects.visible_to(actor).one(manager_id)
    if manager.organization_id != organization.pk:
        raise rule_broken(PERSON_OUTSIDE_ORGANIZATION, field="manager_id", name=manager.name)
    check_here(manager, field="manager_id")
    return manager


def _manager_of(actor: Actor, person: Person, manager_id: UUID | None) -> Person | None:
    """The line manager to be.  Raises: RuleBroken where they report to the person, or are the person."""
    manager = _manager(actor, person.organization, manager_id)
    above, steps = manager, 0
    while above is not None and steps < LONGEST_CHAIN:
        if above.pk == person.pk:
            reporting = manager.name if manager else ""
            raise rule_broken(MANAGER_CYCLE, field="manager_id", manager=reporting, name=person.name)
        above, steps = above.manager, steps + 1
    return manager
