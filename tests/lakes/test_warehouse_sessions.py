"""How long a key of a warehouse works, on real servers: its time, its end, and what is open meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from apps.kernel.errors import ProviderFailure
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import Access, Issued, LeaseHandle
from tests.eventually import eventually
from tests.lab.warehouse import BROKER, Session, Warehouse
from tests.lakes.conftest import BUCKET, OTHER_BUCKET, spec_for

pytestmark = pytest.mark.lake


@pytest.fixture
def made(warehouse: Warehouse) -> Iterator[Callable[..., Issued]]:
    """Makes keys to `ds/a/`; whatever is left of them ends with the test."""
    handles: list[LeaseHandle] = []

    def make(**given: Any) -> Issued:
        issued = warehouse.provider().issue(
            spec_for(warehouse.connection(BUCKET, OTHER_BUCKET), "ds/a/", **given)
        )
        handles.append(issued.handle)
        return issued

    yield make
    for handle in handles:
        warehouse.provider().revoke(handle)


def is_alive(session: Session) -> bool:
    try:
        session.execute("SELECT depth FROM ds.a")
    except psycopg.OperationalError:
        return False
    return True


def lets_in(warehouse: Warehouse, issued: Issued) -> bool:
    try:
        warehouse.key_session(issued.secret.reveal()).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_revocation_ends_open_sessions_and_what_they_are_doing(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    issued, other = made(), made()
    parts = issued.secret.reveal()
    with (
        closing(warehouse.key_session(parts)) as idle,
        closing(warehouse.key_session(parts)) as busy,
        closing(warehouse.key_session(other.secret.reveal())) as foreign,
        ThreadPoolExecutor(1) as pool,
    ):
        sleeping = pool.submit(busy.execute, "SELECT pg_sleep(60)")
        eventually(lambda: is_sleeping(warehouse, parts["user"]))
        revoked = warehouse.provider().revoke(issued.handle)
        assert isinstance(sleeping.exception(timeout=5), psycopg.OperationalError)
        assert not is_alive(idle)
        assert is_alive(foreign)
    assert revoked.evidence == {"ended": "dropped", "sessions": "2"}
    assert not lets_in(warehouse, issued)
    assert lets_in(warehouse, other)


def is_sleeping(warehouse: Warehouse, user: str) -> bool:
    with closing(warehouse.session(BUCKET)) as head:
        query = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND wait_event = 'PgSleep'"
        return head.execute(query, [user]).fetchone() is not None


def test_whoever_keeps_coming_in_during_a_revocation_is_out_when_it_returns(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    issued = made()
    parts, held, is_over = issued.secret.reveal(), list[Session](), threading.Event()

    def keep_coming() -> None:
        while not is_over.is_set():
            with suppress(psycopg.OperationalError):
                held.append(warehouse.key_session(parts))

    with ThreadPoolExecutor(3) as pool:
        comers = [pool.submit(keep_coming) for _ in range(3)]
        eventually(lambda: len(held) >= 3)
        warehouse.provider().revoke(issued.handle)
        seen = [is_alive(session) for session in list(held)]
        is_over.set()
        for comer in comers:
            comer.result(timeout=10)
    assert not any(seen)
    assert not any(is_alive(session) for session in held)
    for session in held:
        session.close()


def test_the_name_of_the_lease_is_enough_to_end_its_key(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    issued = made(access=Access.WRITE)
    known = LeaseHandle(
        connection=warehouse.connection(OTHER_BUCKET),
        lease_id=issued.handle.lease_id,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    assert not warehouse.provider().read_back(known).is_dead
    assert warehouse.provider().revoke(known).evidence["ended"] == "dropped"
    assert warehouse.provider().read_back(known).is_dead


def test_the_end_of_a_key_shuts_the_door_and_only_tidying_ends_who_is_inside(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    connection, provider = warehouse.connection(BUCKET, OTHER_BUCKET), warehouse.provider()
    provider.tidy(connection, now=datetime.now(UTC))  # what other tests let run out
    short, long = made(ttl=1), made()
    with (
        closing(warehouse.key_session(short.secret.reveal())) as outlasting,
        closing(warehouse.key_session(long.secret.reveal())) as living,
    ):
        eventually(lambda: not lets_in(warehouse, short), within=5)
        assert is_alive(outlasting)
        assert provider.tidy(connection, now=short.expires_at - timedelta(minutes=5)) == 0
        assert provider.tidy(connection, now=datetime.now(UTC)) == 1
        assert not is_alive(outlasting)
        assert is_alive(living)
    assert provider.read_back(short.handle).is_dead
    assert provider.tidy(connection, now=datetime.now(UTC) + timedelta(days=1)) == 0
    assert lets_in(warehouse, long)


def test_many_keys_to_one_table_are_made_and_ended_at_once(warehouse: Warehouse) -> None:
    connection, provider = warehouse.connection(BUCKET, OTHER_BUCKET), warehouse.provider()

    def live(_number: int) -> bool:
        issued = provider.issue(spec_for(connection, "ds/a/", "ds/b/"))
        was_let_in = lets_in(warehouse, issued)
        provider.revoke(issued.handle)
        return was_let_in and provider.read_back(issued.handle).is_dead

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(live, range(18)))


def test_processes_that_collide_are_told_to_try_again_and_leave_no_half_key(warehouse: Warehouse) -> None:
    """Each has a provider of its own, as each process has."""
    connection, before = warehouse.connection(BUCKET, OTHER_BUCKET), warehouse.roles()

    def live(_number: int) -> LeaseHandle | None:
        try:
            return warehouse.provider().issue(spec_for(connection, "ds/a/", "ds/b/")).handle
        except ProviderFailure as failure:
            assert failure.is_transient
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [handle for handle in pool.map(live, range(8)) if handle is not None]
    assert made
    assert len(warehouse.roles() - before) == len(made)
    for handle in made:
        warehouse.provider().revoke(handle)
    assert warehouse.roles() == before


def test_the_holder_of_a_key_holds_nobody_up(warehouse: Warehouse, made: Callable[..., Issued]) -> None:
    """Whoever is in a database can take any advisory lock in it, that of the portal too."""
    holder = made()
    with closing(warehouse.key_session(holder.secret.reveal())) as session:
        session.execute("SELECT pg_advisory_lock(4714, 0)")
        session.execute("BEGIN; LOCK TABLE ds.a IN ACCESS SHARE MODE")
        other = made()
        warehouse.provider().revoke(other.handle)
        assert not lets_in(warehouse, other)
        warehouse.provider().revoke(holder.handle)
        assert not is_alive(session)


def test_what_a_holder_left_behind_does_not_keep_the_key_alive(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    issued = made()
    with closing(warehouse.key_session(issued.secret.reveal())) as session:
        session.execute("SELECT lo_create(0)")
        session.execute("ALTER ROLE CURRENT_USER SET work_mem = '1MB'")
    assert warehouse.provider().revoke(issued.handle).evidence["ended"] == "dropped"
    assert warehouse.provider().read_back(issued.handle).is_dead


def test_a_right_that_somebody_else_gave_leaves_a_role_that_lets_nobody_in(
    warehouse: Warehouse, made: Callable[..., Issued]
) -> None:
    issued, provider = made(), warehouse.provider()
    role = sql.Identifier(issued.secret.reveal()["user"])
    with (
        closing(warehouse.session(BUCKET)) as head,
        closing(warehouse.key_session(issued.secret.reveal())) as held,
    ):
        head.execute(sql.SQL("GRANT SELECT ON ds.ab TO {}").format(role))
        assert provider.revoke(issued.handle).evidence["ended"] == "shut"
        assert provider.read_back(issued.handle).is_dead
        assert not is_alive(held)
        assert not lets_in(warehouse, issued)
        head.execute(sql.SQL("REVOKE SELECT ON ds.ab FROM {}").format(role))
    assert provider.revoke(issued.handle).evidence["ended"] == "dropped"


def test_a_lease_has_one_key(warehouse: Warehouse, made: Callable[..., Issued]) -> None:
    lease_id = uuid4()
    first = made(lease_id=lease_id)
    with pytest.raises(Exception, match="LAKE_THING_EXISTS"):
        made(lease_id=lease_id)
    assert lets_in(warehouse, first)


def test_a_key_takes_few_sessions(warehouse: Warehouse, made: Callable[..., Issued]) -> None:
    parts = made().secret.reveal()
    held = [warehouse.key_session(parts) for _ in range(10)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        warehouse.key_session(parts)
    for session in held:
        session.close()


@pytest.mark.parametrize(
    ("undone", "redone", "failed"),
    [
        ("ALTER ROLE {} NOCREATEROLE", "ALTER ROLE {} CREATEROLE", "makes roles"),
        ("REVOKE pg_signal_backend FROM {}", "GRANT pg_signal_backend TO {}", "ends sessions"),
        ("ALTER ROLE {} SUPERUSER", "ALTER ROLE {} NOSUPERUSER", "superuser"),
        (
            "REVOKE ALL ON ALL TABLES IN SCHEMA ds FROM {} CASCADE",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ds TO {} WITH GRANT OPTION",
            "pass on a table",
        ),
        ("GRANT SELECT ON own.d TO PUBLIC", "REVOKE SELECT ON own.d FROM PUBLIC", "tables open beside"),
        ("GRANT CREATE ON SCHEMA ds TO PUBLIC", "REVOKE CREATE ON SCHEMA ds FROM PUBLIC", "makes things"),
    ],
)
def test_the_test_of_a_connection_names_what_is_set_up_wrongly(
    warehouse: Warehouse, undone: str, redone: str, failed: str
) -> None:
    broker, before = sql.Identifier(BROKER), warehouse.roles()
    connection = warehouse.connection(roots=(StorageRoot(bucket=BucketName(text=BUCKET), prefix="ds/"),))
    if "own.d" in undone:
        with closing(warehouse.session(BUCKET)) as head:
            head.execute("GRANT USAGE ON SCHEMA own TO PUBLIC")
    with closing(warehouse.session(BUCKET)) as head:
        head.execute(sql.SQL(undone).format(broker))
        seen = warehouse.provider().verify_connection(connection)
        head.execute(sql.SQL(redone).format(broker))
        head.execute("REVOKE USAGE ON SCHEMA own FROM PUBLIC")
    assert [probe.name for probe in seen if not probe.passed and failed in probe.name]
    assert [probe for probe in warehouse.provider().verify_connection(connection) if not probe.passed] == []
    assert warehouse.roles() == before


def test_a_server_shows_who_it_is(
    running_cellars: dict[str, Warehouse], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LAKES_ON_LOOPBACK = False
    warehouse = running_cellars["debian"]
    connection, provider = warehouse.connection(BUCKET), warehouse.provider()
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(spec_for(connection, "ds/a/"))
    assert (caught.value.is_transient, caught.value.reasons[0].facts["fault"]) == (False, "TLS")
    monkeypatch.setenv("PGSSLROOTCERT", str(warehouse.certificate))
    issued = provider.issue(spec_for(connection, "ds/a/"))
    assert issued.secret.reveal()["sslmode"] == "verify-full"
    assert [
        probe for probe in provider.verify(spec_for(connection, "ds/a/"), issued.secret) if not probe.passed
    ] == []
    provider.revoke(issued.handle)
    far = replace(connection, endpoint=connection.endpoint.replace("127.0.0.1", "localhost"))
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(spec_for(far, "ds/a/"))
    assert caught.value.reasons[0].facts["fault"] == "TLS"
