"""The adapter for Azure Data Lake Storage Gen2.

A key is one signature for each place, made here: no call makes it, and none ends it. What the account checks
at every request is the signature, its time, and whether the principal that got the signing key still may.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.azure.account import account_of, address_of, checked_connection
from apps.lakes.providers.azure.probes import SasAsker
from apps.lakes.providers.azure.sas import PERMISSIONS, Signed, signature
from apps.lakes.providers.azure.signing_keys import EARLIER, SigningKeys
from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    Issued,
    LeaseHandle,
    Probe,
    ReadBack,
    Revoked,
    RevokeEffect,
    scope_hash,
)
from apps.lakes.providers.keyring import SecretSource
from apps.lakes.providers.limits import (
    check_columns,
    check_own_role,
    check_places,
    check_roots,
    check_ttl,
    narrowed,
)
from apps.lakes.providers.living import read_back_by_time, revoked_by_time
from apps.lakes.providers.probing import compared, fault_of, probe_spec, scope_probes
from apps.lakes.providers.secret import Secret

SHORTEST = timedelta(seconds=1)
LONGEST_KEY = timedelta(days=6)
"""No signature outlives the key that signed it, which lives for seven days and may be an hour old."""
MOST_PLACES = 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AzureProvider:
    """Keys by user delegation SAS, one signature a directory. They live to their end."""

    def __init__(self, secrets: SecretSource, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._signing_keys = SigningKeys(secrets, clock)
        self._clock = clock

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        ttl_min, ttl_max = narrowed(SHORTEST, LONGEST_KEY, connection)
        return Capabilities(
            granularity=Granularity.PREFIX,
            ttl_min=ttl_min,
            ttl_max=ttl_max,
            revoke_effect=RevokeEffect.AT_EXPIRY,
            revoke_delay=timedelta(0),
            most_places=MOST_PLACES,
        )

    def issue(self, spec: CredentialSpec) -> Issued:
        """Sign, for the places of the key. Nothing is made elsewhere, so that no fault leaves a key behind.

        Raises: InvalidInput (time or place outside the limits), ProviderFailure (too many places; refused,
        unreadable or unreachable), NotFound (tenant, application or account).
        """
        connection = checked_connection(spec.connection)
        limits = self.capabilities(connection)
        check_ttl(spec.ttl, limits)
        check_columns(spec, limits)
        check_own_role(spec, limits)
        check_roots(spec)
        check_places(spec, MOST_PLACES)
        now = self._clock()
        expires_at = (now + spec.ttl).replace(microsecond=0)
        key = self._signing_keys.key(connection, until=expires_at)
        signatures = [
            signature(
                Signed(
                    account=account_of(connection),
                    container=scope.bucket.text,
                    directory=scope.prefix.text.removesuffix("/"),
                    permissions=PERMISSIONS[scope.access],
                    start=now - EARLIER,
                    expiry=expires_at,
                    correlation=str(spec.lease_id),
                ),
                key,
            )
            for scope in spec.scopes
        ]
        parts = {"account_url": address_of(connection)}
        parts |= {part_of(number): signed for number, signed in enumerate(signatures)}
        return Issued(
            secret=Secret(parts),
            expires_at=expires_at,
            scope_hash=scope_hash(connection, spec.scopes),
            handle=LeaseHandle(connection=connection, lease_id=spec.lease_id, expires_at=expires_at),
        )

    def revoke(self, handle: LeaseHandle) -> Revoked:
        """No call ends one signature: it is said how long it lives. All of an account end together, when
        its user delegation keys are taken back or the principal loses its role; that is for people.
        """
        return revoked_by_time(handle, now=self._clock())

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        return read_back_by_time(handle, now=self._clock())

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        parts = dict(secret.reveal())
        asker = SasAsker(address=parts.pop("account_url"), signatures=tuple(parts.values()))
        return tuple(probe for scope in spec.scopes for probe in scope_probes(scope, spec.scopes, asker))

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        """Step by step; the first that fails is the last."""
        spec = probe_spec(checked_connection(connection), self.capabilities(connection).ttl_min)
        until = self._clock() + spec.ttl
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("sign in", lambda: self._signing_keys.signs_in(connection)),
            (
                "get a key that signs",
                lambda: self._signing_keys.key(connection, until=until, is_fresh=True),
            ),
        )
        probes: list[Probe] = []
        for name, step in steps:
            try:
                step()
            except LakewardenError as failure:
                return (*probes, compared(name, "given", fault_of(failure)))
            probes.append(compared(name, "given", "given"))
        issued = self.issue(spec)
        effect = self.revoke(issued.handle).effect.value
        return (
            *probes,
            *self.verify(spec, issued.secret),
            compared("revoke the key", RevokeEffect.AT_EXPIRY.value, effect),
        )

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        return 0


def part_of(number: int) -> str:
    """The name of the signature for one of the places, counted from nought."""
    return "sas_token" if number == 0 else f"sas_token_{number + 1}"
