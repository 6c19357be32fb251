"""What every provider of credentials can be asked, and the frozen values that go in and come out.

Adapters get a `CredentialSpec`, never a model. Faults are told by meaning, with the families of
`apps.kernel.errors`: `ProviderFailure` transient (trying again may help) or permanent, `NotFound`, `Conflict`
(exists already), `InvalidInput` (the spec itself is wrong, nothing was called). After a transient failure,
and after `KeyMayExist`, a key may have been made; after any other none was. Revoking the unknown succeeds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from apps.kernel.errors import LakewardenError, ProviderFailure, invalid
from apps.lakes.prefix import BucketName, StoragePrefix, StorageRoot
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason, declare

SECRET_REF_MALFORMED = declare(
    "LAKE_SECRET_REF_MALFORMED",
    "The name under which the secrets of this connection are kept is malformed.",
    "Use up to 40 capital letters, digits and underscores, beginning with a letter.",
)
SCOPES_MISSING = declare(
    "LAKE_SCOPES_MISSING",
    "A credential opens at least one place; none was named.",
    "Name the bucket and prefix of at least one asset version.",
)
TTL_NOT_POSITIVE = declare(
    "LAKE_TTL_NOT_POSITIVE",
    "A credential lives for at least one second.",
    "Ask for a longer time, or see whether the grant has ended.",
)


COLUMNS_NONE = declare(
    "LAKE_COLUMNS_NONE",
    "A key that is limited to columns opens at least one; none was named.",
    "Name the columns, or none to open the whole place.",
)
COLUMNS_WRITTEN = declare(
    "LAKE_COLUMNS_WRITTEN",
    "A key that is limited to columns reads; rows are written whole.",
    "Ask to read these columns, or to write without a limit to columns.",
)
OWN_ROLE_NOT_MADE = declare(
    "LAKE_OWN_ROLE_NOT_MADE",
    "This lake makes no role for a single key.",
    "Ask the administrator to take that demand out of the lake connection.",
)
COLUMNS_NOT_KEPT = declare(
    "LAKE_COLUMNS_NOT_KEPT",
    "This lake opens whole files; it cannot keep a key to single columns.",
    "Ask the data steward for a version that holds just these columns, and request that.",
)


class Flavor(StrEnum):
    """Which server stands behind the connection."""

    AWS = "aws"
    CEPH = "ceph"
    MINIO = "minio"
    DEMO = "demo"
    AZURE = "azure"
    GCS = "gcs"
    POSTGRES = "postgres"


class Access(StrEnum):
    READ = "read"
    WRITE = "write"
    """Writing includes reading: a writer must see what it replaces."""


class Granularity(StrEnum):
    """The smallest thing a credential can be narrowed to."""

    PREFIX = "prefix"
    COLUMN = "column"


class OwnRole(StrEnum):
    """Whether a key can have a role that is made for it and deleted with it."""

    NEVER = "never"
    ON_DEMAND = "on_demand"
    ALWAYS = "always"


class RevokeEffect(StrEnum):
    IMMEDIATE = "immediate"
    AT_EXPIRY = "at_expiry"
    NO_REFRESH = "no_refresh"


class KeyMayExist(ProviderFailure):
    """Trying again does not help, and yet the provider may have made a key: it is revoked like any other."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons, is_transient=False)


def may_have_made_a_key(failure: LakewardenError) -> bool:
    """Whether the provider may have made a key before it failed."""
    if isinstance(failure, ProviderFailure):
        return failure.is_transient or isinstance(failure, KeyMayExist)
    return False


