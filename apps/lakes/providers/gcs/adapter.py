"""The adapter for Google Cloud Storage.

A key is a token of one account, narrowed to the places of the key. Two duties are kept apart, as with roles:
the issuer's account may act for the other and owns nothing; the other owns the data and has no key at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apps.kernel.errors import LakewardenError, ProviderFailure
from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    Issued,
    KeyMayExist,
    LeaseHandle,
    Probe,
    ReadBack,
    Revoked,
    RevokeEffect,
    scope_hash,
)
from apps.lakes.providers.faults import LAKE_ANSWER_MALFORMED, LAKE_REFUSED
from apps.lakes.providers.gcs.account import STORAGE, checked_connection
from apps.lakes.providers.gcs.boundary import BUDGET, MOST_RULES, fitting_boundary
from apps.lakes.providers.gcs.probes import TokenAsker
from apps.lakes.providers.gcs.tokens import Token, narrowed_token, token_of_account, token_of_issuer
from apps.lakes.providers.keyring import SecretSource
from apps.lakes.providers.limits import (
    CLOCK_TOLERANCE,
    EXPIRY_OVERSHOT,
    check_columns,
    check_own_role,
    check_places,
    check_roots,
    check_ttl,
    narrowed,
)
from apps.lakes.providers.living import read_back_by_time, revoked_by_time
from apps.lakes.providers.probing import DENIED_ANSWER, compared, fault_of, probe_spec, scope_probes
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=1)
"""IAM Service Account Credentials API: an hour, unless the organization's policy names the account."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class GcsProvider:
    """Keys by token exchange with a credential access boundary. They live to their end."""

    def __init__(self, secrets: SecretSource, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._secrets = secrets
        self._clock = clock

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        ttl_min, ttl_max = narrowed(SHORTEST, LONGEST, connection)
        return Capabilities(
            granularity=Granularity.PREFIX,
            ttl_min=ttl_min,
            ttl_max=ttl_max,
            revoke_effect=RevokeEffect.AT_EXPIRY,
            revoke_delay=timedelta(0),
            policy_budget=BUDGET,
            most_places=MOST_RULES,
        )

    def issue(self, spec: CredentialSpec) -> Issued:
        """Make one key.

        Raises: InvalidInput (time or place beyond the limits), ProviderFailure (too many places, refused,
        unreachable), KeyMayExist (an unreadable answer, or a key that lives too long), NotFound (account).
        """
        connection = checked_connection(spec.connection)
        limits = self.capabilities(connection)
        check_ttl(spec.ttl, limits)
        check_columns(spec, limits)
        check_own_role(spec, limits)
        check_roots(spec)
        check_places(spec, MOST_RULES)
        boundary = fitting_boundary(spec.scopes)
        now = self._clock()
        token = self._token(connection, boundary, spec.ttl, now)
        if token.expires_at > now + spec.ttl + CLOCK_TOLERANCE:
            raise KeyMayExist(Reason(code=EXPIRY_OVERSHOT))
        return Issued(
            secret=token.value,
            expires_at=token.expires_at,
            scope_hash=scope_hash(connection, spec.scopes),
            handle=LeaseHandle(connection=connection, lease_id=spec.lease_id, expires_at=token.expires_at),
        )

    def revoke(self, handle: LeaseHandle) -> Revoked:
        """A narrowed token cannot be cut; it is said how long it lives."""
        return revoked_by_time(handle, now=self._clock())

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        return read_back_by_time(handle, now=self._clock())

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        asker = TokenAsker(address=spec.connection.endpoint, token=secret.reveal()["access_token"])
        return tuple(probe for scope in spec.scopes for probe in scope_probes(scope, spec.scopes, asker))

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        """Step by step; where no key can be had, a failed probe says why."""
        spec = probe_spec(checked_connection(connection), self.capabilities(connection).ttl_min)
        now = self._clock()
        try:
            shown = token_of_issuer(connection, self._secrets, f"{STORAGE}/", now)
        except ProviderFailure as failure:
            if failure.code != LAKE_REFUSED:
                raise
            return (compared("act for the account", "given", fault_of(failure)),)
        issuer = TokenAsker(address=connection.endpoint, token=shown)
        reads = issuer.lists(spec.scopes[0].bucket.text, None)
        probes = [compared("the issuing account reads nothing", DENIED_ANSWER, reads)]
        steps: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (
                "act for the account",
                "given",
                lambda: token_of_account(connection, self._secrets, ttl=spec.ttl, now=now),
            ),
            ("issue a key", "issued", lambda: self.issue(spec)),
        )
        made: object = None
        for name, expected, step in steps:
            try:
                made = step()
            except LakewardenError as failure:
                return (*probes, compared(name, expected, fault_of(failure)))
            probes.append(compared(name, expected, expected))
        assert isinstance(made, Issued)
        effect = self.revoke(made.handle).effect.value
        return (
            *probes,
            *self.verify(spec, made.secret),
            compared("revoke the key", RevokeEffect.AT_EXPIRY.value, effect),
        )

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        return 0

    def _token(self, connection: ConnectionSpec, boundary: str, ttl: timedelta, now: datetime) -> Token:
        """Where an answer cannot be read, a token may have been made all the same."""
        try:
            wide = token_of_account(connection, self._secrets, ttl=ttl, now=now)
            return narrowed_token(connection, wide, boundary, now=now)
        except ProviderFailure as failure:
            if failure.code == LAKE_ANSWER_MALFORMED:
                raise KeyMayExist(*failure.reasons) from None
            raise
