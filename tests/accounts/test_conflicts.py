"""Conflicts of interest: declared by oneself or recorded by an officer, and ended by whoever may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts import commands
from apps.accounts.errors import (
    CONFLICT_ENDED_ALREADY,
    CONFLICT_KNOWN_ALREADY,
    CONFLICT_RECORDED_ABOUT_ONESELF,
    CONFLICT_WITH_ONESELF,
)
from apps.accounts.models import ConflictDeclaration, ConflictKind
from apps.accounts.queries import conflicts_now
from apps.accounts.queries.targets import names_of_targets
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.kernel.ids import new_uid
from tests.factories import accounts
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def declare(world: World, by: Role, about: Role = Role.OWNER, **given: object) -> ConflictDeclaration:
    made = {"kind": ConflictKind.PERSON, "target_id": world[Role.SCIENTIST].person.uid, **given}
    found: ConflictDeclaration = commands.declare_conflict(
        actor=world[by].actor, person_id=world[about].person.uid, **made
    )
    return found


def test_a_declaration_holds_in_its_time(world: World) -> None:
    now = database_now()
    begins, ends = now + timedelta(days=1), now + timedelta(days=2)
    declare(world, Role.OWNER, starts_at=begins, ends_at=ends)

    def held(days: int) -> list[tuple[str, object]]:
        found = conflicts_now(at=now + timedelta(days=days), person_ids=[world[Role.OWNER].person.pk])
        return [(row.kind, row.target_uid) for row in found]

    assert held(0) == held(2) == []
    assert held(1) == [("person", world[Role.SCIENTIST].person.uid)]


def test_one_ends_what_one_declared_oneself(world: World) -> None:
    made = declare(world, Role.OWNER)
    commands.end_conflict(actor=world[Role.OWNER].actor, conflict_declaration_id=made.uid)
    with pytest.raises(InvalidState) as refusal:
        commands.end_conflict(actor=world[Role.OWNER].actor, conflict_declaration_id=made.uid)
    assert refusal.value.code == CONFLICT_ENDED_ALREADY


@pytest.mark.parametrize("role", [Role.OWNER, Role.COMPLIANCE_OFFICER])
def test_nobody_ends_what_somebody_else_recorded_about_them(world: World, role: Role) -> None:
    other = accounts.player(world.organization, Role.COMPLIANCE_OFFICER)
    made = commands.declare_conflict(
        actor=other.actor,
        person_id=world[role].person.uid,
        kind=ConflictKind.DOMAIN,
        target_id=world.domain.uid,
    )
    with pytest.raises(RuleBroken) as refusal:
        commands.end_conflict(actor=world[role].actor, conflict_declaration_id=made.uid)
    assert refusal.value.code == CONFLICT_RECORDED_ABOUT_ONESELF
    commands.end_conflict(actor=other.actor, conflict_declaration_id=made.uid)


def test_an_officer_records_and_others_do_not(world: World) -> None:
    declare(world, Role.COMPLIANCE_OFFICER)
    with pytest.raises(NotPermitted):
        declare(world, Role.ADMINISTRATOR, Role.STEWARD)
    with pytest.raises(NotFound):
        declare(world, Role.SCIENTIST, Role.STEWARD)


def test_who_sees_a_declaration(world: World) -> None:
    made = declare(world, Role.OWNER)
    seeing = {role for role in Role if ConflictDeclaration.objects.visible_to(world[role].actor).exists()}
    assert seeing == {Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR}
    with pytest.raises(NotFound):
        commands.end_conflict(actor=world[Role.STEWARD].actor, conflict_declaration_id=made.uid)


@pytest.mark.parametrize("kind", list(ConflictKind))
def test_what_is_hidden_is_declared_as_what_does_not_exist_is(world: World, kind: ConflictKind) -> None:
    """Neither by the answer nor by what is shown of it afterwards."""
    scientist, elsewhere = world[Role.SCIENTIST].actor, accounts.organization()
    hidden = {
        ConflictKind.PERSON: world[Role.STEWARD].person,
        ConflictKind.TEAM: accounts.team(elsewhere),
        ConflictKind.PROJECT: accounts.project(world, world[Role.OWNER].person),
        ConflictKind.DOMAIN: accounts.domain(elsewhere),
        ConflictKind.ORGANIZATION: elsewhere,
    }
    uids = [hidden[kind].uid if kind in hidden else new_uid(), new_uid()]
    made = [declare(world, Role.SCIENTIST, Role.SCIENTIST, kind=kind, target_id=uid) for uid in uids]
    assert names_of_targets(scientist, made) == {}


def test_what_is_declared_is_about_somebody_else_and_new(world: World) -> None:
    with pytest.raises(RuleBroken) as oneself:
        declare(world, Role.OWNER, target_id=world[Role.OWNER].person.uid)
    declare(world, Role.OWNER)
    with pytest.raises(Conflict) as twice:
        declare(world, Role.COMPLIANCE_OFFICER)
    assert (oneself.value.code, twice.value.code) == (CONFLICT_WITH_ONESELF, CONFLICT_KNOWN_ALREADY)
