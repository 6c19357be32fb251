"""One recorded house for all modules here that ask for it: built once in a clone of its own.

It is committed there, and every test's own changes are rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from portal.embedded.postgres import Postgres
from tests.conftest import name_in_use, point_django_at
from tests.factories.access import AccessWorld
from tests.factories.access import world as make_world
from tests.throwaway import TEMPLATE


@pytest.fixture(scope="session")
def recorded_house(
    django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: Any
) -> tuple[str, AccessWorld]:
    """The name of the database, and what is in it."""
    name = f"test_{worker_id}_access"
    postgres.clone(TEMPLATE, name)
    before = name_in_use()
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        with transaction.atomic():
            made = make_world()
            connection.run_on_commit.clear()  # no worker listens: what is due stays due
        point_django_at(postgres, before)
    return name, made


@pytest.fixture(scope="module")
def house(
    recorded_house: tuple[str, AccessWorld], postgres: Postgres, django_db_blocker: Any
) -> Iterator[AccessWorld]:
    """Tests of this module run in the database of the recorded house."""
    name, made = recorded_house
    before = name_in_use()
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture
def world(house: AccessWorld, db: None) -> AccessWorld:
    return replace(house, players=dict(house.players))
