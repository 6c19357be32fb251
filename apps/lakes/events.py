"""What happened to lake connections."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LakeConnected(Event, name="lakes.lake.connected", about="lake_id"):
    lake_id: UUID
    flavor: str
    endpoint: str
    role_arn: str
    roots: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LakeChanged(Event, name="lakes.lake.changed", about="lake_id"):
    lake_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LakeDisabled(Event, name="lakes.lake.disabled", about="lake_id"):
    lake_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LakeHalted(Event, name="lakes.lake.halted", about="lake_id"):
    """It gives no new key, and every key it gave is to end; `keys`: how many that were."""

    lake_id: UUID
    reason: str
    keys: int


@dataclass(frozen=True, kw_only=True)
class LakeEnabled(Event, name="lakes.lake.enabled", about="lake_id"):
    lake_id: UUID


@dataclass(frozen=True, kw_only=True)
class LakeRoleSetUp(Event, name="lakes.lake.role_set_up", about="lake_id"):
    """The portal made or mended the role itself; `issuer_arn` may assume it since."""

    lake_id: UUID
    role_arn: str
    issuer_arn: str


@dataclass(frozen=True, kw_only=True)
class LakeVerified(Event, name="lakes.lake.verified", about="lake_id"):
    lake_id: UUID
    passed: bool
    failed_probes: tuple[str, ...]
