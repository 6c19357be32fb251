"""The ledger of grants tells no names for longer than needed; what was decided and the trail stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access.commands import pseudonymize_grants, revoke_grant
from apps.access.models import Grant, Pseudonymized
from apps.access.queries.ledger import names_stay_after, people_to_pseudonymize
from apps.accounts.commands import change_person, pseudonymize_person
from apps.accounts.models import Account, Person, PersonStatus
from apps.audit.models import AuditEvent, AuditPersonal
from apps.audit.tree import leaf_bytes, leaf_hash, root_of
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, granted

YEARS = timedelta(days=6 * 366)


def test_six_years_are_counted_by_the_calendar() -> None:
    assert names_stay_after(datetime(2026, 11, 27, 12, tzinfo=UTC)) == datetime(2020, 11, 27, 12, tzinfo=UTC)
    assert names_stay_after(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2022, 2, 28, tzinfo=UTC)


def left(world: AccessWorld) -> Person:
    """Somebody who had access, which was revoked, and who left."""
    grant = granted(world)
    revoke_grant(actor=SYSTEM, grant_id=grant.uid, comment="The work is done.")
    person = world.players["scientist"].person
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.DEPARTED)
    return person


def due(at: datetime) -> list[Person]:
    return list(people_to_pseudonymize(at))


@pytest.mark.django_db
def test_names_go_six_years_after_the_last_access_and_nothing_else_does(world: AccessWorld) -> None:
    person, now = left(world), database_now()
    grant = Grant.objects.get(person=person)
    events = AuditEvent.objects.order_by("pk")
    before = root_of([leaf_hash(leaf_bytes(event)) for event in events])
    seen = events.last()
    later = now + YEARS
    assert due(now) == [] and due(later - timedelta(days=10)) == []
    with refused(RuleBroken, "LEDGER_TELLS_NAMES"):
        pseudonymize_grants(actor=SYSTEM, person_id=person.uid)
    with pytest.raises(NotPermitted):
        pseudonymize_grants(actor=world["administrator"], person_id=person.uid, at=later)
    assert due(later) == [person]
    texts = AuditPersonal.objects.filter(event__subject_uid__in=[person.uid, grant.uid])
    assert texts.exists()
    closed = pseudonymize_grants(actor=SYSTEM, person_id=person.uid, at=later)
    assert due(later) == []
    assert closed.texts_dropped > 0 and not texts.exists()
    told = Grant.objects.select_related("person", "revision__request__requester").get(pk=grant.pk)
    code = f"P-{person.uid.hex[-12:]}"
    assert (told.person.name, told.person.email, told.revision.request.requester.name) == (code, "", code)
    account = Account.objects.get(person=person, kind="person")
    assert account.username.startswith(code.lower()) and not account.has_usable_password()
    assert (told.revision.pk, told.decision.pk, told.not_after) == (
        grant.revision_id,
        grant.decision_id,
        grant.not_after,
    )
    assert seen is not None
    kept = [event for event in events.all() if event.pk <= seen.pk]
    assert root_of([leaf_hash(leaf_bytes(event)) for event in kept]) == before


@pytest.mark.django_db
def test_whoever_is_here_keeps_their_name_however_old_their_access_is(world: AccessWorld) -> None:
    grant = granted(world)
    revoke_grant(actor=SYSTEM, grant_id=grant.uid, comment="The work is done.")
    assert due(database_now() + YEARS) == []
    with refused(InvalidState, "PERSON_STILL_HERE"):
        pseudonymize_person(actor=SYSTEM, person_id=world.players["scientist"].person.uid)


@pytest.mark.django_db
def test_the_database_drops_no_text_about_somebody_who_has_a_name(world: AccessWorld) -> None:
    person = left(world)
    with (
        pytest.raises(IntegrityError, match="as long as their name"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT access_drop_texts(%s)", [person.pk])
    with pytest.raises(IntegrityError, match="six years"), transaction.atomic():
        Pseudonymized.objects.create(person=person, created_at=database_now())
    revoked = AuditPersonal.objects.get(event__name="access.grant.revoked")
    assert revoked.value == "The work is done."
