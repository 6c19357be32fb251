"""Rules about several people together hold when many act at once: no chains, and always an administrator.

The controls let nobody wait, and must see the rules broken.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from apps.accounts.commands import end_role
from apps.accounts.models import Delegation, Organization, RoleAssignment
from apps.accounts.roles import Role
from apps.audit import command
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, RuleBroken
from tests.factories import accounts
from tests.factories.accounts import Player
from tests.races.crowd import Crowd, unexpected

pytestmark = pytest.mark.races
ROUNDS, CONTROL_ROUNDS = 8, 25


@pytest.fixture
def without_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_wait_in", lambda _queue: None)


def players(crowd: Crowd, role: Role) -> list[Player]:
    place = accounts.organization()
    return [accounts.player(place, role) for _ in range(crowd.size)]


def chains(crowd: Crowd) -> int:
    """In a ring of officers, everybody lets the next one stand in. How many are both away and standing in?"""
    ring = players(crowd, Role.COMPLIANCE_OFFICER)
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    calls: list[Callable[[], object]] = [
        partial(accounts.delegation, away, stands_in) for away, stands_in in pairs
    ]
    outcomes = crowd.at_once(calls)
    assert unexpected(outcomes, RuleBroken) == []
    made = Delegation.objects.filter(delegator__in=[player.person for player in ring])
    assert made.exists()
    return made.filter(delegate__in=made.values("delegator")).count()


def administrators_left(crowd: Crowd) -> int:
    """Every administrator ends their own role."""
    admins = players(crowd, Role.ADMINISTRATOR)
    calls: list[Callable[[], object]] = [
        partial(
            end_role,
            actor=admin.actor,
            role_assignment_id=RoleAssignment.objects.get(person=admin.person).uid,
        )
        for admin in admins
    ]
    assert unexpected(crowd.at_once(calls), InvalidState) == []
    place = Organization.objects.get(pk=admins[0].person.organization_id)
    return RoleAssignment.objects.held_at(database_now()).filter(organization=place).count()


def test_nobody_is_both_away_and_standing_in(crowd: Crowd) -> None:
    assert [chains(crowd) for _ in range(ROUNDS)] == [0] * ROUNDS


def test_one_administrator_stays(crowd: Crowd) -> None:
    assert [administrators_left(crowd) for _ in range(ROUNDS)] == [1] * ROUNDS


def test_without_the_queue_there_are_chains(crowd: Crowd, without_queues: None) -> None:
    assert any(chains(crowd) for _ in range(CONTROL_ROUNDS))


def test_without_the_queue_nobody_is_left(crowd: Crowd, without_queues: None) -> None:
    assert any(administrators_left(crowd) == 0 for _ in range(CONTROL_ROUNDS))
