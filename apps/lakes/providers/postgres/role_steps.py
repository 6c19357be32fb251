"""How the portal's role in a warehouse is made by hand: for psql, by whoever heads the warehouse."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from apps.lakes.prefix import StorageRoot
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.setup import RoleStep, sign_in_step

ROLE = "lakewarden"
PASSED_ON = "TO lakewarden WITH GRANT OPTION"
# Of a root that is a whole database: every schema there is now, each by a statement that psql makes and runs.
_EVERY_SCHEMA = (
    f"SELECT format('GRANT USAGE ON SCHEMA %I {PASSED_ON}', nspname),",
    f"    format('GRANT SELECT ON ALL TABLES IN SCHEMA %I {PASSED_ON}', nspname)",
    r"FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' \gexec",
)


def role_steps(connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]:
    """In the order in which they are done; who may assume a role is no question here."""
    databases = sorted({root.bucket.text for root in connection.roots})
    made = (
        f"CREATE ROLE {ROLE} LOGIN CREATEROLE PASSWORD '…';",
        f"GRANT pg_signal_backend TO {ROLE};",
    )
    passed_on = (
        "-- Where keys also write: INSERT, UPDATE and DELETE too, and USAGE on sequences.",
        *(line for database in databases for line in _of_database(connection, database)),
    )
    return (
        RoleStep(slug="role", title=_("Make the role of the portal"), text="\n".join(made)),
        RoleStep(
            slug="grants",
            title=_("Let it pass on what keys may reach"),
            text="\n".join(passed_on),
        ),
        sign_in_step(connection),
    )


def _of_database(connection: ConnectionSpec, database: str) -> Iterator[str]:
    name = quoted(database)
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;"
    yield f"GRANT CONNECT ON DATABASE {name} {PASSED_ON};"
    yield rf"\connect {name}"
    for root in connection.roots:
        if root.bucket.text == database:
            yield from _of_root(root)


def _of_root(root: StorageRoot) -> Iterator[str]:
    schema, _slash, table = root.prefix.removesuffix("/").partition("/")
    if not schema:
        yield from _EVERY_SCHEMA
        return
    tables = f"{quoted(schema)}.{quoted(table)}" if table else f"ALL TABLES IN SCHEMA {quoted(schema)}"
    yield f"GRANT USAGE ON SCHEMA {quoted(schema)} {PASSED_ON};"
    yield f"GRANT SELECT ON {tables} {PASSED_ON};"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
