"""What differs between servers that speak S3 and STS, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    Flavor,
    Granularity,
    OwnRole,
    RevokeEffect,
)
from apps.lakes.providers.limits import narrowed


@dataclass(frozen=True, kw_only=True)
class FlavorOptions:
    """One server's limits. `keeps_role_policies` says whether one session can be denied by policy,
    `knows_external_id` whether a trust condition on it is ever fulfilled, `makes_own_roles` whether a role
    can be taken as soon as it is made."""

    policy_budget: int
    ttl_min: timedelta
    ttl_max: timedelta
    keeps_role_policies: bool
    knows_external_id: bool
    bounds_sessions: bool
    makes_own_roles: bool
    revoke_delay: timedelta


# Budgets: the AWS STS API Reference caps a session policy at 2,048 characters; Ceph RGW 16 was seen to
# crash from 1,850, so it gets less. Lifetimes: AWS STS API Reference, AssumeRole, DurationSeconds. MinIO
# has no roles, so nothing there asks for an ExternalId and an issued key lives until it ends. AWS spreads a
# policy change in minutes. Ceph RGW 16 does not tell its conditions the ExternalId: a trust that asks for
# one was seen to let nobody in. A role of AWS or Ceph that is made without a word about it gives sessions
# of an hour and no longer. On AWS a new role is known everywhere only after some seconds (IAM User Guide,
# "Changes that I make are not always immediately visible"), for which nobody waits with a key.
OPTIONS = {
    Flavor.AWS: FlavorOptions(
        policy_budget=2048,
        ttl_min=timedelta(seconds=900),
        ttl_max=timedelta(hours=12),
        keeps_role_policies=True,
        knows_external_id=True,
        bounds_sessions=True,
        makes_own_roles=False,
        revoke_delay=timedelta(minutes=5),
    ),
    Flavor.CEPH: FlavorOptions(
        policy_budget=1600,
        ttl_min=timedelta(seconds=1),
        ttl_max=timedelta(hours=12),
        keeps_role_policies=True,
        knows_external_id=False,
        bounds_sessions=True,
        makes_own_roles=True,
        revoke_delay=timedelta(seconds=1),
    ),
    Flavor.MINIO: FlavorOptions(
        policy_budget=2048,
        ttl_min=timedelta(seconds=900),
        ttl_max=timedelta(days=7),
        keeps_role_policies=False,
        knows_external_id=False,
        bounds_sessions=False,
        makes_own_roles=False,
        revoke_delay=timedelta(0),
    ),
    Flavor.DEMO: FlavorOptions(
        policy_budget=2048,
        ttl_min=timedelta(seconds=1),
        ttl_max=timedelta(hours=12),
        keeps_role_policies=True,
        knows_external_id=True,
        bounds_sessions=False,
        makes_own_roles=True,
        revoke_delay=timedelta(0),
    ),
}


def capabilities_of(connection: ConnectionSpec) -> Capabilities:
    """The server's limits, narrowed by the connection's own.  Raises: InvalidInput where nothing is left."""
    options = OPTIONS[connection.flavor]
    ttl_min, ttl_max = narrowed(options.ttl_min, options.ttl_max, connection)
    return Capabilities(
        granularity=Granularity.PREFIX,
        ttl_min=ttl_min,
        ttl_max=ttl_max,
        revoke_effect=RevokeEffect.IMMEDIATE if options.keeps_role_policies else RevokeEffect.AT_EXPIRY,
        revoke_delay=options.revoke_delay,
        policy_budget=options.policy_budget,
        own_role=OwnRole.ON_DEMAND if options.makes_own_roles else OwnRole.NEVER,
    )
