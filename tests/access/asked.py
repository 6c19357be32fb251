"""What is asked for in the tests of asking."""

from __future__ import annotations

from typing import Any

from tests.factories.access import (
    AccessWorld,
    draft,
)


def harmless(world: AccessWorld, **given: Any) -> Any:
    return draft(world.harmless, world.purposes["rock"], **given)
