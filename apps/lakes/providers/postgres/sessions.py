"""Sessions with a warehouse, bounded in time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from apps.kernel.errors import NotFound, ProviderFailure
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.faults import LAKE_THING_MISSING
from apps.lakes.providers.keyring import Duty, SecretSource
from apps.lakes.providers.postgres.address import host_and_port, sslmode
from apps.lakes.providers.postgres.faults import LOGIN_REFUSED, failed_connection, faults_by_meaning
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason

CONNECT_SECONDS = 3
STATEMENT_SECONDS = 8
LOCK_SECONDS = 4
MAINTENANCE = "postgres"
"""The database that every server has; asked only whether another one is there."""

Session = psycopg.Connection[tuple[Any, ...]]

# No password goes to a server that does not prove that it knows it too.
_FIXED = {"gssencmode": "disable", "require_auth": "scram-sha-256", "client_encoding": "utf8"}
_LIMITS = (
    f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s -c search_path="
    f" -c idle_in_transaction_session_timeout={STATEMENT_SECONDS}s"
)


class Sessions:
    """Opens sessions of the broker and of keys. None is kept: what is done with one is rare and short."""

    def __init__(self, secrets: SecretSource) -> None:
        self._secrets = secrets

    @contextmanager
    def of_broker(self, connection: ConnectionSpec, database: str) -> Iterator[Session]:
        """Every statement is its own transaction, unless one is begun.

        Raises: ProviderFailure, NotFound (the database).
        """
        keys = self._secrets.keys(connection, Duty.ISSUER).reveal()
        parts = {
            **address_of(connection),
            "user": keys["access_key_id"],
            "password": keys["secret_access_key"],
        }
        try:
            opened = _open({**parts, "dbname": database})
        except ProviderFailure as failure:
            if failure.reasons[0].facts.get("fault") == LOGIN_REFUSED and _is_absent(parts, database):
                facts = {"call": "connect", "fault": "InvalidCatalogName"}
                raise NotFound(Reason(code=LAKE_THING_MISSING, facts=facts)) from None
            raise
        with _closing(opened):
            yield opened

    @contextmanager
    def of_key(self, secret: Secret) -> Iterator[Session]:
        """As its holder would open it.  Raises: ProviderFailure."""
        with _closing(_open(secret.reveal())) as opened:
            yield opened


def address_of(connection: ConnectionSpec) -> dict[str, str]:
    host, port = host_and_port(connection)
    return {"host": host, "port": str(port), "sslmode": sslmode(connection)}


def _open(parts: Mapping[str, str]) -> Session:
    trusted = {}
    if parts["sslmode"] == "verify-full":
        trusted["sslrootcert"] = os.environ.get("PGSSLROOTCERT", "system")
    conninfo = make_conninfo(
        **{**_FIXED, **trusted, **parts}, connect_timeout=CONNECT_SECONDS, options=_LIMITS
    )
    try:
        return psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError as error:
        raise failed_connection(error, conninfo) from None


@contextmanager
def _closing(opened: Session) -> Iterator[Session]:
    try:
        yield opened
    finally:
        opened.close()


def _is_absent(parts: Mapping[str, str], database: str) -> bool:
    """Whether the login is sound and the database missing, as far as the login tells."""
    try:
        with _closing(_open({**parts, "dbname": MAINTENANCE})) as opened, faults_by_meaning("connect"):
            found = opened.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    except ProviderFailure:
        return False
    return found is None
