"""Providers that fail on purpose. They stand where the portal looks an adapter up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.kernel.errors import ProviderFailure, invalid
from apps.lakes.prefix import StoragePrefix, contains
from apps.lakes.providers.contract import (
    Access,
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    Issued,
    LeaseHandle,
    OwnRole,
    Probe,
    ReadBack,
    Revoked,
    RevokeEffect,
    Scope,
)
from apps.lakes.providers.faults import LAKE_BUSY, LAKE_REFUSED
from apps.lakes.providers.limits import OUTSIDE_ROOTS, TTL_TOO_LONG, check_columns, check_own_role
from apps.lakes.providers.probing import PROBE_NAME
from apps.lakes.providers.s3.session_policy import fitting_policy
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason

POLICY_BUDGET = 2048
LOOKED_UP_IN = (
    "apps.credentials.commands.issuing",
    "apps.credentials.commands.ending",
    "apps.credentials.tasks",
    "apps.lakes.models",
)


def stand_in(patch: pytest.MonkeyPatch, provider: object) -> None:
    for module in LOOKED_UP_IN:
        patch.setattr(f"{module}.provider_for", lambda _connection: provider)


def failure(*, is_transient: bool) -> ProviderFailure:
    code = LAKE_BUSY if is_transient else LAKE_REFUSED
    return ProviderFailure(
        Reason(code=code, facts={"call": "AssumeRole", "fault": "Planned"}), is_transient=is_transient
    )


@dataclass
class KeyCabinet:
    """A provider in this process: hands out keys, takes them back, and knows which ones work and what for.

    Revoking what was never issued leaves no trace, as the contract allows; so a key made after its revocation
    works. The `before_` and `after_` hooks run at those moments and may raise.
    """

    effect: RevokeEffect = RevokeEffect.IMMEDIATE
    late_by: timedelta = timedelta(0)
    revoke_delay: timedelta = timedelta(0)
    expiry_delay: timedelta = timedelta(0)
    own_role: OwnRole = OwnRole.NEVER
    before_issue: Callable[[CredentialSpec], None] = lambda _spec: None
    after_issue: Callable[[CredentialSpec], None] = lambda _spec: None
    before_revoke: Callable[[LeaseHandle], None] = lambda _handle: None
    before_read_back: Callable[[LeaseHandle], None] = lambda _handle: None
    keys: MutableMapping[UUID, datetime] = field(default_factory=dict)
    scopes: dict[UUID, tuple[Scope, ...]] = field(default_factory=dict)
    issued: list[UUID] = field(default_factory=list)
    told_to_revoke: list[UUID] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        return Capabilities(
            granularity=Granularity.PREFIX,
            ttl_min=connection.ttl_min or timedelta(seconds=1),
            ttl_max=connection.ttl_max or timedelta(hours=12),
            revoke_effect=self.effect,
            revoke_delay=self.revoke_delay,
            expiry_delay=self.expiry_delay,
            policy_budget=POLICY_BUDGET,
            own_role=self.own_role,
        )

    def issue(self, spec: CredentialSpec) -> Issued:
        self._check(spec)
        self.before_issue(spec)
        expires_at = datetime.now(UTC) + spec.ttl + self.late_by
        with self.lock:
            self.keys[spec.lease_id] = expires_at
            self.scopes[spec.lease_id] = spec.scopes
            self.issued.append(spec.lease_id)
        self.after_issue(spec)
        handle = LeaseHandle(connection=spec.connection, lease_id=spec.lease_id, expires_at=expires_at)
        return Issued(
            secret=Secret({"access_key_id": str(spec.lease_id)}),
            expires_at=expires_at,
            scope_hash="0" * 64,
            handle=handle,
        )

    def revoke(self, handle: LeaseHandle) -> Revoked:
        self.before_revoke(handle)
        with self.lock:
            self.told_to_revoke.append(handle.lease_id)
            if self.effect is RevokeEffect.IMMEDIATE:
                self.keys.pop(handle.lease_id, None)
        return Revoked(effect=self.effect)

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        self.before_read_back(handle)
        return ReadBack(is_dead=not self.works(handle.lease_id))

    def works(self, lease_id: UUID) -> bool:
        with self.lock:
            return self.keys.get(lease_id, datetime.min.replace(tzinfo=UTC)) > datetime.now(UTC)

    def opens(self, secret: Secret, bucket: str, key: str, access: Access = Access.READ) -> bool:
        """Whether the holder of a key gets there with it."""
        lease_id = UUID(secret.reveal()["access_key_id"])
        return self.works(lease_id) and any(
            scope.bucket.text == bucket
            and key.startswith(scope.prefix.text)
            and access in {Access.READ, scope.access}
            for scope in self.scopes[lease_id]
        )

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        return tuple(probe for scope in spec.scopes for probe in self._probes(scope, secret))

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        root = connection.roots[0]
        scope = Scope(
            bucket=root.bucket, prefix=StoragePrefix(text=f"{root.prefix}probe/own/"), access=Access.READ
        )
        spec = CredentialSpec(
            lease_id=uuid4(), connection=connection, scopes=(scope,), ttl=timedelta(seconds=60)
        )
        issued = self.issue(spec)
        probes = self.verify(spec, issued.secret)
        self.revoke(issued.handle)
        return (*probes, _probe("the revoked key opens nothing", self.works(spec.lease_id), expected=False))

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        return 0

    def _check(self, spec: CredentialSpec) -> None:
        limits = self.capabilities(spec.connection)
        if not limits.ttl_min <= spec.ttl <= limits.ttl_max:
            raise invalid("ttl", TTL_TOO_LONG, maximum_seconds=0, asked_seconds=0)
        check_columns(spec, limits)
        check_own_role(spec, limits)
        for scope in spec.scopes:
            if not any(contains(root, scope.bucket, scope.prefix) for root in spec.connection.roots):
                raise invalid("scopes", OUTSIDE_ROOTS, bucket=scope.bucket.text, prefix=scope.prefix.text)
        fitting_policy(spec.scopes, partition="aws", budget=POLICY_BUDGET)

    def _probes(self, scope: Scope, secret: Secret) -> Iterator[Probe]:
        bucket, prefix = scope.bucket.text, scope.prefix.text
        yield _probe("read inside", self.opens(secret, bucket, f"{prefix}x"), expected=True)
        writes = self.opens(secret, bucket, f"{prefix}x", Access.WRITE)
        yield _probe(f"write in {scope.prefix.text}", writes, expected=scope.access is Access.WRITE)
        beside = f"{prefix.removesuffix('/')}-{PROBE_NAME}/x"
        yield _probe("read beside", self.opens(secret, bucket, beside), expected=False)


def _probe(name: str, observed: bool, *, expected: bool) -> Probe:
    words = {True: "allowed", False: "denied"}
    return Probe(name=name, expected=words[expected], observed=words[observed], passed=observed is expected)


def failing(fault: Exception, *, times: int = 10**9) -> Callable[[object], None]:
    """A hook that raises so many times and is quiet from then on."""
    left = [times]

    def hook(_about: object) -> None:
        if left[0] > 0:
            left[0] -= 1
            raise fault

    return hook
