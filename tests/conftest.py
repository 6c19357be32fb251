"""One throw-away PostgreSQL for a test run, migrated once, cloned for each process of it.

Ordinary tests run as the application's role in a transaction that is rolled back. Transactional tests get
a fresh clone each: nothing is truncated, because the trail refuses that.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from portal import embedded, env
from portal.embedded import valkey as embedded_valkey
from portal.embedded.postgres import Postgres
from portal.supervisor import process
from tests.clones import Clones, migrate_template, name_in_use, point_django_at
from tests.eventually import eventually
from tests.throwaway import FAULT, READY, TEMPLATE, server_in

if TYPE_CHECKING:
    from tests.factories.access import AccessWorld

RUN = "LAKEWARDEN_TEST_RUN"
SHARED_SERVERS = {
    "tests/access/test_workflow_table.py": "table of the workflow",
    "tests/browser/test_main_job.py": "portal of the browser",
    "tests/browser/test_metrics.py": "portal of the browser",
    "tests/clients/test_snippets.py": "gateway of Ceph",
    "tests/journeys/test_chain.py": "portal of the chain",
    "tests/lakes/test_ceph_objects.py": "gateway of Ceph",
    "tests/lakes/test_ceph_own_roles.py": "gateway of Ceph",
    "tests/lakes/test_ceph_portal.py": "gateway of Ceph",
    "tests/lakes/test_ceph_role.py": "gateway of Ceph",
    "tests/lakes/test_ceph_scope.py": "gateway of Ceph",
    "tests/lakes/test_ceph_sessions.py": "gateway of Ceph",
    "tests/lakes/test_contract.py": "gateway of Ceph",
    "tests/lakes/test_role_steps_elsewhere.py": "gateway of Ceph",
    "tests/lakes/test_warehouse_portal.py": "gateway of Ceph",
    "tests/lakes/test_warehouse_scope.py": "gateway of Ceph",
    "tests/lakes/test_warehouse_sessions.py": "gateway of Ceph",
    "tests/platform/test_up.py": "portals that are started and killed",
}
Made = TypeVar("Made")
Recorded = Callable[[str, Callable[[], Made]], tuple[str, Made]]
LAUNCHER = pytest.StashKey["subprocess.Popen[bytes]"]()

hypothesis_settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
hypothesis_settings.register_profile("long", max_examples=5000, deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the full sizes of properties, races and faults")
    parser.addoption("--write-docs", action="store_true", help="have the tests write what docs/ shows")


class ByServer(LoadScopeScheduling):
    """Gives each process the next test, and modules that share a slow server or set-up to one process.

    The marks of `--dist loadgroup` do not reach the scheduler under pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        return SHARED_SERVERS.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)  # unknown where xdist is switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return ByServer(config, log)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("long" if config.getoption("--long") else "ci")
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    directory = Path(tempfile.mkdtemp(prefix="lakewarden-test-"))
    directory.chmod(0o711)  # the server's own user passes through
    os.environ[RUN] = str(directory)
    command = [sys.executable, "-m", "tests.throwaway", str(directory)]
    config.stash[LAUNCHER] = process.spawn(
        command, environment=os.environ, output=subprocess.DEVNULL, directory=str(env.ROOT)
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    launcher = config.stash.get(LAUNCHER, None)
    if launcher:
        process.stop(launcher, number=signal.SIGTERM, patience=15)


@pytest.fixture(autouse=True)
def no_language_is_left_behind() -> Iterator[None]:
    """A page read in another language leaves it in the thread, and the next test would be answered in it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether to run the full sizes (`--long`) instead of those that CI has time for."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def run_directory() -> Path:
    """Shared by all processes of this test run."""
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def postgres(run_directory: Path) -> Postgres:
    """The server of this test run, once it answers."""

    def is_up() -> bool:
        fault = run_directory / FAULT
        if fault.exists():
            pytest.exit(f"No PostgreSQL to test on: {fault.read_text()}", returncode=1)
        return (run_directory / READY).exists()

    eventually(is_up, within=60)
    return server_in(run_directory)


@pytest.fixture(scope="session")
def django_db_setup(
    postgres: Postgres,
    run_directory: Path,
    worker_id: str,
    django_test_environment: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the template, and the application's role in it."""
    from django.conf import settings
    from django.db.backends.postgresql.features import DatabaseFeatures
    from django.test import TransactionTestCase

    clones = Clones(postgres, worker_id)
    set_up = TransactionTestCase.__dict__["_fixture_setup"].__func__

    def set_up_on_fresh_clone(cls: type[TransactionTestCase]) -> None:
        clones.use_fresh()
        set_up(cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATABASE_OWNER_URL", postgres.url(embedded.OWNER_ROLE))
        # Django finds this out by making a table, which the application's role may not.
        patch.setattr(DatabaseFeatures, "supports_transactions", True)
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(set_up_on_fresh_clone))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: clones.drop_fresh())
        with django_db_blocker.unblock():
            migrate_template(postgres, run_directory)
            clones.make_ours()
        yield
        with django_db_blocker.unblock():
            from django.db import connections

            connections.close_all()


@pytest.fixture(scope="session")
def recorded_in(
    django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: Any
) -> Recorded[Any]:
    """Makes a database of its own, and what is in it; answers with its name and what was made."""
    from django.db import connection, transaction

    def recorded(name: str, make: Callable[[], Any]) -> tuple[str, Any]:
        name = f"test_{worker_id}_{name}"
        postgres.clone(TEMPLATE, name)
        before = name_in_use()
        with django_db_blocker.unblock():
            point_django_at(postgres, name)
            with transaction.atomic():
                made = make()
                connection.run_on_commit.clear()  # no worker listens: what is due stays due
            point_django_at(postgres, before)
        return name, made

    return recorded


@pytest.fixture(scope="session")
def recorded_house(recorded_in: Recorded[AccessWorld]) -> tuple[str, AccessWorld]:
    """One house for all modules that ask for it: the name of its database, and who is in it."""
    from tests.factories.access import world

    return recorded_in("house", world)


@pytest.fixture(scope="module")
def house(
    recorded_house: tuple[str, AccessWorld], postgres: Postgres, django_db_blocker: Any
) -> Iterator[AccessWorld]:
    """Tests of this module run in the database of the recorded house, and what they do is rolled back."""
    name, made = recorded_house
    before = name_in_use()
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture
def world(house: AccessWorld, db: None) -> AccessWorld:
    """Of its own for each test: what a row has read of others is forgotten with what the test changed."""
    return deepcopy(house)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """xdist's name for this process, or `main` without xdist."""
    workerinput: dict[str, str] = getattr(request.config, "workerinput", {})
    return workerinput.get("workerid", "main")


@pytest.fixture
def database_url(django_db_setup: None, postgres: Postgres) -> str:
    """For processes a test starts: the database of this test, as the application's role.

    What an ordinary test wrote is not committed; such tests want `django_db(transaction=True)`.
    """
    return postgres.url(embedded.APP_ROLE, name_in_use())


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The BROKER_URL of a throw-away Valkey, for the tests of one process."""
    with tempfile.TemporaryDirectory(prefix="lakewarden-valkey-") as name:
        directory = Path(name)
        server = embedded_valkey.Valkey(
            binary=embedded_valkey.find_binary(), data=directory / "data", socket=directory / "valkey.sock"
        )
        server.make()
        with process.open_log(directory / "valkey.log") as log:
            child = process.spawn(server.command(), environment=os.environ, output=log)
        try:
            eventually(server.answers)
            yield server.url
        finally:
            process.stop(child, number=signal.SIGTERM, patience=5)
