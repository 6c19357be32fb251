"""A day passes for a database, and with it for everything that asks the database what time it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from django.db import connection
from psycopg import sql

from portal.embedded import OWNER_ROLE
from portal.embedded.postgres import Postgres
from tests.clones import name_in_use

AHEAD = """
CREATE SCHEMA ahead;
GRANT USAGE ON SCHEMA ahead TO PUBLIC;
CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 day' $$;
"""
FOUND_FIRST = "ALTER DATABASE {} SET search_path = ahead, pg_catalog, public"


@contextlib.contextmanager
def a_day_later(postgres: Postgres) -> Iterator[None]:
    """Its clock is found before the one that it came with, by whoever connects from now on."""
    name = name_in_use()
    with psycopg.connect(postgres.url(OWNER_ROLE, name), autocommit=True) as owner:
        owner.execute(AHEAD)
        owner.execute(sql.SQL(FOUND_FIRST).format(sql.Identifier(name)))
        connection.close()
        try:
            yield
        finally:
            owner.execute(sql.SQL("ALTER DATABASE {} RESET search_path").format(sql.Identifier(name)))
            owner.execute("DROP SCHEMA ahead CASCADE")
            connection.close()
