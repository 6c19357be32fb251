"""A new house begins with all rules of the law."""

from __future__ import annotations

import pytest

from tests.factories.access import (
    AccessWorld,
)


@pytest.fixture
def law(world: AccessWorld) -> AccessWorld:
    """A new house begins with all rules of the law."""
    return world
