"""What a key of a warehouse opens, on real servers: these columns of these tables, and nothing beside them.

The table has three columns; the key is to two of them, and `driller` is what it must not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from apps.kernel.errors import InvalidInput, LakewardenError, ProviderFailure
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import Access, CredentialSpec, Issued, Scope
from tests.lab.warehouse import BROKER, Session, Warehouse
from tests.lakes.conftest import BUCKET, OTHER_BUCKET, scope_at, spec_for

pytestmark = pytest.mark.lake
SEEN = frozenset({"depth", "porosity"})

OPEN = [
    "SELECT depth FROM ds.a",
    "SELECT depth, porosity FROM ds.a WHERE porosity > 0 ORDER BY depth",
    "SELECT count(*) FROM ds.a",
    "SELECT sum(depth) FROM ds.a GROUP BY porosity HAVING max(porosity) > 0",
    "SELECT depth FROM ds.a TABLESAMPLE SYSTEM (100)",
    "SELECT one.depth FROM ds.a one JOIN ds.a two USING (depth, porosity)",
    "WITH seen AS (SELECT depth FROM ds.a) TABLE seen",
    "COPY ds.a (depth, porosity) TO STDOUT",
    "COPY (SELECT depth FROM ds.a) TO STDOUT",
    "EXPLAIN ANALYZE SELECT depth FROM ds.a",
    "DO $$ BEGIN PERFORM depth FROM ds.a; END $$",
]
SHUT = [
    "SELECT * FROM ds.a",
    "TABLE ds.a",
    "SELECT driller FROM ds.a",
    "SELECT a FROM ds.a",
    "SELECT a.* FROM ds.a",
    "SELECT to_json(a) FROM ds.a",
    "SELECT count(a) FROM ds.a",
    "SELECT count(driller) FROM ds.a",
    "SELECT depth FROM ds.a WHERE driller = 'somebody'",
    "SELECT depth FROM ds.a ORDER BY driller",
    "SELECT count(*) FROM ds.a GROUP BY driller",
    "SELECT DISTINCT ON (driller) depth FROM ds.a",
    "SELECT rank() OVER (PARTITION BY driller) FROM ds.a",
    "SELECT one.depth FROM ds.a one JOIN ds.a two USING (driller)",
    "SELECT count(*) FROM ds.a one NATURAL JOIN ds.a two",
    "SELECT 1 WHERE EXISTS (SELECT FROM ds.a WHERE driller LIKE 's%')",
    "SELECT * FROM ds.a TABLESAMPLE SYSTEM (100)",
    "SELECT driller FROM ONLY ds.a",
    "COPY ds.a TO STDOUT",
    "COPY ds.a (driller) TO STDOUT",
    "COPY (SELECT driller FROM ds.a) TO STDOUT",
    "EXPLAIN SELECT depth FROM ds.a WHERE driller = 'somebody'",
    "DO $$ BEGIN PERFORM driller FROM ds.a; END $$",
    "DO $$ BEGIN PERFORM a FROM ds.a; END $$",
    "SELECT ctid FROM ds.a",
    "SELECT xmin FROM ds.a",
    "SELECT depth FROM ds.a FOR UPDATE",
    "SELECT depth FROM ds.a FOR KEY SHARE",
    "DECLARE here CURSOR WITH HOLD FOR SELECT driller FROM ds.a",
]
WRITING = [
    "INSERT INTO ds.a (depth) VALUES (3)",
    "UPDATE ds.a SET depth = 4",
    "DELETE FROM ds.a",
    "TRUNCATE ds.a",
    "COPY ds.a (depth) FROM STDIN",
    "MERGE INTO ds.a USING (VALUES (1)) AS new (depth) ON false WHEN NOT MATCHED THEN INSERT VALUES (1)",
    "LOCK TABLE ds.a IN SHARE MODE",
    "ALTER TABLE ds.a DISABLE TRIGGER ALL",
    "COMMENT ON TABLE ds.a IS 'mine'",
    "CREATE INDEX ON ds.a (depth)",
    "CREATE VIEW ds.mine AS SELECT depth FROM ds.a",
    "CREATE TABLE ds.mine (depth integer)",
    "CREATE TABLE public.mine (depth integer)",
    "CREATE TEMPORARY TABLE mine AS SELECT depth FROM ds.a",
    "CREATE SCHEMA mine",
]
BESIDE = [
    "SELECT depth FROM ds.ab",
    "SELECT depth FROM ds.b",
    'SELECT depth FROM ds."top.csv"',
    "SELECT depth FROM own.w",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_statistic",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY ds.a (depth) TO '/tmp/out'",
    "COPY ds.a (depth) TO PROGRAM 'true'",
    f"SET ROLE {BROKER}",
    f"SET SESSION AUTHORIZATION {BROKER}",
    "CREATE ROLE another",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'",
    "SELECT pg_reload_conf()",
    "CREATE EXTENSION dblink",
]


@pytest.fixture
def to_columns(warehouse: Warehouse) -> Iterator[Session]:
    yield from held(warehouse, scope_at("ds/a/", columns=SEEN))


@pytest.fixture
def to_all(warehouse: Warehouse) -> Iterator[Session]:
    yield from held(warehouse, scope_at("ds/a/"))


def held(warehouse: Warehouse, *scopes: Scope) -> Iterator[Session]:
    """A session with a key to these places; the key ends with the test."""
    issued = issue(warehouse, *scopes)
    with closing(warehouse.key_session(issued.secret.reveal())) as session:
        yield session
    warehouse.provider().revoke(issued.handle)


def issue(warehouse: Warehouse, *scopes: Scope, **changes: Any) -> Issued:
    connection = warehouse.connection(BUCKET, OTHER_BUCKET, **changes)
    spec = spec_for(connection, "ds/a/")
    return warehouse.provider().issue(
        CredentialSpec(
            lease_id=spec.lease_id, connection=connection, scopes=scopes, ttl=timedelta(seconds=900)
        )
    )


def opens(session: Session, statement: str) -> bool:
    """Whether the server carries it out; any other refusal than one of rights is an error of the test."""
    try:
        with session.transaction(force_rollback=True):
            if statement.startswith("COPY") and "STD" in statement:
                with session.cursor().copy(statement.encode()) as copied:
                    if "STDOUT" in statement:
                        list(copied)
            else:
                session.execute(statement.encode())
    except errors.InsufficientPrivilege:
        return False
    return True


def refusal(act: Callable[[], object]) -> LakewardenError:
    with pytest.raises(LakewardenError) as caught:
        act()
    return caught.value


def test_a_key_to_columns_reads_them_in_every_way(to_columns: Session) -> None:
    assert [statement for statement in OPEN if not opens(to_columns, statement)] == []


def test_a_key_to_columns_shows_no_other_in_any_way(to_columns: Session) -> None:
    assert [statement for statement in SHUT if opens(to_columns, statement)] == []


def test_a_key_to_columns_writes_and_makes_nothing(to_columns: Session) -> None:
    assert [statement for statement in WRITING if opens(to_columns, statement)] == []


def test_a_key_opens_nothing_beside_its_table(to_all: Session) -> None:
    assert [statement for statement in BESIDE if opens(to_all, statement)] == []


def test_a_key_passes_nothing_on(warehouse: Warehouse, to_all: Session) -> None:
    """Some releases refuse, others warn and do nothing."""
    with suppress(errors.InsufficientPrivilege):
        to_all.execute("GRANT SELECT (depth) ON ds.a TO PUBLIC")
    query = (
        "SELECT FROM information_schema.column_privileges WHERE table_schema = 'ds' AND grantee = 'PUBLIC'"
    )
    with closing(warehouse.session(BUCKET)) as head:
        assert head.execute(query).fetchall() == []


def test_control_a_key_to_the_whole_table_reads_all_of_it(to_all: Session) -> None:
    reading = [each for each in SHUT if " FOR " not in each.replace(" FOR SELECT", "")]
    assert [statement for statement in reading if not opens(to_all, statement)] == []


def test_statistics_of_a_hidden_column_are_hidden_and_its_name_is_not(
    warehouse: Warehouse, to_columns: Session
) -> None:
    with closing(warehouse.session(BUCKET)) as head:
        head.execute("ANALYZE ds.a")
    statistics, columns, catalog = (
        {name for (name,) in to_columns.execute(query)}
        for query in (
            b"SELECT attname FROM pg_stats WHERE tablename = 'a' AND schemaname = 'ds'",
            b"SELECT column_name FROM information_schema.columns WHERE table_schema = 'ds'",
            b"SELECT attname FROM pg_attribute WHERE attrelid = 'ds.a'::regclass AND attnum > 0",
        )
    )
    assert statistics == columns == SEEN
    assert catalog == SEEN | {"driller"}


def test_a_key_to_a_view_opens_the_view_and_not_what_lies_under_it(warehouse: Warehouse) -> None:
    with closing(warehouse.session(BUCKET)) as head:
        head.execute("CREATE OR REPLACE VIEW ds.shown AS SELECT depth, driller FROM ds.a WHERE depth > 0")
        head.execute(f"GRANT SELECT ON ds.shown TO {BROKER} WITH GRANT OPTION".encode())
    (whole,), (narrow,) = (
        list(told(warehouse, scope))
        for scope in (scope_at("ds/shown/"), scope_at("ds/shown/", columns=frozenset({"depth"})))
    )
    assert whole == {"view": True, "column": True, "table": False}
    assert narrow == {"view": False, "column": True, "table": False}


def told(warehouse: Warehouse, scope: Scope) -> Iterator[dict[str, bool]]:
    for session in held(warehouse, scope):
        yield {
            "view": opens(session, "SELECT * FROM ds.shown"),
            "column": opens(session, "SELECT depth FROM ds.shown"),
            "table": opens(session, "SELECT depth FROM ds.a"),
        }


def test_a_writer_writes_rows_and_numbers_them_and_does_no_more(warehouse: Warehouse) -> None:
    with closing(warehouse.session(BUCKET)) as head:
        head.execute("CREATE TABLE IF NOT EXISTS own.numbered (id serial, depth integer)")
        for what, rights in (("own.numbered", "ALL"), ("own.numbered_id_seq", "ALL")):
            kind = "SEQUENCE" if what.endswith("_seq") else "TABLE"
            head.execute(f"GRANT {rights} ON {kind} {what} TO {BROKER} WITH GRANT OPTION".encode())
    for session in held(warehouse, scope_at("own/numbered/", access=Access.WRITE)):
        for statement in (
            "INSERT INTO own.numbered (depth) VALUES (1)",
            "UPDATE own.numbered SET depth = 2",
            "DELETE FROM own.numbered",
            "SELECT * FROM own.numbered FOR UPDATE",
        ):
            assert opens(session, statement)
        for statement in ("TRUNCATE own.numbered", "ALTER TABLE own.numbered ADD more integer"):
            assert not opens(session, statement)


def test_names_that_look_like_statements_are_names(warehouse: Warehouse) -> None:
    odd = 'x"; DROP TABLE ds.b; --'
    table = sql.Identifier("ds", "a(b)!")
    with closing(warehouse.session(BUCKET)) as head:
        made = sql.SQL("CREATE TABLE IF NOT EXISTS {} (depth integer, {} integer)")
        head.execute(made.format(table, sql.Identifier(odd)))
        head.execute(
            sql.SQL("GRANT SELECT ON {} TO {} WITH GRANT OPTION").format(table, sql.Identifier(BROKER))
        )
        for session in held(warehouse, scope_at("ds/a(b)!/", columns=frozenset({odd}))):
            seen = sql.SQL("SELECT {} FROM {}").format(sql.Identifier(odd), table).as_string()
            assert opens(session, seen)
            assert not opens(session, sql.SQL("SELECT depth FROM {}").format(table).as_string())
        assert head.execute("SELECT count(*) FROM ds.b").fetchone() == (1,)


def test_what_everybody_may_makes_no_narrower_key(warehouse: Warehouse) -> None:
    before = warehouse.roles()
    with closing(warehouse.session(BUCKET)) as head:
        for given, scope, right in (
            ("SELECT (driller)", scope_at("ds/a/", columns=SEEN), "SELECT (driller)"),
            ("DELETE", scope_at("ds/a/"), "DELETE"),
        ):
            head.execute(f"GRANT {given} ON ds.a TO PUBLIC".encode())
            fault = refusal(lambda scope=scope: issue(warehouse, scope))  # type: ignore[misc]
            head.execute(f"REVOKE {given} ON ds.a FROM PUBLIC".encode())
            assert fault.code == "LAKE_OPEN_TO_ALL"
            assert fault.reasons[0].facts == {"right": right, "place": f"{BUCKET}/ds/a/"}
    assert warehouse.roles() == before


def test_what_the_portal_may_not_pass_on_makes_no_key(warehouse: Warehouse) -> None:
    before = warehouse.roles()
    with closing(warehouse.session(BUCKET)) as head:
        head.execute("CREATE TABLE IF NOT EXISTS ds.kept (depth integer, porosity integer)")
        head.execute(f"GRANT SELECT ON ds.kept TO {BROKER}".encode())
        fault = refusal(lambda: issue(warehouse, scope_at("ds/kept/")))
        assert fault.code == "LAKE_NOT_PASSED_ON"
        head.execute(f"REVOKE ALL ON ds.kept FROM {BROKER}".encode())
        fault = refusal(lambda: issue(warehouse, scope_at("ds/kept/")))
    assert (fault.code, fault.reasons[0].facts["fault"]) == ("LAKE_REFUSED", "InsufficientPrivilege")
    assert warehouse.roles() == before


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (scope_at("ds/nothing/"), "LAKE_TABLE_MISSING"),
        (scope_at("ds/a/", columns=frozenset({"depth", "absent"})), "LAKE_COLUMNS_MISSING"),
        (scope_at("ds/a/part/"), "LAKE_WAREHOUSE_PLACE"),
        (scope_at("pg_catalog/pg_class/"), "LAKE_WAREHOUSE_SYSTEM"),
    ],
)
def test_a_place_that_is_no_table_makes_no_key(warehouse: Warehouse, scope: Scope, code: str) -> None:
    before = warehouse.roles()
    fault = refusal(lambda: issue(warehouse, scope))
    assert fault.code == code
    assert isinstance(fault, ProviderFailure | InvalidInput)
    assert warehouse.roles() == before


def test_one_key_opens_one_database(warehouse: Warehouse) -> None:
    fault = refusal(lambda: issue(warehouse, scope_at("ds/a/"), scope_at("ds/a/", bucket=OTHER_BUCKET)))
    assert fault.code == "LAKE_SEVERAL_DATABASES"
    issued = issue(warehouse, scope_at("ds/a/", bucket=OTHER_BUCKET))
    parts = issued.secret.reveal()
    assert parts["dbname"] == OTHER_BUCKET
    warehouse.key_session(parts).close()
    with pytest.raises(psycopg.OperationalError):
        warehouse.key_session(parts, BUCKET)
    warehouse.provider().revoke(issued.handle)


def test_the_password_of_a_key_is_in_no_statement_that_the_server_logs(warehouse: Warehouse) -> None:
    issued = issue(warehouse, scope_at("ds/a/"))
    parts = issued.secret.reveal()
    warehouse.provider().revoke(issued.handle)
    log = warehouse.log
    assert f'CREATE ROLE "{parts["user"]}"' in log
    assert "SCRAM-SHA-256$" in log
    assert parts["password"] not in log


def test_a_root_may_be_a_schema_or_a_table_and_nothing_below(warehouse: Warehouse) -> None:
    def rooted(prefix: str) -> tuple[StorageRoot, ...]:
        return (StorageRoot(bucket=BucketName(text=BUCKET), prefix=prefix),)

    for prefix in ("ds/", "ds/a/"):
        probes = warehouse.provider().verify_connection(warehouse.connection(roots=rooted(prefix)))
        assert [probe for probe in probes if not probe.passed] == []
    fault = refusal(
        lambda: warehouse.provider().verify_connection(warehouse.connection(roots=rooted("ds/a/b/")))
    )
    assert (fault.code, fault.reasons[0].field) == ("LAKE_WAREHOUSE_PLACE", "roots")
