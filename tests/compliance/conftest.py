"""What most of these tests stand on: a house with data, or people of whom one writes and another approves."""

from __future__ import annotations

import pytest

from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from tests.compliance.happened import House
from tests.factories import accounts as people


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def world() -> people.World:
    return people.world()


@pytest.fixture
def writer(world: people.World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


@pytest.fixture
def approver(world: people.World) -> Actor:
    """Another officer than who writes."""
    return people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
