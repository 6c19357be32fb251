"""Somebody leaves with an open request and a grant; whoever comes back with their e-mail has neither."""

from __future__ import annotations

import pytest

from apps.access.models import Grant, Request
from apps.access.queries import why_not_effective
from apps.accounts.commands import off_board_person, register_person
from apps.accounts.models import Account, Person, Relation
from apps.accounts.queries import actor_of
from apps.catalog.queries import assets_visible_to
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.factories.access import AccessWorld, asked, draft, granted

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
