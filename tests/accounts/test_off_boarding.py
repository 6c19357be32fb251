"""Somebody leaves: everything they hold ends at once, through whatever door, and nobody inherits it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts import commands
from apps.accounts.errors import (
    LAST_ADMINISTRATOR,
    OWN_STANDING,
    PERSON_DEPARTED,
    PERSON_NOT_ACTIVE,
    WHY_MISSING,
)
from apps.accounts.models import (
    Account,
    ApiToken,
    DomainUserPermission,
    Person,
    PersonStatus,
    Relation,
    RoleAssignment,
)
from apps.accounts.queries import delegations_now, members_now, self_of
from apps.accounts.roles import ObjectPermission, Role
from apps.audit.models import AuditEvent
from apps.catalog.commands import give_asset_permission
from apps.catalog.models import AssetUserPermission
from apps.catalog.queries import assets_visible_to
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotPermitted, RuleBroken
from tests.factories import accounts, catalog
from tests.factories.accounts import Player, World
from tests.factories.impacts import LEAVING, looked_at

pytestmark = pytest.mark.django_db
Door = Callable[[World, Player], Any]


def off_board(world: World, leaver: Player) -> Any:
    admin = world[Role.ADMINISTRATOR].actor
    leaver_id = leaver.person.uid
    seen = looked_at(LEAVING, leaver_id)
    return commands.off_board_person(
        actor=admin, person_id=leaver_id, reason="Left the company.", seen_impact=seen
    )


def change_status(world: World, leaver: Player) -> Any:
    """As a directory does."""
    status = PersonStatus.DEPARTED
    return commands.change_person(actor=SYSTEM, person_id=leaver.person.uid, status=status)


doors = pytest.mark.parametrize("leave", [off_board, change_status])


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def leaver(world: World) -> Player:
    """An officer with everything that one can hold."""
    who = accounts.player(
        world.organization,
        Role.COMPLIANCE_OFFICER,
        username="leaver",
        email="leaver@example.org",
        name="The leaver",
    )
    accounts.team(world.organization, who.account)
    accounts.service_account(who.person)
    commands.give_domain_permission(
        actor=SYSTEM, domain_id=world.domain.uid, permission=ObjectPermission.OWN, holder_id=who.account.uid
    )
    give_asset_permission(
        actor=SYSTEM,
        asset_id=catalog.asset(world.domain).uid,
        permission=ObjectPermission.STEWARD,
        holder_id=who.account.uid,
    )
    accounts.delegation(who, world[Role.COMPLIANCE_OFFICER])
    accounts.project(world, who.person)
    return who


@doors
def test_everything_the_person_held_ends(world: World, leaver: Player, leave: Door) -> None:
    leave(world, leaver)
    now = database_now()
    assert Person.objects.get(pk=leaver.person.pk).status == PersonStatus.DEPARTED
    mine = Account.objects.filter(person=leaver.person)
    assert not mine.filter(is_active=True).exists() and mine.count() == 2
    assert not mine.filter(groups__isnull=False).exists()
    assert not ApiToken.objects.filter(account__in=mine, revoked_at__isnull=True).exists()
    assert not RoleAssignment.objects.filter(person=leaver.person).held_at(now).exists()
    assert not DomainUserPermission.objects.filter(user__in=mine).exists()
    assert not AssetUserPermission.objects.filter(user__in=mine).exists()
    assert delegations_now(at=now, person_ids=[leaver.person.pk]) == []
    assert not any(members for members in members_now(project_ids=_projects(leaver), at=now).values())


@doors
def test_one_event_tells_of_all_that_ended(world: World, leaver: Player, leave: Door) -> None:
    leave(world, leaver)
    told = AuditEvent.objects.get(name="accounts.person.departed")
    assert told.subject_uid == leaver.person.uid
    ended = {name: len(value) for name, value in told.data.items() if isinstance(value, list)}
    assert ended == {
        "account_ids": 1,
        "service_account_ids": 1,
        "token_ids": 1,
        "role_assignment_ids": 1,
        "team_ids": 1,
        "project_ids": 1,
        "delegation_ids": 1,
    }
    assert told.data["permissions_ended"] == 2


@doors
def test_open_sessions_and_tokens_are_dead(world: World, leaver: Player, leave: Door, client: Client) -> None:
    client.force_login(leaver.account)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {leaver.token}"}
    assert client.get("/api/v1/me").status_code == Client().get("/api/v1/me", **bearer).status_code == 200
    leave(world, leaver)
    assert client.get("/api/v1/me").status_code == Client().get("/api/v1/me", **bearer).status_code == 401


def test_a_session_does_not_come_back_with_the_account(world: World, client: Client) -> None:
    someone, admin = accounts.player(world.organization), world[Role.ADMINISTRATOR].actor
    client.force_login(someone.account)
    assert client.get("/api/v1/me").status_code == 200
    for status in (PersonStatus.SUSPENDED, PersonStatus.ACTIVE):
        commands.change_person(actor=admin, person_id=someone.person.uid, status=status)
    assert client.get("/api/v1/me").status_code == 401
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {someone.token}"}
    assert Client().get("/api/v1/me", **bearer).status_code == 401
    client.force_login(Account.objects.get(pk=someone.account.pk))
    assert client.get("/api/v1/me").status_code == 200


def test_a_new_account_with_the_same_e_mail_inherits_nothing(world: World, leaver: Player) -> None:
    off_board(world, leaver)
    again = commands.register_person(
        actor=world[Role.ADMINISTRATOR].actor,
        organization_id=world.organization.uid,
        name="The leaver",
        username="leaver.again",
        email="leaver@example.org",
        relation=Relation.EMPLOYEE,
    )
    account = Account.objects.get(person=again)
    actor = accounts.actor_of(account)
    assert self_of(actor, at=database_now()).roles == ()
    assert not account.groups.exists()
    assert not ApiToken.objects.visible_to(actor).exists()
    assert not account.has_perm("accounts.own_domain", world.domain)
    assert list(assets_visible_to(actor)) == []


def test_who_has_left_is_given_nothing_any_more(world: World, leaver: Player) -> None:
    off_board(world, leaver)
    admin, uid = world[Role.ADMINISTRATOR].actor, leaver.person.uid
    for attempt in (
        lambda: commands.add_account(actor=admin, person_id=uid, username="again"),
        lambda: commands.create_service_account(
            actor=admin, person_id=uid, username="again", description="x"
        ),
        lambda: commands.enable_account(actor=admin, account_id=leaver.account.uid),
        lambda: commands.assign_role(
            actor=admin, person_id=uid, role=Role.STEWARD, organization_id=world.organization.uid
        ),
    ):
        with pytest.raises(RuleBroken) as refusal:
            attempt()
        assert refusal.value.code == PERSON_DEPARTED
    with pytest.raises(InvalidState) as late:
        commands.change_person(actor=admin, person_id=uid, status=PersonStatus.ACTIVE)
    assert late.value.code == PERSON_DEPARTED


def test_the_database_lets_nobody_come_back(world: World, leaver: Player) -> None:
    off_board(world, leaver)
    with pytest.raises(IntegrityError, match="stays departed"), transaction.atomic():
        Person.objects.filter(pk=leaver.person.pk).update(status=PersonStatus.ACTIVE)
    with pytest.raises(IntegrityError, match="not active"), transaction.atomic():
        Account.objects.filter(pk=leaver.account.pk).update(is_active=True)


def test_off_boarding_wants_an_administrator_a_reason_and_somebody_else(world: World, leaver: Player) -> None:
    admin = world[Role.ADMINISTRATOR]
    with pytest.raises(NotPermitted):
        commands.off_board_person(
            actor=world[Role.COMPLIANCE_OFFICER].actor, person_id=leaver.person.uid, reason="Gone."
        )
    with pytest.raises(InvalidInput) as silent:
        commands.off_board_person(actor=admin.actor, person_id=leaver.person.uid, reason=" ")
    with pytest.raises(RuleBroken) as oneself:
        commands.off_board_person(actor=admin.actor, person_id=admin.person.uid, reason="Gone.")
    assert (silent.value.code, oneself.value.code) == (WHY_MISSING, OWN_STANDING)
    off_board(world, leaver)
    with pytest.raises(InvalidState):
        off_board(world, leaver)


def test_the_last_administrator_stays(world: World) -> None:
    admin = world[Role.ADMINISTRATOR]
    held = RoleAssignment.objects.get(person=admin.person)
    with pytest.raises(InvalidState) as refusal:
        commands.end_role(actor=admin.actor, role_assignment_id=held.uid)
    assert refusal.value.code == LAST_ADMINISTRATOR
    other = accounts.player(world.organization, Role.ADMINISTRATOR)
    commands.disable_account(actor=admin.actor, account_id=other.account.uid)
    with pytest.raises(InvalidState):
        commands.end_role(actor=admin.actor, role_assignment_id=held.uid)
    commands.enable_account(actor=admin.actor, account_id=other.account.uid)
    commands.end_role(actor=admin.actor, role_assignment_id=held.uid)


def test_of_two_administrators_one_cannot_put_the_other_and_themselves_out(world: World) -> None:
    admin, other = world[Role.ADMINISTRATOR], accounts.player(world.organization, Role.ADMINISTRATOR)
    off_board(world, other)
    held = RoleAssignment.objects.get(person=admin.person)
    with pytest.raises(InvalidState) as refusal:
        commands.end_role(actor=admin.actor, role_assignment_id=held.uid)
    assert refusal.value.code == LAST_ADMINISTRATOR


def test_one_account_of_a_person_is_disabled_and_the_other_goes_on(world: World, client: Client) -> None:
    someone, admin = accounts.player(world.organization), world[Role.ADMINISTRATOR].actor
    second = commands.add_account(actor=admin, person_id=someone.person.uid, username="second")
    client.force_login(second)
    commands.disable_account(actor=admin, account_id=someone.account.uid)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {someone.token}"}
    assert Client().get("/api/v1/me", **bearer).status_code == 401
    assert client.get("/api/v1/me").status_code == 200
    commands.enable_account(actor=admin, account_id=someone.account.uid)
    assert Client().get("/api/v1/me", **bearer).status_code == 401


def test_a_program_of_a_leaver_goes_on_when_somebody_else_answers_for_it(
    world: World, leaver: Player
) -> None:
    program = Account.objects.get(person=leaver.person, kind="service")
    off_board(world, leaver)
    admin, heir = world[Role.ADMINISTRATOR].actor, accounts.player(world.organization)
    handed = commands.hand_over_service_account(
        actor=admin, account_id=program.uid, person_id=heir.person.uid
    )
    assert handed.is_active and handed.person == heir.person
    with pytest.raises(InvalidState):
        commands.hand_over_service_account(
            actor=admin, account_id=heir.account.uid, person_id=heir.person.uid
        )
    commands.change_person(actor=admin, person_id=heir.person.uid, status=PersonStatus.SUSPENDED)
    with pytest.raises(RuleBroken) as refusal:
        commands.hand_over_service_account(actor=admin, account_id=program.uid, person_id=heir.person.uid)
    assert refusal.value.code == PERSON_NOT_ACTIVE


def test_what_was_to_begin_later_never_begins(world: World, leaver: Player) -> None:
    tomorrow = database_now() + timedelta(days=1)
    later = commands.assign_role(
        actor=SYSTEM,
        person_id=leaver.person.uid,
        role=Role.STEWARD,
        organization_id=world.organization.uid,
        starts_at=tomorrow,
    )
    off_board(world, leaver)
    held = RoleAssignment.objects.get(pk=later.pk)
    assert not RoleAssignment.objects.filter(pk=held.pk).held_at(tomorrow).exists()


def _projects(leaver: Player) -> list[int]:
    return [row.project_id for row in accounts.ProjectMember.objects.filter(person=leaver.person)]
