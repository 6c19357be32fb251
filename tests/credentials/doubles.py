"""Providers that fail on purpose. They stand where the portal looks an adapter up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    Issued,
    LeaseHandle,
    ReadBack,
    Revoked,
    RevokeEffect,
)
from apps.lakes.providers.s3.faults import LAKE_BUSY, LAKE_REFUSED
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason

LOOKED_UP_IN = (
    "apps.credentials.commands.issuing",
    "apps.credentials.commands.ending",
    "apps.credentials.tasks",
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
    """A provider in this process: hands out keys, takes them back, and knows which ones work.

    Revoking what was never issued leaves no trace, as the contract allows; so a key made after its revocation
    works. The `before_` and `after_` hooks run at those moments and may raise.
    """

    effect: RevokeEffect = RevokeEffect.IMMEDIATE
    late_by: timedelta = timedelta(0)
    before_issue: Callable[[CredentialSpec], None] = lambda _spec: None
    after_issue: Callable[[CredentialSpec], None] = lambda _spec: None
    before_revoke: Callable[[LeaseHandle], None] = lambda _handle: None
    before_read_back: Callable[[LeaseHandle], None] = lambda _handle: None
    keys: dict[UUID, datetime] = field(default_factory=dict)
    issued: list[UUID] = field(default_factory=list)
    told_to_revoke: list[UUID] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        return Capabilities(
            granularity=Granularity.PREFIX,
            ttl_min=timedelta(seconds=1),
            ttl_max=timedelta(hours=12),
            revoke_effect=self.effect,
            revoke_delay=timedelta(0),
            policy_budget=2048,
        )

    def issue(self, spec: CredentialSpec) -> Issued:
        self.before_issue(spec)
        expires_at = datetime.now(UTC) + spec.ttl + self.late_by
        with self.lock:
            self.keys[spec.lease_id] = expires_at
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
            return lease_id in self.keys

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        return 0


def failing(fault: Exception, *, times: int = 10**9) -> Callable[[object], None]:
    """A hook that raises so many times and is quiet from then on."""
    left = [times]

    def hook(_about: object) -> None:
        if left[0] > 0:
            left[0] -= 1
            raise fault

    return hook
