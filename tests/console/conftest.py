"""One recorded house for all modules here, built once in a clone of its own; each test is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.test import Client

from portal.embedded.postgres import Postgres
from tests.conftest import name_in_use, point_django_at
from tests.factories.access import AccessWorld
from tests.factories.access import world as make_world
from tests.throwaway import TEMPLATE

Browse = Callable[[str], Client]
Made = TypeVar("Made")
Recorded = Callable[[str, Callable[[], Made]], tuple[str, Made]]


@pytest.fixture(scope="session")
def recorded_in(
    django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: pytest.FixtureRequest
) -> Recorded:
    """Makes a database of its own, and what is in it; answers with its name and what was made."""

    def recorded(name: str, make: Callable[[], Made]) -> tuple[str, Made]:
        name = f"test_{worker_id}_{name}"
        postgres.clone(TEMPLATE, name)
        before = name_in_use()
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            point_django_at(postgres, name)
            with transaction.atomic():
                made = make()
                connection.run_on_commit.clear()  # no worker listens: what is due stays due
            point_django_at(postgres, before)
        return name, made

    return recorded


@pytest.fixture(scope="session")
def furnished(recorded_in: Recorded) -> tuple[str, AccessWorld]:
    """The name of the database, and what is in it."""
    return recorded_in("console", make_world)


@pytest.fixture(scope="module")
def house(
    furnished: tuple[str, AccessWorld], postgres: Postgres, django_db_blocker: pytest.FixtureRequest
) -> Iterator[AccessWorld]:
    name, made = furnished
    before = name_in_use()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture
def world(house: AccessWorld, db: None) -> AccessWorld:
    return replace(house, players=dict(house.players))


@pytest.fixture
def browse(world: AccessWorld) -> Browse:
    """A browser in which the player of this name has signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(world.players[name].account, backend="apps.accounts.backends.AccountBackend")
        return client

    return signed_in
