"""What happened to rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class RulebookPublished(Event, name="access.rulebook.published", about="rulebook_id"):
    rulebook_id: UUID
    sha256: str
    version: str


@dataclass(frozen=True, kw_only=True)
class PolicySetDrafted(Event, name="access.policy_set.drafted", about="policy_set_id"):
    policy_set_id: UUID
    number: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetChanged(Event, name="access.policy_set.changed", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetSubmitted(Event, name="access.policy_set.submitted", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetReturned(Event, name="access.policy_set.returned", about="policy_set_id"):
    policy_set_id: UUID
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PolicySetPublished(Event, name="access.policy_set.published", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str
    rulebook_sha256: str
    replay_id: UUID
    effective_from: datetime


@dataclass(frozen=True, kw_only=True)
class PolicyReplayStarted(Event, name="access.policy_replay.started", about="policy_replay_id"):
    policy_replay_id: UUID
    policy_set_id: UUID
    draft_sha256: str
    months: int


@dataclass(frozen=True, kw_only=True)
class PolicyReplayFinished(Event, name="access.policy_replay.finished", about="policy_replay_id"):
    policy_replay_id: UUID
    policy_set_id: UUID
    total: int
    changed: int
