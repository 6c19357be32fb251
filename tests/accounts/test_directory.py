"""The directory: people are found by what is said of them, and holders are named with the way they hold."""

from __future__ import annotations

from datetime import date

import pytest

from apps.accounts.commands import change_person, end_role, give_domain_permission
from apps.accounts.models import Audience, Domain, PersonStatus, RoleAssignment
from apps.accounts.queries import directory, teams_of
from apps.accounts.roles import ASKED_BY_ROUTES, ObjectPermission, Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.factories import accounts
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def test_a_role_that_ended_finds_nobody(world: World) -> None:
    administrator = world[Role.ADMINISTRATOR].actor
    held = RoleAssignment.objects.get(role=Role.AUDITOR)
    before = database_now()
    assert list(directory.people_found(administrator, role=Role.AUDITOR, at=before)) == [held.person]
    end_role(actor=SYSTEM, role_assignment_id=held.uid)
    assert not directory.people_found(administrator, role=Role.AUDITOR, at=database_now()).exists()


def test_rows_name_the_accounts_and_roles_of_each_person_and_of_no_other(world: World) -> None:
    steward, owner = world[Role.STEWARD], world[Role.OWNER]
    robot = accounts.service_account(steward.person)
    people = [steward.person, owner.person]
    rows = directory.rows_of(world[Role.ADMINISTRATOR].actor, people, at=database_now())
    assert [row.person for row in rows] == people
    assert rows[0].accounts == (steward.account, robot)
    assert (rows[0].usernames, rows[0].services) == ((steward.account.username,), 1)
    assert [[held.role for held in row.roles] for row in rows] == [[Role.STEWARD], [Role.OWNER]]


def test_holders_are_told_to_those_who_may_know_and_to_nobody_else(world: World) -> None:
    domain, team = world.domain, accounts.team(world.organization)
    give_domain_permission(
        actor=SYSTEM, domain_id=domain.uid, permission=ObjectPermission.EDIT, holder_id=team.uid
    )
    seen = directory.holders_of_domain(world[Role.ADMINISTRATOR].actor, domain, at=database_now())
    assert seen is not None
    assert [(held.holder_name, held.permission) for held in seen.given] == [(team.name, "edit")]
    assert directory.holders_of_domain(world[Role.SCIENTIST].actor, domain, at=database_now()) is None


def test_who_can_do_most_stands_first_and_the_inactive_hold_nothing(world: World) -> None:
    change_person(actor=SYSTEM, person_id=world[Role.AUDITOR].person.uid, status=PersonStatus.SUSPENDED)
    found = directory.reaching(world.domain, at=database_now())
    roles = [held.role for held in found if held.by is directory.HeldBy.ROLE]
    assert roles[:2] == [Role.OWNER, Role.STEWARD]
    assert set(roles[2:]) == {Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.DPO} | ASKED_BY_ROUTES


def test_an_audience_of_teams_is_named_team_by_team(world: World) -> None:
    team = accounts.team(world.organization)
    domain: Domain = accounts.domain(
        world.organization, Audience.TEAMS, audience_team_ids=[team.uid], name="Quiet"
    )
    found = directory.reaching(domain, at=database_now())
    assert [held.holder_id for held in found if held.by is directory.HeldBy.AUDIENCE] == [team.uid]


def test_teams_of_a_person_are_those_of_any_of_their_accounts_once(world: World) -> None:
    scientist = world[Role.SCIENTIST]
    robot = accounts.service_account(scientist.person)
    team = accounts.team(world.organization, scientist.account, robot)
    accounts.team(world.organization, world[Role.OWNER].account)
    assert list(teams_of(scientist.person, world[Role.ADMINISTRATOR].actor)) == [team]


def test_what_is_not_given_is_kept_and_none_takes_away() -> None:
    person = accounts.person(accounts.organization(), contract_ends_on=date(2031, 1, 31), cleared_rank=2)
    kept = change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.SUSPENDED)
    assert (kept.contract_ends_on, kept.cleared_rank) == (date(2031, 1, 31), 2)
    gone = change_person(actor=SYSTEM, person_id=person.uid, contract_ends_on=None, cleared_rank=None)
    assert (gone.status, gone.contract_ends_on, gone.cleared_rank) == ("suspended", None, None)
