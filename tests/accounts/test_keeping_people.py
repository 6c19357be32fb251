"""Line managers without circles, calendars that exist, and names that fit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from apps.accounts import commands
from apps.accounts.errors import CALENDAR_UNKNOWN, MANAGER_CYCLE, NAME_TAKEN, NAME_TOO_LONG
from apps.accounts.models import Person, Team
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidInput, NotPermitted, RuleBroken
from tests.factories import accounts
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def manage(world: World, person: Person, manager: Person | None) -> Person:
    found: Person = commands.change_person(
        actor=world[Role.ADMINISTRATOR].actor,
        person_id=person.uid,
        manager_id=manager.uid if manager else None,
    )
    return found


def test_reporting_lines_make_no_circle(world: World) -> None:
    top, middle = (accounts.person(world.organization) for _ in range(2))
    below = accounts.person(world.organization, manager_id=middle.uid)
    manage(world, middle, top)
    for manager in (top, middle, below):
        with pytest.raises(RuleBroken) as refusal:
            manage(world, top, manager)
        assert refusal.value.code == MANAGER_CYCLE
    manage(world, below, top)
    assert manage(world, middle, below).manager == below
    assert manage(world, middle, None).manager is None


def test_a_manager_is_of_the_same_organization(world: World) -> None:
    abroad = accounts.person(accounts.organization())
    with pytest.raises(RuleBroken):
        commands.change_person(actor=SYSTEM, person_id=world[Role.OWNER].person.uid, manager_id=abroad.uid)


@pytest.mark.parametrize("calendar", ["DE", "DE-BY", "NO", "US-TX", ""])
def test_a_calendar_that_exists_is_kept(world: World, calendar: str) -> None:
    changed = commands.change_organization(
        actor=world[Role.ADMINISTRATOR].actor, organization_id=world.organization.uid, calendar=calendar
    )
    assert changed.calendar == calendar


@pytest.mark.parametrize("calendar", ["XX", "DE-XX", "DE-", "de", "Germany", "DE-BY-X"])
def test_another_calendar_is_refused(world: World, calendar: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        commands.change_organization(
            actor=world[Role.ADMINISTRATOR].actor, organization_id=world.organization.uid, calendar=calendar
        )
    assert refusal.value.code == CALENDAR_UNKNOWN
    with pytest.raises(NotPermitted):
        commands.change_organization(
            actor=world[Role.OWNER].actor, organization_id=world.organization.uid, calendar="NO"
        )


def test_a_team_is_renamed_and_keeps_its_members(world: World) -> None:
    team = accounts.team(world.organization, world[Role.OWNER].account)
    other = accounts.team(world.organization)
    admin = world[Role.ADMINISTRATOR].actor
    with pytest.raises(Conflict) as taken:
        commands.rename_team(actor=admin, team_id=team.uid, name=other.name.upper())
    with pytest.raises(NotPermitted):
        commands.rename_team(actor=world[Role.OWNER].actor, team_id=team.uid, name="Mine")
    commands.rename_team(actor=admin, team_id=team.uid, name=" Renamed ")
    assert taken.value.code == NAME_TAKEN
    assert Team.objects.get(pk=team.pk).name == "Renamed"
    assert Group.objects.get(pk=team.group_id).name == f"{world.organization.code}/Renamed"
    assert world[Role.OWNER].account.groups.get() == team.group


def test_a_name_longer_than_its_column_is_refused(world: World) -> None:
    longest = accounts.team(world.organization, name="x" * 120)
    for attempt in (
        lambda: accounts.team(world.organization, name="y" * 121),
        lambda: commands.rename_team(actor=SYSTEM, team_id=longest.uid, name="y" * 121),
        lambda: accounts.person(world.organization, name="y" * 201),
        lambda: accounts.person(world.organization, username="y" * 151),
        lambda: commands.create_token(
            actor=SYSTEM,
            account_id=world[Role.OWNER].account.uid,
            name="y" * 121,
            scopes=["read"],
            expires_at=accounts.database_now() + accounts.timedelta(days=1),
        ),
    ):
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert refusal.value.code == NAME_TOO_LONG
