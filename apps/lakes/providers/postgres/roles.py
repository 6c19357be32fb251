"""The role behind one key: how it is made, seen and ended.

Its name is the lease's id and no person's name: every user of the server can read the names of roles. All of
it is made in one transaction, so that a key is whole or not there. The password reaches the server as the
verifier that it keeps, and so cannot stand in its log.

Two who change the rights of one table, schema or database at once collide in the catalog ("tuple concurrently
updated"): whoever does it waits for an advisory lock first. Holders of keys can take that lock too, and so
nobody waits long for it, and nothing depends on it: who collides all the same is told to try again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg import errors, sql

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.providers.postgres.address import Table, table_of
from apps.lakes.providers.postgres.sessions import LOCK_SECONDS, Session
from apps.policy.reason import Reason, Value, declare

TABLE_MISSING = declare(
    "LAKE_TABLE_MISSING",
    "There is no table or view %(place)s in the warehouse.",
    "Ask the data steward whether it was moved, or not made yet.",
)
COLUMNS_MISSING = declare(
    "LAKE_COLUMNS_MISSING",
    "%(place)s has no such columns as the key is limited to: %(columns)s.",
    "Ask the data steward to register the version with the columns it has.",
)
NOT_PASSED_ON = declare(
    "LAKE_NOT_PASSED_ON",
    "The warehouse lets the portal not pass on %(right)s on %(place)s.",
    "Ask the administrator to grant it to the portal's role WITH GRANT OPTION, and to test the connection.",
)
OPEN_TO_ALL = declare(
    "LAKE_OPEN_TO_ALL",
    "In the warehouse everybody has %(right)s on %(place)s; a key that is narrower cannot be made.",
    "Ask the administrator of the warehouse to revoke it from PUBLIC.",
)

PREFIX = "lakewarden_key_"
CONNECTIONS = 10
QUEUE_SECONDS = 2
LETS_INHERIT_SINCE = 160000
ENDING_MILLISECONDS = 3000
_QUEUE = 4714
_WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
_WRITER = ("INSERT", "UPDATE", "DELETE")
_RELATIONS = "rpvmf"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role of a key, as the server knows it."""

    oid: int
    name: str
    lets_in: bool


def role_name(lease_id: UUID) -> str:
    return f"{PREFIX}{lease_id.hex}"


def new_password() -> str:
    return secrets.token_urlsafe(32)


def make_role(
    session: Session, name: str, password: str, *, ttl: timedelta, scopes: tuple[Scope, ...]
) -> None:
    """The role with its rights and its end, and nothing wider, in one transaction.

    Raises: ProviderFailure (a table, a column or a right is missing, or too much is open), psycopg.Error.
    """
    verifier = session.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    with session.transaction():
        _queue_up(session)
        _create(session, name, verifier, ttl)
        _let_connect(session, name)
        for scope in scopes:
            _grant(session, name, scope)
        for scope in scopes:
            _expect_rights(session, name, scope, scopes)


def find_role(session: Session, name: str) -> Role | None:
    found = session.execute("SELECT oid, rolcanlogin FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    return None if found is None else Role(oid=found[0], name=name, lets_in=found[1])


def shut(session: Session, role: Role) -> None:
    """From here on nobody comes in with the key."""
    session.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role.name)))


def end_sessions(session: Session, role: Role) -> int:
    """Ends what is open, and waits until it is gone; returns how many were.  Raises: psycopg.Error."""
    ended = session.execute(
        "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE usesysid = %s",
        [ENDING_MILLISECONDS, role.oid],
    )
    return len(ended.fetchall())


def has_sessions(session: Session, role: Role) -> bool:
    found = session.execute("SELECT 1 FROM pg_stat_activity WHERE usesysid = %s LIMIT 1", [role.oid])
    return found.fetchone() is not None


def databases_with(session: Session, role: Role) -> list[str]:
    """Where the role has rights or things of its own."""
    query = """SELECT DISTINCT datname FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
        WHERE refclassid = 'pg_authid'::regclass AND refobjid = %s ORDER BY datname"""
    return [name for (name,) in session.execute(query, [role.oid])]


def take_rights(session: Session, role: Role) -> None:
    """All that it has in this database, and on the database."""
    with session.transaction():
        _queue_up(session)
        _join(session, role.name)
        session.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role.name)))


def drop(session: Session, role: Role) -> bool:
    """False where somebody else has given it a right, which the portal cannot take: it stays, and lets nobody
    in."""
    try:
        session.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role.name)))
    except errors.DependentObjectsStillExist:
        return False
    return True


def ended_roles(session: Session, *, now: Any) -> list[Role]:
    """Of the broker's making, whose time is over by the server's clock and by `now`."""
    query = """SELECT held.oid, held.rolname, held.rolcanlogin
        FROM pg_auth_members JOIN pg_roles held ON held.oid = roleid
        WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)
        AND held.rolname ~ %s AND held.rolvaliduntil < least(%s, clock_timestamp())
        GROUP BY held.oid, held.rolname, held.rolcanlogin ORDER BY held.rolname"""
    rows = session.execute(query, [f"^{PREFIX}[0-9a-f]{{32}}$", now])
    return [Role(oid=oid, name=name, lets_in=lets_in) for oid, name, lets_in in rows]


def _queue_up(session: Session) -> None:
    try:
        with session.transaction():
            session.execute("SELECT set_config('lock_timeout', %s, true)", [f"{QUEUE_SECONDS}s"])
            session.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_QUEUE])
            session.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_SECONDS}s"])
    except errors.LockNotAvailable:
        return  # somebody holds it for long, for whatever reason


