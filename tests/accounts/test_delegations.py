"""Standing in for somebody: for a time, without chains or circles, and only with the role oneself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts import commands
from apps.accounts.errors import (
    DELEGATE_WITHOUT_ROLE,
    DELEGATION_CHAIN,
    DELEGATION_CYCLE,
    DELEGATION_ENDED,
    DELEGATION_HELD_ALREADY,
    DELEGATION_TO_ONESELF,
    DELEGATOR_WITHOUT_ROLE,
    ENDS_BEFORE_START,
    PERSON_NOT_ACTIVE,
    ROLE_NOT_DELEGABLE,
    WHY_MISSING,
)
from apps.accounts.models import Delegation, PersonStatus
from apps.accounts.queries import colleagues_deciding_with, delegations_now
from apps.accounts.roles import ObjectPermission, Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidState, LakewardenError, NotFound, NotPermitted
from tests.factories import accounts
from tests.factories.accounts import Player, World

pytestmark = pytest.mark.django_db
OFFICER = Role.COMPLIANCE_OFFICER


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def officers(world: World) -> tuple[Player, Player, Player]:
    first, second = (accounts.player(world.organization, OFFICER) for _ in range(2))
    return world[OFFICER], first, second


def delegate(delegator: Player, to: Player, **given: Any) -> Delegation:
    return accounts.delegation(delegator, to, **{"actor": delegator.actor, **given})


def refused(delegator: Player, to: Player, **given: Any) -> str:
    with pytest.raises(LakewardenError) as refusal:
        delegate(delegator, to, **given)
    return refusal.value.code


def test_it_holds_in_its_time_and_until_it_is_ended(officers: tuple[Player, ...]) -> None:
    away, stands_in, _ = officers
    now = database_now()
    made = delegate(away, stands_in, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=3))

    def pairs(days: int, *people: Player) -> list[tuple[int, int]]:
        found = delegations_now(
            at=now + timedelta(days=days), person_ids=[player.person.pk for player in people]
        )
        return [(row.delegator_id, row.delegate_id) for row in found]

    both = [(away.person.pk, stands_in.person.pk)]
    assert pairs(0, away) == pairs(3, away) == []
    assert pairs(1, away) == pairs(1, stands_in) == pairs(2, away, stands_in) == both
    commands.end_delegation(actor=stands_in.actor, delegation_id=made.uid)
    assert pairs(1, away) == []
    with pytest.raises(InvalidState) as refusal:
        commands.end_delegation(actor=away.actor, delegation_id=made.uid)
    assert refusal.value.code == DELEGATION_ENDED


def test_a_chain_is_refused_in_either_direction(officers: tuple[Player, ...]) -> None:
    first, second, third = officers
    delegate(first, second)
    assert refused(second, third) == DELEGATION_CHAIN
    assert refused(third, first) == DELEGATION_CHAIN
    assert refused(second, first) == DELEGATION_CYCLE
    delegate(first, third)


def test_in_another_time_it_is_no_chain(officers: tuple[Player, ...]) -> None:
    first, second, third = officers
    now = database_now()
    made = delegate(first, second, ends_at=now + timedelta(days=2))
    delegate(second, third, starts_at=made.ends_at, ends_at=now + timedelta(days=9))


def test_once_ended_it_is_in_nobodys_way(officers: tuple[Player, ...]) -> None:
    first, second, third = officers
    made = delegate(first, second)
    commands.end_delegation(actor=first.actor, delegation_id=made.uid)
    delegate(second, third)


def test_what_holds_already_is_not_delegated_twice(officers: tuple[Player, ...]) -> None:
    first, second, _ = officers
    delegate(first, second)
    with pytest.raises(Conflict) as refusal:
        delegate(first, second)
    assert refusal.value.code == DELEGATION_HELD_ALREADY


def test_both_need_the_role_in_their_own_right(world: World, officers: tuple[Player, ...]) -> None:
    first, second, _ = officers
    assert refused(first, world[Role.STEWARD]) == DELEGATE_WITHOUT_ROLE
    assert refused(first, second, roles=[Role.DPO]) == DELEGATOR_WITHOUT_ROLE
    assert refused(first, second, roles=[Role.ADMINISTRATOR]) == ROLE_NOT_DELEGABLE
    assert refused(first, second, roles=[]) == ROLE_NOT_DELEGABLE


def test_an_owner_by_name_counts_as_an_owner(world: World) -> None:
    by_name = accounts.player(world.organization)
    assert refused(world[Role.OWNER], by_name, roles=[Role.OWNER]) == DELEGATE_WITHOUT_ROLE
    commands.give_domain_permission(
        actor=SYSTEM,
        domain_id=world.domain.uid,
        permission=ObjectPermission.OWN,
        holder_id=by_name.account.uid,
    )
    delegate(world[Role.OWNER], by_name, roles=[Role.OWNER])


def test_a_role_in_another_domain_does_not_count(world: World) -> None:
    elsewhere = accounts.domain(world.organization)
    local = accounts.player(world.organization, OFFICER, domain=elsewhere)
    inside = {"domain_id": world.domain.uid}
    assert refused(world[OFFICER], local, **inside) == DELEGATE_WITHOUT_ROLE
    delegate(world[OFFICER], local, domain_id=elsewhere.uid)


def test_an_administrator_delegates_for_others_and_says_why(
    world: World, officers: tuple[Player, ...]
) -> None:
    first, second, third = officers
    admin = world[Role.ADMINISTRATOR].actor
    assert refused(first, second, actor=admin) == WHY_MISSING
    made = delegate(first, second, actor=admin, reason="On parental leave.")
    with pytest.raises(NotPermitted):
        delegate(first, third, actor=second.actor, reason="Because.")
    with pytest.raises(NotPermitted):
        commands.end_delegation(actor=third.actor, delegation_id=made.uid)
    commands.end_delegation(actor=admin, delegation_id=made.uid)


def test_refusals_of_dates_and_people(world: World, officers: tuple[Player, ...]) -> None:
    first, second, _ = officers
    now = database_now()
    assert refused(first, first) == DELEGATION_TO_ONESELF
    assert refused(first, second, ends_at=now - timedelta(days=1)) == ENDS_BEFORE_START
    abroad = accounts.player(accounts.organization(), OFFICER)
    with pytest.raises(NotFound):
        delegate(first, abroad)
    commands.change_person(actor=SYSTEM, person_id=second.person.uid, status=PersonStatus.SUSPENDED)
    assert refused(first, second) == PERSON_NOT_ACTIVE


def test_those_who_could_stand_in_are_offered(world: World, officers: tuple[Player, ...]) -> None:
    first, second, third = officers
    now = database_now()
    offered = colleagues_deciding_with(first.person, at=now)
    assert {person.pk for person in offered} == {second.person.pk, third.person.pk}
    assert colleagues_deciding_with(world[Role.SCIENTIST].person, at=now) == []
