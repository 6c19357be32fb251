"""A fresh key of a warehouse as code one can paste."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.quoting import exports, sql
from apps.lakes.providers.traits import FreshKey, Snippet

PARTS = ("host", "port", "dbname", "user", "password", "sslmode")
IN_ENVIRONMENT = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGDATABASE": "dbname",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGSSLMODE": "sslmode",
}


def snippets_of(key: FreshKey) -> tuple[Snippet, ...]:
    return (
        Snippet(id="psycopg", name="psycopg", text=_psycopg(key)),
        Snippet(id="pandas", name="pandas", text=_pandas(key)),
        Snippet(id="polars", name="Polars", text=_polars(key)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(key)),
        Snippet(id="cli", name="psql", text=f"{_env(key)}\npsql --command={shlex.quote(_query(key) + ';')}"),
        Snippet(id="env", name=_("Environment variables"), text=_env(key)),
    )


def _psycopg(key: FreshKey) -> str:
    return f"""import psycopg

with psycopg.connect(
{_given(key)}) as warehouse:
    print(warehouse.execute({_query(key)!r}).fetchall())"""


def _pandas(key: FreshKey) -> str:
    return f"""import pandas as pd
from sqlalchemy import URL, create_engine

warehouse = create_engine(
    URL.create(
        "postgresql+psycopg",
        host={key.parts["host"]!r},
        port=int({key.parts["port"]!r}),
        database={key.parts["dbname"]!r},
        username={key.parts["user"]!r},
        password={key.parts["password"]!r},
        query={{"sslmode": {key.parts["sslmode"]!r}}},
    )
)
frame = pd.read_sql({_query(key)!r}, warehouse)"""


def _polars(key: FreshKey) -> str:
    return f"""import polars as pl
import psycopg

with psycopg.connect(
{_given(key)}) as warehouse:
    frame = pl.read_database({_query(key)!r}, warehouse)"""


def _duckdb(key: FreshKey) -> str:
    values = {"HOST": "host", "PORT": "port", "DATABASE": "dbname", "USER": "user", "PASSWORD": "password"}
    secret = ",\n".join(f"    {name} {sql(key.parts[part])}" for name, part in values.items())
    inside = sql(f"sslmode={key.parts['sslmode']}")
    return f"""INSTALL postgres; LOAD postgres;
CREATE SECRET warehouse (
    TYPE postgres,
{secret}
);
ATTACH {inside} AS warehouse (TYPE postgres, SECRET warehouse, READ_ONLY);
SELECT * FROM postgres_query('warehouse', {sql(_query(key))});"""  # noqa: S608 - shown, not run


def _env(key: FreshKey) -> str:
    return exports({name: key.parts[part] for name, part in IN_ENVIRONMENT.items()})


def _given(key: FreshKey) -> str:
    return "".join(f"    {name}={key.parts[name]!r},\n" for name in PARTS)


def _query(key: FreshKey) -> str:
    schema, table = _names(key)
    columns = ", ".join(_identifier(column) for column in sorted(key.columns or ())) or "*"
    return f"SELECT {columns} FROM {_identifier(schema)}.{_identifier(table)} LIMIT 10"  # noqa: S608 - shown, not run


def _names(key: FreshKey) -> tuple[str, str]:
    schema, _slash, table = key.prefix.removesuffix("/").partition("/")
    return schema, table


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
