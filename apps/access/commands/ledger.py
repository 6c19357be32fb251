"""The ledger of grants is kept for accountability, and tells no names for longer than that takes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.access.errors import LEDGER_TELLS_NAMES
from apps.access.events import LedgerPseudonymized
from apps.access.models import Grant, Pseudonymized
from apps.access.queries.ledger import LEDGER_YEARS, people_to_pseudonymize
from apps.accounts.authorization import authorize
from apps.accounts.commands import pseudonymize_person
from apps.accounts.commands.people import person_resource
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import rule_broken


@command(lock=Person)
def pseudonymize_grants(*, actor: Actor, person_id: UUID, at: datetime) -> Pseudonymized:
    """Have the grants, requests and keys of somebody who left long ago name a code instead of the person.

    What was decided stays as it is, and so does the trail: what it keeps apart about them in words is
    dropped, and its entries go on proving what they proved.

    Raises: NotFound, NotPermitted, RuleBroken (they have not left, or had access within six years).
    """
    person = Person.objects.visible_to(actor).for_update(person_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=person_resource(person))
    if not people_to_pseudonymize(at).filter(pk=person.pk).exists():
        raise rule_broken(LEDGER_TELLS_NAMES, articles=("GDPR Art. 5(2)",), years=LEDGER_YEARS)
    pseudonymize_person(actor=actor, person_id=person.uid, at=at)
    closed = Pseudonymized.objects.create(person=person, created_at=at)
    closed.texts_dropped = _drop_texts(person.pk)
    closed.write("texts_dropped")
    event = LedgerPseudonymized(
        person_id=person.uid,
        grants=Grant.objects.filter(person=person).count(),
        texts_dropped=closed.texts_dropped,
    )
    record(event, actor=actor, at=at)
    return closed


def _drop_texts(person: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_drop_texts(%s)", [person])
        (dropped,) = cursor.fetchone()
    number: int = dropped
    return number
