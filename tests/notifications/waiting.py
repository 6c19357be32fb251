"""A request that waits, in the tests of telling."""

from __future__ import annotations

from tests.factories.access import AccessWorld, asked, draft


def waiting(world: AccessWorld) -> object:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
