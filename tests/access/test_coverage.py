"""Where fewer than two people could decide, now and in the days that can be foreseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.access.queries import Gap, coverage_of
from apps.access.queries.coverage import FORESEEN, Mend
from apps.access.queries.presence import LeavingReason
from apps.accounts.commands import assign_role, change_person, end_role
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import NotPermitted
from tests.factories import accounts
from tests.factories.access import AccessWorld, about_people, thing

pytestmark = pytest.mark.django_db
OFFICER, OWNER = "compliance_officer", "data_owner"


def gaps(world: AccessWorld, role: str) -> list[Gap]:
    return [gap for gap in coverage_of(world["auditor"], at=timezone.now()).gaps if gap.role == role]


def end(world: AccessWorld, *names: str, role: Role) -> None:
    for name in names:
        held = RoleAssignment.objects.get(person=world.players[name].person, role=role)
        end_role(actor=SYSTEM, role_assignment_id=held.uid)


def test_who_has_three_of_each_has_no_gap(world: AccessWorld) -> None:
    found = coverage_of(world["officer"], at=timezone.now())
    assert (found.combinations, found.lacking) == (3, 0)
    assert found.gaps == () and found.until - found.at == FORESEEN


def test_one_officer_is_too_few_where_the_data_are_about_people(world: AccessWorld) -> None:
    end(world, "second_officer", "owner_and_officer", role=Role.COMPLIANCE_OFFICER)
    found = {gap.class_code: gap for gap in gaps(world, OFFICER)}
    assert set(found) == {"confidential", "restricted"}
    gap = found["confidential"]
    assert (gap.categories, gap.assets, gap.now, gap.least, gap.missing) == (("Income",), 1, 1, 1, 1)
    assert gap.remaining == (world.players["officer"].person.name,) and gap.mend is Mend.ADD_PEOPLE
    assert gaps(world, OWNER) == []  # the control


def test_whoever_leaves_soon_is_foreseen_and_who_leaves_later_is_not(world: AccessWorld) -> None:
    end(world, "owner_and_officer", role=Role.COMPLIANCE_OFFICER)
    leaves = world.players["second_officer"].person
    day = timezone.now().date()
    change_person(actor=SYSTEM, person_id=leaves.uid, contract_ends_on=day + timedelta(days=40))
    assert gaps(world, OFFICER) == []
    change_person(actor=SYSTEM, person_id=leaves.uid, contract_ends_on=day + timedelta(days=10))
    for gap in gaps(world, OFFICER):
        assert (gap.now, gap.least, gap.mend) == (2, 1, Mend.REPLACE_LEAVING)
        assert gap.short_from.date() == day + timedelta(days=10)
        assert [(each.name, each.reason) for each in gap.leaving] == [(leaves.name, LeavingReason.CONTRACT)]


def test_whoever_is_away_does_not_count_and_their_stand_in_counts_once(world: AccessWorld) -> None:
    end(world, "owner_and_officer", role=Role.COMPLIANCE_OFFICER)
    assert gaps(world, OFFICER) == []
    accounts.delegation(world.players["officer"], world.players["second_officer"])
    assert {(gap.now, gap.least) for gap in gaps(world, OFFICER)} == {(1, 1)}


def test_an_owner_of_one_domain_helps_there_alone(world: AccessWorld) -> None:
    elsewhere = accounts.domain(world.organization)
    thing(elsewhere, world["steward"], about_people("name"))
    end(world, "second_owner", "owner_and_officer", role=Role.OWNER)
    assert {gap.domain_id for gap in gaps(world, OWNER)} == {world.domain.uid, elsewhere.uid}
    helper = accounts.player(world.organization)
    assign_role(
        actor=SYSTEM,
        person_id=helper.person.uid,
        role=Role.OWNER,
        organization_id=world.organization.uid,
        domain_id=elsewhere.uid,
    )
    assert {gap.domain_id for gap in gaps(world, OWNER)} == {world.domain.uid}


def test_it_is_read_by_those_who_watch_in_as_many_statements_for_many_assets(world: AccessWorld) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            coverage_of(world["administrator"], at=timezone.now())
        return len(queries)

    asked()  # what is read once in a process is read by now
    few = asked()
    for _ in range(4):
        thing(accounts.domain(world.organization), world["steward"], about_people("name"))
        accounts.player(world.organization, Role.OWNER)
    assert asked() == few <= 12
    with pytest.raises(NotPermitted):
        coverage_of(world["scientist"], at=timezone.now())
