"""The adapter for a PostgreSQL warehouse: a role of its own for each key, which ends with it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from apps.kernel.errors import LakewardenError, ProviderFailure, invalid
from apps.lakes.prefix import StoragePrefix
from apps.lakes.providers.contract import (
    Access,
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    Issued,
    KeyMayExist,
    LeaseHandle,
    OwnRole,
    Probe,
    ReadBack,
    Revoked,
    RevokeEffect,
    Scope,
)
from apps.lakes.providers.faults import LAKE_ANSWER_MALFORMED, REVOCATION_NOT_SEEN
from apps.lakes.providers.keyring import SecretSource
from apps.lakes.providers.limits import NO_ROOTS, check_roots, check_ttl, narrowed
from apps.lakes.providers.postgres import probes, roles
from apps.lakes.providers.postgres.address import checked_connection, table_of
from apps.lakes.providers.postgres.faults import faults_by_meaning
from apps.lakes.providers.postgres.sessions import Session, Sessions, address_of
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason, declare

SEVERAL_DATABASES = declare(
    "LAKE_SEVERAL_DATABASES",
    "The places of this key lie in several databases (%(databases)s), and a key opens one.",
    "Ask for the versions of one database.",
)

TTL_MIN = timedelta(seconds=1)
TTL_MAX = timedelta(hours=12)
# A role that is over lets nobody in any more, and ends no session: the reaper of leases does, every 5 s.
SESSIONS_OUTLAST = timedelta(seconds=30)
ABSENT, DROPPED, SHUT = "absent", "dropped", "shut"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PostgresProvider:
    """Keys by CREATE ROLE and GRANT, down to columns; their end by DROP ROLE."""

    def __init__(self, secrets: SecretSource, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._sessions = Sessions(secrets)
        self._clock = clock
        self._turns: dict[str, threading.Lock] = {}

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        return capabilities_of(connection)

    def issue(self, spec: CredentialSpec) -> Issued:
        """Make one key.

        Raises: InvalidInput (time or place outside the limits, or no table; nothing was called), Conflict
        (the lease has a key), NotFound (the database), ProviderFailure (refused, unreachable, no such table,
        or open to everybody), KeyMayExist (an unreadable answer).
        """
        connection = checked_connection(spec.connection)
        check_ttl(spec.ttl, capabilities_of(connection))
        check_roots(spec)
        database = _database_of(spec.scopes)
        name, password = roles.role_name(spec.lease_id), roles.new_password()
        try:
            with (
                self._turn(connection),
                self._sessions.of_broker(connection, database) as session,
                faults_by_meaning("CREATE ROLE"),
            ):
                roles.make_role(session, name, password, ttl=spec.ttl, scopes=spec.scopes)
        except ProviderFailure as failure:
            if failure.code == LAKE_ANSWER_MALFORMED:
                raise KeyMayExist(*failure.reasons) from None
            raise
        # The server counted from a moment before this one.
        expires_at = self._clock() + spec.ttl
        secret = {**address_of(connection), "dbname": database, "user": name, "password": password}
        return Issued(
            secret=Secret(secret),
            expires_at=expires_at,
            scope_hash=scope_hash(connection, spec.scopes),
            handle=LeaseHandle(connection=connection, lease_id=spec.lease_id, expires_at=expires_at),
        )

    def revoke(self, handle: LeaseHandle) -> Revoked:
        """End one key and no other, and every session with it; `IMMEDIATE` is said only when nothing is left.

        Raises: ProviderFailure, NotFound (the database).
        """
        with self._at_home(handle.connection) as session, faults_by_meaning("DROP ROLE"):
            role = roles.find_role(session, roles.role_name(handle.lease_id))
            evidence = {"ended": ABSENT} if role is None else self._end(handle.connection, session, role)
        return Revoked(effect=RevokeEffect.IMMEDIATE, evidence=evidence)

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        """Whether the role is gone, or lets nobody in and nobody is inside, read from the server."""
        with self._at_home(handle.connection) as session, faults_by_meaning("SELECT"):
            role = roles.find_role(session, roles.role_name(handle.lease_id))
            is_open = role is not None and (role.lets_in or roles.has_sessions(session, role))
        return ReadBack(is_dead=not is_open, evidence={} if is_open else {"ended": SHUT if role else ABSENT})

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        """Try the key against its own scope; see `probes` for why this leaves nothing behind."""
        return probes.key_probes(spec, secret, self._sessions)

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        """Put the whole set-up to the test. Where no key can be had, a failed probe says why."""
        if not checked_connection(connection).roots:
            raise invalid("roots", NO_ROOTS)
        seen: list[Probe] = []
        try:
            with self._at_home(connection) as session, faults_by_meaning("probe"):
                seen.extend(probes.duty_probes(session))
                root = connection.roots[0]
                table = probes.table_to_try(session, root.bucket.text, root.prefix)
                told = probes.NONE if table is None else ALLOWED
                seen.append(
                    probes.probe(f"pass on a table of {root.bucket.text}/{root.prefix}", ALLOWED, told)
                )
                if table is not None:
                    prefix = StoragePrefix(text=f"{table.schema}/{table.name}/")
                    scope = Scope(bucket=root.bucket, prefix=prefix, access=Access.READ)
                    seen.extend(self._trial(connection, scope, session))
        except LakewardenError as failure:
            observed = str(failure.reasons[0].facts.get("fault", failure.code))
            seen.append(Probe(name="issue a key", expected="issued", observed=observed, passed=False))
        return tuple(seen)

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        """End the roles whose time is over, with their sessions; returns how many.

        Raises: ProviderFailure, NotFound (the database).
        """
        with self._at_home(connection) as session, faults_by_meaning("DROP ROLE"):
            over = roles.ended_roles(session, now=now)
            return sum(self._end(connection, session, role)["ended"] == DROPPED for role in over)

    def _at_home(self, connection: ConnectionSpec) -> AbstractContextManager[Session]:
        """A session in the first database of the connection: roles belong to the whole server."""
        if not checked_connection(connection).roots:
            raise invalid("roots", NO_ROOTS)
        return self._sessions.of_broker(connection, connection.roots[0].bucket.text)

    def _end(self, connection: ConnectionSpec, session: Session, role: roles.Role) -> dict[str, str]:
        """Shut, end, take, drop, and end again what came in meanwhile.  Raises: ProviderFailure."""
        roles.shut(session, role)
        ended = roles.end_sessions(session, role)
        with self._turn(connection):
            is_gone = self._drop(connection, session, role)
        ended += roles.end_sessions(session, role)
        if roles.has_sessions(session, role):
            raise ProviderFailure(Reason(code=REVOCATION_NOT_SEEN), is_transient=True)
        return {"ended": DROPPED if is_gone else SHUT, "sessions": str(ended)}

    def _drop(self, connection: ConnectionSpec, session: Session, role: roles.Role) -> bool:
        for database in roles.databases_with(session, role) or [session.info.dbname]:
            if database == session.info.dbname:
                roles.take_rights(session, role)
                continue
            with self._sessions.of_broker(connection, database) as there:
                roles.take_rights(there, role)
        return roles.drop(session, role)

    def _turn(self, connection: ConnectionSpec) -> threading.Lock:
        """Of this process: those of one server who change its catalog queue up here, and not over there."""
        return self._turns.setdefault(connection.endpoint, threading.Lock())

    def _trial(self, connection: ConnectionSpec, scope: Scope, session: Session) -> Iterator[Probe]:
        """A key of its own, which is ended in any case."""
        ttl = max(capabilities_of(connection).ttl_min, timedelta(seconds=60))
        spec = CredentialSpec(lease_id=uuid4(), connection=connection, scopes=(scope,), ttl=ttl)
        issued = self.issue(spec)
        try:
            yield probes.probe("issue a key", "issued", "issued")
            yield probes.membership_probe(session, roles.role_name(spec.lease_id))
            yield from self.verify(spec, issued.secret)
            with self._sessions.of_key(issued.secret) as open_one:
                effect = self.revoke(issued.handle).effect.value
                yield probes.probe("revoke the key", RevokeEffect.IMMEDIATE.value, effect)
                yield probes.probe("a session that was open", probes.DEAD, probes.is_alive(open_one))
            yield probes.probe(
                "log in with the revoked key", DENIED_ANSWER, probes.login(issued.secret, self._sessions)
            )
        finally:
            with suppress(LakewardenError):
                self.revoke(issued.handle)


def capabilities_of(connection: ConnectionSpec) -> Capabilities:
    """Raises: InvalidInput where the connection's own limits leave nothing."""
    ttl_min, ttl_max = narrowed(TTL_MIN, TTL_MAX, connection)
    return Capabilities(
        granularity=Granularity.COLUMN,
        ttl_min=ttl_min,
        ttl_max=ttl_max,
        revoke_effect=RevokeEffect.IMMEDIATE,
        revoke_delay=timedelta(0),
        policy_budget=None,
        expiry_delay=SESSIONS_OUTLAST,
        own_role=OwnRole.ALWAYS,
    )


def scope_hash(connection: ConnectionSpec, scopes: tuple[Scope, ...]) -> str:
    """SHA-256 over what a key opens, independent of the order in which the places were named."""
    places = sorted(
        [
            scope.bucket.text,
            scope.prefix.text,
            scope.access.value,
            "" if scope.columns is None else json.dumps(sorted(scope.columns)),
        ]
        for scope in scopes
    )
    content = {"endpoint": connection.endpoint, "places": places}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _database_of(scopes: tuple[Scope, ...]) -> str:
    """Raises: InvalidInput where a place is no table, or they lie apart."""
    databases = {table_of(scope).database for scope in scopes}
    if len(databases) > 1:
        raise invalid("scopes", SEVERAL_DATABASES, databases=", ".join(sorted(databases)))
    return databases.pop()
