from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.accounts.roles import Role
from tests.api.caller import Caller
from tests.factories.accounts import World, world

As = Callable[[Role], Caller]


@pytest.fixture
def place(db: None) -> World:
    """An organization with a domain, and somebody for every role."""
    return world()


@pytest.fixture
def as_(place: World) -> As:
    """`as_(Role.STEWARD).get("assets")`."""
    return lambda role: Caller(place[role].token)
