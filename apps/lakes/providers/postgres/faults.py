"""What a refusal of PostgreSQL means. Only its SQLSTATE is kept: the message may quote rows.

A refused login carries no SQLSTATE, and its message is in the language of the server. So the client library's
own words, which are English, are read for what it could not read, and the server is asked whether it is up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.pq import PGconn, Ping

from apps.kernel.errors import Conflict, LakewardenError, NotFound, ProviderFailure
from apps.lakes.providers.faults import (
    LAKE_BUSY,
    LAKE_REFUSED,
    LAKE_THING_EXISTS,
    LAKE_THING_MISSING,
    LAKE_UNREACHABLE,
    failure,
    malformed,
)
from apps.policy.reason import Reason

LOGIN_REFUSED = "LoginRefused"
_MISSING = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedObject, errors.InvalidSchemaName)
_EXISTING = (errors.DuplicateObject,)
# Two who change the rights of one table at once: the second one's update finds another row than it read.
_LOST_RACE = "XX000"
_TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57"})
_NONSENSE = re.compile(
    "invalid response to SSL negotiation|expected authentication request|unexpected (message|response)"
    "|lost synchronization|invalid (authentication|protocol)"
)
_TLS = re.compile("certificate|does not support SSL|SSL error")


@contextmanager
def faults_by_meaning(call: str) -> Iterator[None]:
    """Turn the client library's exceptions into the families of the house."""
    try:
        yield
    except psycopg.Error as error:
        raise _meaning(call, error) from None


def failed_connection(error: psycopg.OperationalError, conninfo: str) -> ProviderFailure:
    """Why nobody was let in."""
    said = str(error)
    if isinstance(error, errors.ConnectionTimeout):
        return failure(LAKE_UNREACHABLE, "connect", "ConnectionTimeout", is_transient=True)
    if _NONSENSE.search(said):
        return malformed("connect", "NotPostgreSQL")
    answer = Ping(PGconn.ping(conninfo.encode()))
    if answer is Ping.OK:
        return failure(LAKE_REFUSED, "connect", LOGIN_REFUSED, is_transient=False)
    if answer is Ping.REJECT:
        return failure(LAKE_BUSY, "connect", "CannotConnectNow", is_transient=True)
    if _TLS.search(said):
        return failure(LAKE_REFUSED, "connect", "TLS", is_transient=False)
    return failure(LAKE_UNREACHABLE, "connect", "NoResponse", is_transient=True)


def _meaning(call: str, error: psycopg.Error) -> LakewardenError:
    state = error.sqlstate or ""
    fault = type(error).__name__
    facts = {"call": call, "fault": fault}
    if isinstance(error, _MISSING):
        return NotFound(Reason(code=LAKE_THING_MISSING, facts=facts))
    if isinstance(error, _EXISTING):
        return Conflict(Reason(code=LAKE_THING_EXISTS, facts=facts))
    if state == _LOST_RACE or state[:2] in _TRANSIENT_CLASSES:
        return failure(LAKE_BUSY, call, fault, is_transient=True)
    if isinstance(error, psycopg.OperationalError) and not state:
        return failure(LAKE_UNREACHABLE, call, fault, is_transient=True)
    return failure(LAKE_REFUSED, call, fault, is_transient=False)
