"""Databases of a test run: copies of the migrated template, and Django pointed at one of them."""

from __future__ import annotations

import fcntl
import itertools
from pathlib import Path

from portal import embedded, env
from portal.embedded.postgres import Postgres
from tests.throwaway import TEMPLATE

OF_A_DATABASE = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


class Clones:
    """Copies of the migrated template for this process, and Django pointed at one of them."""

    def __init__(self, server: Postgres, worker: str) -> None:
        self._server = server
        self._names = (f"test_{worker}_{number}" for number in itertools.count())
        self._ours = next(self._names)

    def make_ours(self) -> None:
        self._server.clone(TEMPLATE, self._ours)
        self.use_ours()

    def use_ours(self) -> None:
        point_django_at(self._server, self._ours)

    def use_fresh(self) -> None:
        name = next(self._names)
        self._server.clone(TEMPLATE, name)
        point_django_at(self._server, name)

    def drop_fresh(self) -> None:
        fresh = name_in_use()
        self.use_ours()
        if fresh != self._ours:
            self._server.drop(fresh)


def point_django_at(server: Postgres, name: str) -> None:
    """All threads share the entry, so those of a race land in the same database."""
    from django.db import connections

    connections.close_all()
    entry = env.database(server.url(embedded.APP_ROLE, name))
    connections.settings["default"].update({field: entry[field] for field in OF_A_DATABASE})


def name_in_use() -> str:
    from django.db import connections

    return str(connections.settings["default"]["NAME"])


def migrate_template(server: Postgres, directory: Path) -> None:
    """Whichever process comes first migrates, as the owner; the others wait for it."""
    from django.core.management import call_command
    from django.db import connections

    with (directory / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrated = directory / "template.migrated"
        if migrated.exists():
            return
        point_django_at(server, TEMPLATE)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        migrated.touch()
