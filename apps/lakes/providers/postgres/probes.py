"""Questions put to a warehouse with a key in hand. Everything that would change something is taken back.

A write is tried on no row: the server looks at the right before it looks for rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
from psycopg import errors, sql

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Access, CredentialSpec, Probe, Scope
from apps.lakes.providers.postgres.address import Table, table_of
from apps.lakes.providers.postgres.faults import LOGIN_REFUSED, faults_by_meaning
from apps.lakes.providers.postgres.sessions import Session, Sessions
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER
from apps.lakes.providers.secret import Secret

YES, NO, NONE = "yes", "no", "none"
SHOWN = 3
DEAD = "ended"

# Of the house: what an extension brings is open to everybody by its own design.
_TABLES: LiteralString = """FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
        AND objid = pg_class.oid AND deptype = 'e')"""
_BESIDE: LiteralString = (
    "SELECT nspname, relname "
    + _TABLES
    + """ AND has_schema_privilege(nspname, 'USAGE')
    AND (has_any_column_privilege(pg_class.oid, 'SELECT, INSERT, UPDATE')
        OR has_table_privilege(pg_class.oid, 'DELETE, TRUNCATE'))
    ORDER BY nspname, relname"""
)
_ANOTHER: LiteralString = (
    "SELECT nspname, relname "
    + _TABLES
    + """ AND (nspname, relname) <> ALL(SELECT unnest(%s::text[]), unnest(%s::text[]))
    ORDER BY nspname, relname LIMIT 1"""
)
_MADE: LiteralString = """SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND has_schema_privilege(nspname, 'CREATE') ORDER BY nspname"""
_DUTIES: LiteralString = """SELECT rolsuper, rolcreaterole,
    pg_has_role(current_user, 'pg_signal_backend', 'USAGE') FROM pg_roles WHERE rolname = current_user"""
_PASSED_ON: LiteralString = (
    "SELECT nspname, relname "
    + _TABLES
    + """ AND (%s = '' OR nspname = %s) AND (%s = '' OR relname = %s)
    AND nspname ~ %s AND relname ~ %s
    AND has_schema_privilege(nspname, 'USAGE WITH GRANT OPTION')
    AND has_table_privilege(pg_class.oid, 'SELECT WITH GRANT OPTION')
    ORDER BY nspname, relname LIMIT 1"""
)
_IN_GRAMMAR = r"^[A-Za-z0-9!_.()=+-]*[A-Za-z0-9!_()=+-][A-Za-z0-9!_.()=+-]*$"


def probe(name: str, expected: str, observed: str) -> Probe:
    return Probe(name=name, expected=expected, observed=observed, passed=observed == expected)


def key_probes(spec: CredentialSpec, secret: Secret, sessions: Sessions) -> tuple[Probe, ...]:
    """Inside allowed, outside denied, writing as scoped, for every table of the key."""
    try:
        with sessions.of_key(secret) as session, faults_by_meaning("probe"):
            return tuple(_key_probes(spec, session))
    except LakewardenError as failure:
        return (probe("log in with the key", ALLOWED, _told(failure)),)


def login(secret: Secret, sessions: Sessions) -> str:
    """Whether a key is let in."""
    try:
        with sessions.of_key(secret):
            return ALLOWED
    except LakewardenError as failure:
        told = _told(failure)
        return DENIED_ANSWER if told == LOGIN_REFUSED else told


def duty_probes(session: Session) -> Iterator[Probe]:
    """What the portal's own role may, and must not be."""
    row = session.execute(_DUTIES).fetchone() or (False, False, False)
    is_super, makes_roles, ends_sessions = (YES if each else NO for each in row)
    yield probe("the portal's role is a superuser", NO, is_super)
    yield probe("the portal's role makes roles (CREATEROLE)", YES, makes_roles)
    yield probe("the portal's role ends sessions (pg_signal_backend)", YES, ends_sessions)


