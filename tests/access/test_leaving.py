"""Somebody leaves with open requests and a grant; whoever comes back with their e-mail has neither."""

from __future__ import annotations

import pytest

from apps.access import tasks
from apps.access.commands import create_request, return_request
from apps.access.models import Grant, Request
from apps.access.queries import why_not_effective
from apps.access.tasks import (
    reevaluate_requests_of_person,
    suspend_grants_of_person,
    withdraw_requests_of_person,
)
from apps.accounts.commands import off_board_person, register_person
from apps.accounts.events import PersonDeparted
from apps.accounts.models import Account, Person, Relation
from apps.accounts.queries import actor_of
from apps.audit.models import AuditEvent
from apps.catalog.queries import assets_visible_to
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.events import subscribers_of
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, asked, draft, fresh, granted, seen

pytestmark = pytest.mark.django_db


def test_a_new_account_with_the_same_e_mail_has_neither_grants_nor_drafts(world: AccessWorld) -> None:
    scientist, grant = world["scientist"], granted(world)
    asked(scientist, draft(world.personal, world.purposes["pay"]))
    person = world.players["scientist"].person
    Person.objects.filter(pk=person.pk).update(email="leaver@example.org")
    assert Grant.objects.visible_to(scientist).exists() and Request.objects.visible_to(scientist).exists()
    off_board_person(actor=SYSTEM, person_id=person.uid, reason="Left the company.")
    again = register_person(
        actor=SYSTEM,
        organization_id=world.organization.uid,
        name=person.name,
        username="again",
        email="leaver@example.org",
        relation=Relation.EMPLOYEE,
    )
    actor = actor_of(Account.objects.get(person=again))
    assert not Grant.objects.visible_to(actor).exists()
    assert not Request.objects.visible_to(actor).exists()
    assert world.personal.asset.uid in assets_visible_to(actor).values_list("uid", flat=True)
    grant.refresh_from_db()
    assert why_not_effective(grant, at=database_now())


def test_what_a_leaver_asked_is_withdrawn_and_what_they_held_is_suspended(world: AccessWorld) -> None:
    kept = granted(world)
    sent = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    returned = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    return_request(actor=world["owner"], reason="Name the columns.", **seen(returned))
    unsent = create_request(actor=world["scientist"], draft=draft(world.harmless, world.purposes["rock"]))
    others = asked(world["colleague"], draft(world.personal, world.purposes["pay"]))
    person = world.players["scientist"].person
    off_board_person(actor=SYSTEM, person_id=person.uid, reason="Left the company.")
    for _again in range(2):
        for subscriber in (withdraw_requests_of_person, suspend_grants_of_person):
            assert subscriber in subscribers_of(PersonDeparted.name).values()
            subscriber(person.uid)
    asked_by_leaver = Request.objects.filter(pk__in=[sent.pk, returned.pk, unsent.pk])
    assert set(asked_by_leaver.values_list("state", flat=True)) == {"withdrawn"}
    assert not asked_by_leaver.filter(closed_at=None).exists()
    assert fresh(others).state == "in_review"
    kept.refresh_from_db()
    assert kept.state == "suspended"
    told = AuditEvent.objects.filter(name="access.request.withdrawn", subject_uid=sent.uid).get()
    assert told.actor_person_id is None


def test_whose_relation_changes_is_asked_about_anew_wherever_they_have_a_part(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for themselves, for a program of theirs, and for a project that they belong to."""
    colleague = world.players["colleague"]
    project = people.project(world, world.players["scientist"].person, colleague.account)
    theirs = [
        asked(world["colleague"], draft(world.personal, world.purposes["pay"])),
        asked(world["scientist"], draft(world.personal, world.purposes["pay"], project_id=project.uid)),
    ]
    asked(world["owner"], draft(world.personal, world.purposes["pay"]))
    anew: list[str] = []
    monkeypatch.setattr(tasks.reevaluate, "delay", anew.append)
    reevaluate_requests_of_person(colleague.person.uid)
    assert sorted(anew) == sorted(str(request.uid) for request in theirs)
