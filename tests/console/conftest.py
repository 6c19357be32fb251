"""A browser for each player of the recorded house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.access import AccessWorld

Browse = Callable[[str], Client]


@pytest.fixture
def browse(world: AccessWorld) -> Browse:
    """A browser in which the player of this name has signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(world.players[name].account, backend="apps.accounts.backends.AccountBackend")
        return client

    return signed_in
