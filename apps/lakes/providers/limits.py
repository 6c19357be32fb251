"""What is checked before any provider is called: the time and the places of a key."""

from __future__ import annotations

from datetime import timedelta

from apps.kernel.errors import ProviderFailure, invalid
from apps.lakes.prefix import contains
from apps.lakes.providers.contract import (
    COLUMNS_NOT_KEPT,
    OWN_ROLE_NOT_MADE,
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Granularity,
    OwnRole,
)
from apps.policy.reason import Reason, Value, declare

TTL_TOO_SHORT = declare(
    "LAKE_TTL_TOO_SHORT",
    "This lake gives no key for less than %(minimum_seconds)s seconds; %(asked_seconds)s are left.",
    "Extend the grant. A longer key than the grant allows is never given.",
)
TTL_TOO_LONG = declare(
    "LAKE_TTL_TOO_LONG",
    "This lake gives no key for more than %(maximum_seconds)s seconds; %(asked_seconds)s were asked for.",
    "Ask for a shorter time and take a fresh key when it ends.",
)
OUTSIDE_ROOTS = declare(
    "LAKE_OUTSIDE_ROOTS",
    "%(bucket)s/%(prefix)s lies outside what this lake connection may open.",
    "Ask the administrator to add a root to the connection, or register another place.",
)
EXPIRY_OVERSHOT = declare(
    "LAKE_EXPIRY_OVERSHOT",
    "The lake made a key that lives longer than asked; it was thrown away.",
    "Ask the administrator to check the lake's time limits and clock.",
)
POLICY_OVER_BUDGET = declare(
    "LAKE_POLICY_OVER_BUDGET",
    "The %(scopes)s places of this key need a policy of %(length)s characters; the lake takes %(budget)s.",
    "Split the request: about %(fitting)s of these places fit into one key. Or register one common prefix.",
)
TOO_MANY_PLACES = declare(
    "LAKE_TOO_MANY_PLACES",
    "One key of this lake opens up to %(fitting)s places, and this one needs %(scopes)s.",
    "Split the request into several, or register one common prefix for the places.",
)
NO_ROOTS = declare(
    "LAKE_NO_ROOTS",
    "This lake connection has no roots, so there is no place to test it at.",
    "Add at least one bucket or prefix to the connection.",
)

TTL_LIMITS_EMPTY = declare(
    "LAKE_TTL_LIMITS_EMPTY",
    "The limits of this lake connection leave no lifetime for a key: at least %(ttl_min_seconds)s seconds"
    " and at most %(ttl_max_seconds)s.",
    "Correct the time limits of the connection.",
)

# A server rounds its expiry to whole seconds and its clock may be a little ahead of ours.
CLOCK_TOLERANCE = timedelta(seconds=5)


def narrowed(
    ttl_min: timedelta, ttl_max: timedelta, connection: ConnectionSpec
) -> tuple[timedelta, timedelta]:
    """The limits of a provider, narrowed by the connection's own.

    Raises: InvalidInput where nothing is left.
    """
    ttl_min = max(ttl_min, connection.ttl_min or ttl_min)
    ttl_max = min(ttl_max, connection.ttl_max or ttl_max)
    if ttl_min > ttl_max:
        raise invalid(
            "ttl_max",
            TTL_LIMITS_EMPTY,
            ttl_min_seconds=int(ttl_min.total_seconds()),
            ttl_max_seconds=int(ttl_max.total_seconds()),
        )
    return ttl_min, ttl_max


def check_ttl(ttl: timedelta, limits: Capabilities) -> None:
    """Raises: InvalidInput."""
    asked = int(ttl.total_seconds())
    if ttl < limits.ttl_min:
        minimum = int(limits.ttl_min.total_seconds())
        raise invalid("ttl", TTL_TOO_SHORT, minimum_seconds=minimum, asked_seconds=asked)
    if ttl > limits.ttl_max:
        maximum = int(limits.ttl_max.total_seconds())
        raise invalid("ttl", TTL_TOO_LONG, maximum_seconds=maximum, asked_seconds=asked)


def check_columns(spec: CredentialSpec, limits: Capabilities) -> None:
    """Raises: InvalidInput where a key would have to be kept to columns, and cannot be."""
    if limits.granularity is not Granularity.COLUMN and any(
        scope.columns is not None for scope in spec.scopes
    ):
        raise invalid("scopes", COLUMNS_NOT_KEPT)


def check_own_role(spec: CredentialSpec, limits: Capabilities) -> None:
    """Raises: InvalidInput where a key should have a role of its own, and none can be made."""
    if spec.has_own_role and limits.own_role is OwnRole.NEVER:
        raise invalid("has_own_role", OWN_ROLE_NOT_MADE)


def check_roots(spec: CredentialSpec) -> None:
    """Raises: InvalidInput."""
    for scope in spec.scopes:
        if not any(contains(root, scope.bucket, scope.prefix) for root in spec.connection.roots):
            raise invalid("scopes", OUTSIDE_ROOTS, bucket=scope.bucket.text, prefix=scope.prefix.text)


def check_places(spec: CredentialSpec, most: int) -> None:
    """Raises: ProviderFailure (permanent) that says how many fit."""
    if len(spec.scopes) > most:
        facts: dict[str, Value] = {"scopes": len(spec.scopes), "fitting": most}
        raise ProviderFailure(Reason(code=TOO_MANY_PLACES, facts=facts), is_transient=False)
