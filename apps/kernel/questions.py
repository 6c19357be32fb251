"""Questions that come again and again: put together once in a process, and planned once by a connection.

For a question that joins a dozen tables both take longer than the answer. It says the same each time but for
what is given, which goes to the server apart from the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from psycopg import Connection, Cursor
from psycopg._preparing import PrepareManager
from psycopg._queries import PostgresQuery, _query2pg_nocache
from psycopg.types.numeric import Int8
from psycopg.types.string import StrDumper

T = TypeVar("T")

PREPARED_FROM = 1
MOST_PREPARED = 300
"""For each connection; beyond that the one least lately asked is dropped."""
MOST_SHAPES = 128
KEYS = ArrayField(BigIntegerField())


class Given(Expression):
    """The place in a question of what is named when it is asked. Without a field its type follows from what
    it is compared with; with a number it is that one of several."""

    def __init__(
        self, name: str, output_field: Field[Any, Any] | None = None, number: int | None = None
    ) -> None:
        super().__init__(output_field=output_field)
        self.place = _Place(name, output_field, number)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        field = self.place.field
        return "%s" if field is None else f"%s::{field.db_type(connection)}", [self.place]


class _Place:
    """Stands among the parameters for what is given."""

    def __init__(self, name: str, field: Field[Any, Any] | None, number: int | None) -> None:
        self.name, self.field, self.number = name, field, number

    def filled(self, given: dict[str, Any], database: Any) -> Any:
        value = given[self.name] if self.number is None else given[self.name][self.number]
        if self.field is not None:
            return self.field.get_db_prep_value(value, database)
        # of one type whatever its size, so that it is one statement
        return Int8(value) if type(value) is int else value


def each_given(name: str, count: int) -> list[Any]:
    """For an IN: how many they are makes another shape. Of a list in one place the database does not know
    that it is short, and where much is joined to it makes another plan each time."""
    return [Given(name, number=number) for number in range(count)]


def among(key: str, keys: Expression | Func) -> Func:
    """A condition: the field of that name is one of these."""
    joined: dict[str, Any] = {"template": "%(expressions)s)", "arg_joiner": " = ANY("}
    return Func(F(key), keys, output_field=BooleanField(), **joined)


class Question(Generic[T]):
    """Made of a function that gives the rows to ask for, once for each shape it is asked in: whatever makes
    another statement. What only fills a place in it is `Given`."""

    def __init__(self, ask_for: Callable[..., QuerySet[Any, T]], shapes: int = MOST_SHAPES) -> None:
        self.ask_for = ask_for
        self._put_together = lru_cache(maxsize=shapes)(lambda *shape: PutTogether(ask_for(*shape)))

    def rows(self, *shape: Any, **given: Any) -> list[T]:
        """One statement, and none where nothing can be found."""
        try:
            put_together = self._put_together(*shape)
        except EmptyResultSet:
            return []
        with planned_once():
            return list(put_together.filled(given))

    def first(self, *shape: Any, **given: Any) -> T | None:
        return next(iter(self.rows(*shape, **given)), None)


class PutTogether:
    """The statement of a question in one shape, and how its rows are read."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._compiler = rows.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        self._sql, self._parameters = self._compiler.as_sql()
        shown = [expression for expression, *_ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(shown)
        # past the property, which would have it answer in another form
        rows._query, self._rows = rows.query.chain(_Filled), rows  # type: ignore[attr-defined]

    def filled(self, given: dict[str, Any]) -> QuerySet[Any, Any]:
        """Raises: TransactionManagementError, where it would lock, and no transaction would hold the lock."""
        database: Any = connections[DEFAULT_DB_ALIAS]
        if self._rows.query.select_for_update and database.get_autocommit():
            raise TransactionManagementError("A lock is held by a transaction.")
        values = (
            each.filled(given, database) if isinstance(each, _Place) else each for each in self._parameters
        )
        rows = self._rows.all()
        said = self._sql, tuple(values)
        query: Any = rows.query
        query.compiled = _Compiled(self._compiler, database, said, self._converters)
        return rows


class _Filled(Query):
    compiled: SQLCompiler

    def chain(self, klass: Any = None) -> Any:
        return copy(self)

    def get_compiler(self, *_args: Any, **_given: Any) -> SQLCompiler:
        return self.compiled


class _Compiled(SQLCompiler):
    """What a compiler has found out, with the statement it made."""

    def __init__(self, done: SQLCompiler, database: Any, said: tuple[str, tuple[Any, ...]], how: Any) -> None:
        self.__dict__.update(done.__dict__)
        self.connection, self._said, self._converters = database, said, how

    def as_sql(self, *_args: Any, **_given: Any) -> tuple[str, tuple[Any, ...]]:
        return self._said

    def get_converters(self, _expressions: Any) -> Any:
        return self._converters


class Statements(PrepareManager):
    """Those of a session. They outlive what is rolled back, as they do in the database: the portal's role
    changes no tables, and whoever does works in another session."""

    prepare_threshold = None
    prepared_max = MOST_PREPARED

    def clear(self) -> bool:
        return False

    def anew(self) -> Statements:
        """None of them, and names that none of them had: the server keeps them until the session ends."""
        others = Statements()
        others._prepared_idx = self._prepared_idx
        return others


_places_of = lru_cache(maxsize=MOST_PREPARED)(_query2pg_nocache)


class PlannedQuery(PostgresQuery):
    """The driver looks for places anew in each long statement, since most are never asked again."""

    def convert(self, query: Any, vars: Any) -> None:
        if vars is None:
            super().convert(query, vars)
            return
        text = self._ensure_bytes(query)
        self.query, self._want_formats, self._order, self._parts = _places_of(text, self._tx.encoding)
        self.dump(vars)


class PlannedCursor(Cursor[Any]):
    _query_cls = PlannedQuery

    def __init__(self, session: Connection[Any]) -> None:
        super().__init__(session)
        self.adapters.register_dumper(str, StrDumper)

    def execute(self, query: Any, params: Any = None, **given: Any) -> Any:
        return super().execute(query, params, prepare=True, **given)

    def _send_query_prepared(self, name: bytes, pgq: PostgresQuery, *, binary: bool | None = None) -> None:
        # for whoever counts statements: of those that are prepared the driver keeps nothing
        self._query = pgq
        super()._send_query_prepared(name, pgq, binary=binary)


@contextmanager
def planned_once() -> Iterator[None]:
    """Within it every statement of this thread's connection is prepared; what is streamed is not.

    The connection must be its own session: a pooler that lends one to many transactions forgets statements,
    as it forgets the locks of sessions.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if _planned in database.execute_wrappers:
        yield
        return
    with database.execute_wrapper(_planned):
        yield


def _planned(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    used = context["cursor"]
    if many or getattr(used.cursor, "name", None):
        return execute(sql, params, many, context)
    session: Connection[Any] = context["connection"].connection
    kept = session._prepared if isinstance(session._prepared, Statements) else Statements()
    used.cursor.close()
    used.cursor = PlannedCursor(session)
    try:
        with _preparing(session, kept):
            return execute(sql, params, many, context)
    except NotSupportedError:
        # A migration has changed what a kept plan answers with. Whoever is in a transaction has lost it.
        with _preparing(session, kept.anew()):
            if context["connection"].in_atomic_block:
                raise
            return execute(sql, params, many, context)


@contextmanager
def _preparing(session: Connection[Any], statements: Statements) -> Iterator[None]:
    """What is asked beside it is not prepared."""
    session._prepared = statements
    session.prepare_threshold = PREPARED_FROM
    try:
        yield
    finally:
        session.prepare_threshold = None
