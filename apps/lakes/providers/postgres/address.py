"""Where a warehouse stands, and which table a place is.

A bucket is a database and a prefix `schema/table/`. The grammar of prefixes admits no quote, and yet no name
is ever written into a statement as text: that is left to the client library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from apps.kernel.errors import InvalidInput, invalid
from apps.lakes.providers.contract import ConnectionSpec, Scope
from apps.lakes.providers.origin import check_host, is_loopback_address
from apps.policy.reason import Reason, declare

WAREHOUSE_ENDPOINT = declare(
    "LAKE_WAREHOUSE_ENDPOINT",
    "The address of a warehouse is such as postgresql://warehouse.example.org:5432: host, port, no more.",
    "Remove user, database and options from the address; the database is the bucket of a place.",
)
WAREHOUSE_PLACE = declare(
    "LAKE_WAREHOUSE_PLACE",
    "A place in a warehouse is a table: %(prefix)s is not of the form schema/table/.",
    "Name the schema and the table or view, and nothing below it.",
)
WAREHOUSE_SYSTEM = declare(
    "LAKE_WAREHOUSE_SYSTEM",
    "The schema %(schema)s belongs to the server itself.",
    "Name a schema of your own.",
)

SCHEME = "postgresql"
USUAL_PORT = 5432
LONGEST_NAME = 63
"""Longer names are cut by the server without a word, and may then be those of another table."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table or view of one database."""

    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.database}/{self.schema}/{self.name}/"


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its address and its roots are sound.

    Raises: InvalidInput with a reason for each that is not.
    """
    faults = tuple(_faults(connection))
    if faults:
        raise InvalidInput(*faults)
    return connection


def host_and_port(connection: ConnectionSpec) -> tuple[str, int]:
    parts = urlsplit(connection.endpoint)
    return parts.hostname or "", parts.port or USUAL_PORT


def sslmode(connection: ConnectionSpec) -> str:
    """The server shows who it is, save where the operator says that lakes stand on this machine."""
    may_be_plain = settings.LAKES_ON_LOOPBACK and is_loopback_address(connection.endpoint)
    return "prefer" if may_be_plain else "verify-full"


def table_of(scope: Scope) -> Table:
    """Raises: InvalidInput where the place is no table."""
    return table_at(scope.bucket.text, scope.prefix.text)


def table_at(database: str, prefix: str) -> Table:
    """Raises: InvalidInput where the place is no table."""
    segments = prefix.removesuffix("/").split("/")
    if len(segments) != 2 or any(len(each.encode()) > LONGEST_NAME for each in segments):
        raise invalid("prefix", WAREHOUSE_PLACE, prefix=prefix)
    schema, name = segments
    if schema == "information_schema" or schema.startswith("pg_"):
        raise invalid("prefix", WAREHOUSE_SYSTEM, schema=schema)
    return Table(database=database, schema=schema, name=name)


def _faults(connection: ConnectionSpec) -> Iterator[Reason]:
    try:
        _check_endpoint(connection.endpoint)
    except InvalidInput as wrong:
        yield from wrong.reasons
    for root in connection.roots:
        if root.prefix.count("/") > 2:
            yield Reason(code=WAREHOUSE_PLACE, field="roots", facts={"prefix": root.prefix})


def _check_endpoint(address: str) -> None:
    """Raises: InvalidInput."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise invalid("endpoint", WAREHOUSE_ENDPOINT) from None
    is_bare = address == f"{SCHEME}://{parts.netloc}" and parts.username is None
    if not is_bare or not host or port == 0:
        raise invalid("endpoint", WAREHOUSE_ENDPOINT)
    check_host(host, "endpoint")