def _create(session: Session, name: str, verifier: str, ttl: timedelta) -> None:
    ((ends_at,),) = session.execute("SELECT clock_timestamp() + %s", [ttl]).fetchall()
    made = """CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS
        CONNECTION LIMIT {} PASSWORD {} VALID UNTIL {}"""
    _do(
        session,
        made,
        name,
        sql.Literal(CONNECTIONS),
        sql.Literal(verifier),
        sql.Literal(ends_at.isoformat()),
    )
    # Whoever holds the key can undo this; it spares the server the statement that everybody forgot.
    _do(session, "ALTER ROLE {} SET statement_timeout = {}", name, sql.Literal(_milliseconds(ttl)))
    _join(session, name)


def _join(session: Session, name: str) -> None:
    """Whoever takes a role's rights away and ends its sessions has to be a member of it."""
    inherits = session.info.server_version >= LETS_INHERIT_SINCE
    _do(session, f"GRANT {{}} TO CURRENT_USER{' WITH INHERIT TRUE' if inherits else ''}", name)


def _let_connect(session: Session, name: str) -> None:
    database = session.info.dbname
    may = "SELECT has_database_privilege(%s, %s, 'CONNECT')"
    if not _asked(session, may, name, database):
        _do(session, "GRANT CONNECT ON DATABASE {1} TO {0}", name, sql.Identifier(database))
    if not _asked(session, may, name, database):
        raise _refused(NOT_PASSED_ON, right="CONNECT", place=f"{database}/")


def _grant(session: Session, name: str, scope: Scope) -> None:
    table = table_of(scope)
    oid = _relation(session, table)
    named = sql.Identifier(table.schema, table.name)
    _do(session, "GRANT USAGE ON SCHEMA {1} TO {0}", name, sql.Identifier(table.schema))
    if scope.columns is not None:
        _expect_columns(session, table, oid, scope.columns)
        columns = sql.SQL(", ").join(sql.Identifier(each) for each in sorted(scope.columns))
        _do(session, "GRANT SELECT ({2}) ON TABLE {1} TO {0}", name, named, columns)
        return
    _do(session, "GRANT SELECT ON TABLE {1} TO {0}", name, named)
    if scope.access is Access.WRITE:
        _do(session, f"GRANT {', '.join(_WRITER)} ON TABLE {{1}} TO {{0}}", name, named)
        for sequence in _counters(session, oid):
            _do(session, "GRANT USAGE ON SEQUENCE {1} TO {0}", name, sequence)


def _relation(session: Session, table: Table) -> int:
    query = """SELECT pg_class.oid FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = %s AND relname = %s AND relkind = ANY(%s)"""
    found = session.execute(query, [table.schema, table.name, list(_RELATIONS)]).fetchone()
    if found is None:
        raise _refused(TABLE_MISSING, place=str(table))
    oid: int = found[0]
    return oid


def _expect_columns(session: Session, table: Table, oid: int, wanted: frozenset[str]) -> None:
    missing = wanted - {column for column, _ in _columns(session, oid, "public")}
    if missing:
        raise _refused(COLUMNS_MISSING, place=str(table), columns=", ".join(sorted(missing)))


def _columns(session: Session, oid: int, name: str) -> Iterator[tuple[str, bool]]:
    """Each column of a table, and whether the role reads it."""
    query = """SELECT attname, has_column_privilege(%s, attrelid, attnum, 'SELECT') FROM pg_attribute
        WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
    yield from session.execute(query, [name, oid])


def _counters(session: Session, oid: int) -> list[sql.Identifier]:
    """Sequences that number the rows of a table, and belong to it. Identity columns need no right on one."""
    query = """SELECT nspname, relname FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = %s
        AND deptype = 'a' ORDER BY nspname, relname"""
    return [sql.Identifier(schema, name) for schema, name in session.execute(query, [oid])]


def _expect_rights(session: Session, name: str, scope: Scope, scopes: tuple[Scope, ...]) -> None:
    """What is granted without the right to grant it is only warned of, and what PUBLIC has nobody is told:
    so the server is asked what the role really may.  Raises: ProviderFailure."""
    table = table_of(scope)
    oid = _relation(session, table)
    same = [other for other in scopes if table_of(other) == table]
    if not _asked(session, "SELECT has_schema_privilege(%s, %s, 'USAGE')", name, table.schema):
        raise _refused(NOT_PASSED_ON, right="USAGE", place=f"{table.database}/{table.schema}/")
    for column, is_read in _columns(session, oid, name):
        is_wanted = any(other.columns is None or column in other.columns for other in same)
        if is_read is not is_wanted:
            code = NOT_PASSED_ON if is_wanted else OPEN_TO_ALL
            raise _refused(code, right=f"SELECT ({column})", place=str(table))
    writes = any(other.access is Access.WRITE for other in same)
    for right in _WRITING:
        has = _asked(session, "SELECT has_table_privilege(%s, %s::oid, %s)", name, oid, right)
        is_wanted = writes and right in _WRITER
        if has is not is_wanted:
            raise _refused(NOT_PASSED_ON if is_wanted else OPEN_TO_ALL, right=right, place=str(table))


def _asked(session: Session, question: LiteralString, *facts: object) -> bool:
    answer = session.execute(question, facts).fetchone()
    return bool(answer and answer[0])


def _do(session: Session, statement: str, name: str, *parts: sql.Composable) -> None:
    """`statement` is written here, in this file; everything in it that is named comes as a part."""
    text: Any = statement
    session.execute(sql.SQL(text).format(sql.Identifier(name), *parts))


def _refused(code: str, **facts: Value) -> ProviderFailure:
    return ProviderFailure(Reason(code=code, facts=facts), is_transient=False)


def _milliseconds(ttl: timedelta) -> int:
    return int(ttl.total_seconds() * 1000)
