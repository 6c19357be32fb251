"""The whole portal: sentences for what goes wrong, and parts that die."""

from __future__ import annotations

import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import embedded
from portal.embedded.postgres import Postgres
from tests.eventually import eventually
from tests.platform.portal_process import Portal, new_state, run_manage, running_portal

pytestmark = pytest.mark.faults


def test_a_port_in_use_is_named_with_the_way_out(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finished = run_manage("up", "--no-demo", "--port", str(port), state=state)
    assert finished.returncode == 1
    assert finished.stderr == (
        f"Port {port} is in use: stop what uses it, or choose another with --port {port + 1}.\n"
    )


def test_a_second_up_says_that_one_runs_and_leaves_it_alone(lasting_portal: Portal) -> None:
    assert lasting_portal.process
    finished = run_manage("up", "--no-demo", state=lasting_portal.state)
    assert finished.returncode == 1
    running = f"{lasting_portal.state} (process {lasting_portal.process.pid})"
    assert finished.stderr == f"Lakewarden already runs on {running}; stop that one first.\n"
    assert lasting_portal.answers()


def test_another_terminal_finds_everything_without_a_variable(lasting_portal: Portal) -> None:
    code = (
        "from django.db import connection; from django.conf import settings; from portal import health;"
        "cursor = connection.cursor(); cursor.execute('SELECT current_user');"
        "print(cursor.fetchone()[0], health.broker_answers(), len(settings.SECRET_KEY) > 50)"
    )
    finished = run_manage("shell", "-v", "0", "-c", code, state=lasting_portal.state)
    assert finished.stdout.split() == [embedded.APP_ROLE, "True", "True"], finished.stderr
    assert run_manage("migrate", "--check", state=lasting_portal.state).returncode == 0


def test_secrets_are_for_their_owner_alone(lasting_portal: Portal) -> None:
    assert stat.S_IMODE((lasting_portal.state / "secret-key").stat().st_mode) == 0o600


def test_a_stop_leaves_no_process_socket_or_lock(portal: Portal) -> None:
    assert portal.output.count("ready ") == 1
    assert portal.stop() == 0
    assert portal.everything() == []
    assert portal.sockets_and_locks() == []


def test_killing_everything_at_once_does_not_keep_the_next_start_from_working(portal: Portal) -> None:
    assert portal.process
    portal.kill_everything()
    portal.start()
    assert portal.answers()
    assert portal.stop() == 0
    assert portal.everything() == []
    assert portal.sockets_and_locks() == []


def test_a_killed_supervisor_takes_its_children_along(portal: Portal) -> None:
    assert portal.process
    portal.process.kill()
    portal.process.wait(10)
    eventually(lambda: not portal.everything(), within=30)
    portal.start()
    assert portal.stop() == 0


def test_what_a_killed_supervisor_left_is_ended_by_the_next(portal: Portal) -> None:
    """Frozen children cannot follow the supervisor into its end, as where the kernel would not tell them."""
    assert portal.process
    frozen = [portal.part(name) for name in ("web", "worker", "valkey")]
    for process in frozen:
        process.suspend()
    portal.process.kill()
    portal.process.wait(10)
    assert all(is_alive(process) for process in frozen)
    portal.start()
    assert not any(is_alive(process) for process in frozen)
    assert portal.stop() == 0
    assert portal.everything() == []


@pytest.fixture(scope="module")
def lasting_portal() -> Iterator[Portal]:
    """One portal for all drills that leave it running."""
    with new_state() as state, running_portal(state) as portal:
        yield portal


@pytest.mark.parametrize("name", ["web", "worker", "beat", "valkey", "postgres"])
def test_a_part_that_is_killed_is_started_again(lasting_portal: Portal, name: str) -> None:
    killed = lasting_portal.part(name)
    killed.kill()
    eventually(lambda: is_replaced(lasting_portal, name, killed), within=40)
    eventually(lasting_portal.answers, within=40)
    assert f"{name} ended (signal 9); starting it again" in lasting_portal.output


def is_alive(process: psutil.Process) -> bool:
    """A zombie that nobody has reaped yet is dead."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def is_replaced(portal: Portal, name: str, killed: psutil.Process) -> bool:
    try:
        return portal.part(name) != killed
    except (StopIteration, psutil.NoSuchProcess):
        return False


def test_a_backend_that_outlives_the_postmaster_does_not_block_the_next(lasting_portal: Portal) -> None:
    sockets = lasting_portal.state / "run" / "postgres"
    with psycopg.connect(embedded.database_url(sockets, role=embedded.APP_ROLE)) as connection:
        backend = psutil.Process(connection.info.backend_pid)
        backend.suspend()
        lasting_portal.part("postgres").kill()
        eventually(lambda: not is_alive(backend), within=30)
        eventually(lasting_portal.answers, within=30)


def test_servers_that_are_given_are_used_and_none_is_started(
    state: Path, postgres: Postgres, valkey: str
) -> None:
    """With one role for everything, as a plain DATABASE_URL has it."""
    postgres.ensure_database("given_one_role")
    url = postgres.url(embedded.OWNER_ROLE, "given_one_role")
    with running_portal(state, DATABASE_URL=url, BROKER_URL=valkey) as portal:
        assert portal.process
        assert len(psutil.Process(portal.process.pid).children()) == len(["web", "worker", "beat"])
        assert portal.stop() == 0
    postgres.drop("given_one_role")


def test_a_given_database_with_two_roles_is_migrated_by_its_owner(state: Path, postgres: Postgres) -> None:
    postgres.ensure_database("given_two_roles")
    finished = run_manage(
        "migrate",
        state=state,
        DATABASE_URL=postgres.url(embedded.APP_ROLE, "given_two_roles"),
        LAKEWARDEN_DATABASE_OWNER_URL=postgres.url(embedded.OWNER_ROLE, "given_two_roles"),
    )
    assert finished.returncode == 0, finished.stderr
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    with postgres.connect("given_two_roles", embedded.APP_ROLE) as application:
        assert application.execute(owners.encode()).fetchall() == [(embedded.OWNER_ROLE,)]
        application.execute("DELETE FROM django_session")
    postgres.drop("given_two_roles")


def test_an_interrupt_while_starting_stops_cleanly(state: Path) -> None:
    starting = Portal(state)
    starting.launch()
    assert starting.process
    eventually(lambda: "preparing the database" in starting.output, within=30)
    starting.process.send_signal(signal.SIGINT)
    assert starting.process.wait(30) == 0
    assert "ready" not in starting.output
    assert starting.everything() == []
    assert starting.sockets_and_locks() == []
