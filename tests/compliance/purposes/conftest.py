"""Two officers and their organization."""

from __future__ import annotations

import pytest

from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from tests.factories import accounts as people


@pytest.fixture
def world() -> people.World:
    return people.world()


@pytest.fixture
def writer(world: people.World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


@pytest.fixture
def approver(world: people.World) -> Actor:
    return people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
