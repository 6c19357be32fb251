"""Projects: a lead who manages the members, members for a time, and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts import commands
from apps.accounts.errors import (
    ENDS_AFTER_PROJECT,
    LEAD_STAYS,
    MEMBER_ALREADY,
    MEMBERSHIP_ENDED,
    NAME_TAKEN,
    PROJECT_ENDED,
)
from apps.accounts.models import Project, ProjectMember
from apps.accounts.queries import members_now
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from tests.factories import accounts
from tests.factories.accounts import Player, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def project(world: World) -> Project:
    return accounts.project(world, world[Role.SCIENTIST].person, ends_at=database_now() + timedelta(days=10))


@pytest.fixture
def member(world: World) -> Player:
    return accounts.player(world.organization, Role.SCIENTIST)


def members(project: Project, days: float = 0) -> set[int]:
    found = members_now(project_ids=[project.pk], at=database_now() + timedelta(days=days))
    return {row.person_id for row in found[project.pk]}


def test_a_lead_adds_members_by_name_and_lets_them_go(world: World, project: Project, member: Player) -> None:
    lead = world[Role.SCIENTIST]
    assert members(project) == {lead.person.pk}
    joined = commands.add_member(
        actor=lead.actor, project_id=project.uid, username=member.account.username.upper()
    )
    assert members(project) == {lead.person.pk, member.person.pk}
    commands.end_membership(actor=lead.actor, project_member_id=joined.uid)
    assert members(project) == {lead.person.pk}
    with pytest.raises(InvalidState) as refusal:
        commands.end_membership(actor=lead.actor, project_member_id=joined.uid)
    assert refusal.value.code == MEMBERSHIP_ENDED


def test_members_belong_in_their_time_and_while_the_project_runs(
    world: World, project: Project, member: Player
) -> None:
    now, lead = database_now(), world[Role.SCIENTIST].person.pk
    accounts.join(project, member.account, starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=4))
    both = {lead, member.person.pk}
    assert [members(project, days) for days in (1, 3, 5, 11)] == [{lead}, both, {lead}, set()]
    commands.close_project(actor=world[Role.SCIENTIST].actor, project_id=project.uid)
    assert members(project) == set()


def test_a_member_steps_out_and_a_lead_does_not(world: World, project: Project, member: Player) -> None:
    joined = accounts.join(project, member.account)
    own = ProjectMember.objects.get(project=project, person=world[Role.SCIENTIST].person)
    with pytest.raises(RuleBroken) as refusal:
        commands.end_membership(actor=world[Role.SCIENTIST].actor, project_member_id=own.uid)
    assert refusal.value.code == LEAD_STAYS
    with pytest.raises(NotPermitted):
        commands.end_membership(actor=member.actor, project_member_id=own.uid)
    commands.end_membership(actor=member.actor, project_member_id=joined.uid)


def test_a_new_lead_becomes_a_member(world: World, project: Project, member: Player) -> None:
    admin = world[Role.ADMINISTRATOR].actor
    commands.change_project(actor=admin, project_id=project.uid, lead_id=member.person.uid)
    assert members(project) == {world[Role.SCIENTIST].person.pk, member.person.pk}


def test_who_manages_and_who_sees(world: World, project: Project, member: Player) -> None:
    with pytest.raises(NotPermitted):
        commands.change_project(actor=world[Role.OWNER].actor, project_id=project.uid, name="Mine")
    with pytest.raises(NotFound):
        commands.change_project(actor=member.actor, project_id=project.uid, name="Mine")
    accounts.join(project, member.account)
    with pytest.raises(NotPermitted):
        commands.add_member(actor=member.actor, project_id=project.uid, username="x")
    with pytest.raises(NotPermitted):
        commands.create_project(
            actor=member.actor,
            organization_id=world.organization.uid,
            name="Own",
            lead_id=member.person.uid,
            ends_at=database_now() + timedelta(days=1),
        )


def test_refusals(world: World, project: Project, member: Player) -> None:
    lead, now = world[Role.SCIENTIST].actor, database_now()
    accounts.join(project, member.account)
    with pytest.raises(Conflict) as twice:
        accounts.join(project, member.account)
    with pytest.raises(InvalidInput) as late:
        accounts.join(project, world[Role.OWNER].account, starts_at=now + timedelta(days=20))
    with pytest.raises(Conflict) as same_name:
        accounts.project(world, member.person, name=project.name.upper())
    with pytest.raises(NotFound):
        commands.add_member(actor=lead, project_id=project.uid, username="nobody")
    with pytest.raises(NotFound):
        abroad = accounts.player(accounts.organization())
        commands.add_member(actor=lead, project_id=project.uid, username=abroad.account.username)
    commands.close_project(actor=lead, project_id=project.uid)
    with pytest.raises(InvalidState) as closed:
        commands.change_project(actor=lead, project_id=project.uid, description="More")
    codes = [refusal.value.code for refusal in (twice, late, same_name, closed)]
    assert codes == [MEMBER_ALREADY, ENDS_AFTER_PROJECT, NAME_TAKEN, PROJECT_ENDED]