def membership_probe(session: Session, role: str) -> Probe:
    row = session.execute("SELECT pg_has_role(current_user, %s, 'USAGE')", [role]).fetchone()
    return probe("the portal's role is a member of the key's", YES, YES if row and row[0] else NO)


def table_to_try(session: Session, database: str, prefix: str) -> Table | None:
    """One within the root that the portal's role may pass on."""
    schema, _, name = prefix.removesuffix("/").partition("/")
    row = session.execute(_PASSED_ON, [schema, schema, name, name, _IN_GRAMMAR, _IN_GRAMMAR]).fetchone()
    return None if row is None else Table(database=database, schema=row[0], name=row[1])


def is_alive(session: Session) -> str:
    try:
        session.execute("SELECT 1")
    except psycopg.OperationalError:
        return DEAD
    return ALLOWED


def _key_probes(spec: CredentialSpec, session: Session) -> Iterator[Probe]:
    tables = {table_of(scope) for scope in spec.scopes}
    for scope in spec.scopes:
        yield from _scope_probes(scope, spec.scopes, session)
    beside = [f"{schema}/{name}/" for schema, name in session.execute(_BESIDE)]
    mine = {f"{table.schema}/{table.name}/" for table in tables}
    yield probe("tables open beside", NONE, _listed([each for each in beside if each not in mine]))
    made = [schema for (schema,) in session.execute(_MADE)]
    yield probe("schemas in which the key makes things", NONE, _listed(made))
    schemas, names = [table.schema for table in tables], [table.name for table in tables]
    another = session.execute(_ANOTHER, [schemas, names]).fetchone()
    if another is not None:
        yield _ask(f"read {another[0]}/{another[1]}/", DENIED_ANSWER, session, _reading(*another))


def _scope_probes(scope: Scope, scopes: tuple[Scope, ...], session: Session) -> Iterator[Probe]:
    table = table_of(scope)
    named = sql.Identifier(table.schema, table.name)
    same = [other for other in scopes if table_of(other) == table]
    is_whole = any(other.columns is None for other in same)
    if scope.columns is not None:
        columns = sql.SQL(", ").join(sql.Identifier(each) for each in sorted(scope.columns))
        inside = sql.SQL("SELECT {} FROM {} LIMIT 0").format(columns, named)
        yield _ask(f"read columns of {table}", ALLOWED, session, inside)
    whole = ALLOWED if is_whole or _opens_all(session, table, same) else DENIED_ANSWER
    yield _ask(f"read all of {table}", whole, session, _reading(table.schema, table.name))
    writes = any(other.access is Access.WRITE for other in same)
    removing = sql.SQL("DELETE FROM {} WHERE false").format(named)
    yield _ask(f"change rows of {table}", ALLOWED if writes else DENIED_ANSWER, session, removing)


def _opens_all(session: Session, table: Table, same: list[Scope]) -> bool:
    query: LiteralString = """SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = %s AND relname = %s AND attnum > 0 AND NOT attisdropped"""
    opened = {column for scope in same for column in scope.columns or ()}
    return {column for (column,) in session.execute(query, [table.schema, table.name])} <= opened


def _reading(schema: str, name: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(schema, name))


def _ask(name: str, expected: str, session: Session, statement: sql.Composed) -> Probe:
    return probe(name, expected, _observed(session, statement))


def _observed(session: Session, statement: sql.Composed) -> str:
    """`allowed`, `denied`, or what went wrong instead."""
    try:
        with session.transaction(force_rollback=True):
            session.execute(statement)
    except errors.InsufficientPrivilege:
        return DENIED_ANSWER
    except psycopg.Error as error:
        return type(error).__name__
    return ALLOWED


def _listed(names: list[str]) -> str:
    if not names:
        return NONE
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _told(failure: LakewardenError) -> str:
    return str(failure.reasons[0].facts.get("fault", failure.code))