@dataclass(frozen=True, kw_only=True)
class ConnectionSpec:
    """How to reach a lake. Holds no secret: `secret_ref` only names where the secrets are kept.

    `roots` is the allow-list; a scope outside it is refused before anything is called.
    `ttl_min`/`ttl_max` narrow what the provider allows and never widen it. Which of the fields a flavor has,
    and which `options` besides, stands in its traits.
    """

    flavor: Flavor
    endpoint: str
    sts_endpoint: str = ""
    iam_endpoint: str = ""
    region: str = ""
    role_arn: str = ""
    external_id: str | None = None
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    secret_ref: str
    roots: tuple[StorageRoot, ...]
    ttl_min: timedelta | None = None
    ttl_max: timedelta | None = None
    sends_purpose_tag: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", dict(self.options))
        if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", self.secret_ref, re.ASCII):
            raise invalid("secret_ref", SECRET_REF_MALFORMED)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One place and what may be done there; `columns` None: with all of them.

    Raises: InvalidInput where it is limited to no column, or would write single ones.
    """

    bucket: BucketName
    prefix: StoragePrefix
    access: Access
    columns: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.columns is None:
            return
        if not self.columns:
            raise invalid("columns", COLUMNS_NONE)
        if self.access is not Access.READ:
            raise invalid("columns", COLUMNS_WRITTEN)


@dataclass(frozen=True, kw_only=True)
class CredentialSpec:
    """Everything an adapter needs to make one key. `has_own_role`: by a role that is made for it."""

    lease_id: UUID
    connection: ConnectionSpec
    scopes: tuple[Scope, ...]
    ttl: timedelta
    purpose: str = ""
    has_own_role: bool = False

    def __post_init__(self) -> None:
        if not self.scopes:
            raise invalid("scopes", SCOPES_MISSING)
        if self.ttl < timedelta(seconds=1):
            raise invalid("ttl", TTL_NOT_POSITIVE)


@dataclass(frozen=True, kw_only=True)
class LeaseHandle:
    """What is needed to find an issued key again without its secret.

    It can be made from a lease's row alone. For an intent whose outcome is unknown, `expires_at` is the
    latest moment at which such a key could end.
    """

    connection: ConnectionSpec
    lease_id: UUID
    expires_at: datetime

    @property
    def has_own_role(self) -> bool:
        return is_own_role(self.connection.role_arn, self.lease_id)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A fresh key. Which parts its `secret` has stands in the traits of the flavor."""

    secret: Secret
    expires_at: datetime
    scope_hash: str
    handle: LeaseHandle


@dataclass(frozen=True, kw_only=True)
class Revoked:
    """What a revocation did. `IMMEDIATE` is only said after it was read back from the provider."""

    effect: RevokeEffect
    evidence: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))


@dataclass(frozen=True, kw_only=True)
class ReadBack:
    """Whether a key is dead according to the provider, and how that was seen."""

    is_dead: bool
    evidence: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One question put to the lake, and whether the answer is the one a sound set-up gives."""

    name: str
    expected: str
    observed: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What the adapter can do with this connection. `policy_budget` is in characters.

    `revoke_delay` is how long a revocation may take to reach every server of the provider. `expiry_delay` is
    how long what was begun with a key may go on after its end, where the lake refuses the key from then on
    but only the portal ends what is open; nought where the lake does both. How many places one key opens is
    bounded by `policy_budget`, by `most_places`, or by both; None bounds nothing.
    """

    granularity: Granularity
    ttl_min: timedelta
    ttl_max: timedelta
    revoke_effect: RevokeEffect
    revoke_delay: timedelta
    expiry_delay: timedelta = timedelta(0)
    policy_budget: int | None = None
    most_places: int | None = None
    own_role: OwnRole = OwnRole.NEVER


def own_role_name(lease_id: UUID | str) -> str:
    """How the role is called that is made for one lease alone."""
    return f"lakewarden-{lease_id}"


def is_own_role(role_arn: str, lease_id: UUID) -> bool:
    return role_arn.endswith(f"/{own_role_name(lease_id)}")


def scope_hash(connection: ConnectionSpec, scopes: tuple[Scope, ...]) -> str:
    """SHA-256 over what a key opens, independent of the order in which the places were named."""
    places = sorted({(scope.bucket.text, scope.prefix.text, scope.access.value) for scope in scopes})
    content = {"endpoint": connection.endpoint, "role": connection.role_arn, "places": places}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Provider(Protocol):
    """A system that makes, ends and answers for keys."""

    def capabilities(self, connection: ConnectionSpec) -> Capabilities: ...

    def issue(self, spec: CredentialSpec) -> Issued:
        """Make one key, never wider or longer than asked.

        Raises: InvalidInput, NotFound (the role), ProviderFailure, KeyMayExist.
        """

    def revoke(self, handle: LeaseHandle) -> Revoked:
        """End one key and no other. Revoking twice, or what was never issued, succeeds.

        Raises: NotFound (the role), ProviderFailure.
        """

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        """Try the key: inside allowed, outside denied, write as scoped. Changes nothing in the lake."""

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        """Ask the provider whether the key is really dead."""

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        """Put the whole set-up to the test with a key of its own, which is revoked at the end."""

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        """Drop what revocations left behind and time has made needless; returns how many."""
