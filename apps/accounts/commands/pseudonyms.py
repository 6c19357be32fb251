"""Who left long ago is known by a code: nothing of theirs names them any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.commands.people import person_resource
from apps.accounts.errors import PERSON_STILL_HERE
from apps.accounts.events import PersonPseudonymized
from apps.accounts.models import Account, Person, PersonStatus
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state

DIGITS = 12


def pseudonym_of(person: Person) -> str:
    """Of chance alone, as the id is: it tells nothing of the person, and is the same wherever they stand."""
    return f"P-{person.uid.hex[-DIGITS:]}"


@command(lock=Person)
def pseudonymize_person(*, actor: Actor, person_id: UUID, at: datetime) -> Person:
    """Put a code in the place of the name of somebody who has left, and forget what else is known of them.

    Their accounts are called alike. Doing it twice does nothing.

    Raises: NotFound, NotPermitted, InvalidState (somebody who has not left).
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=person_resource(person))
    if person.status != PersonStatus.DEPARTED:
        raise invalid_state(PERSON_STILL_HERE)
    code = pseudonym_of(person)
    if person.name == code:
        return person
    person.name, person.email, person.works_from, person.employer_ref = code, "", "", ""
    person.contract_ends_on = person.cleared_rank = person.undertaking_on = person.trained_on = None
    person.manager = None
    person.write(
        *("name", "email", "works_from", "employer_ref", "contract_ends_on", "cleared_rank"),
        *("undertaking_on", "trained_on", "manager"),
    )
    for number, account in enumerate(Account.objects.filter(person=person).order_by("pk"), start=1):
        account.username, account.email, account.description = f"{code.lower()}-{number}", "", ""
        account.set_unusable_password()
        account.write("username", "email", "description", "password")
    record(PersonPseudonymized(person_id=person.uid), actor=actor, at=at)
    return person
