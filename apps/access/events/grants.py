"""What happened to grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class GrantCreated(Event, name="access.grant.created", about="grant_id"):
    grant_id: UUID
    request_id: UUID
    decision_id: UUID
    asset_id: UUID
    purpose_id: UUID
    actions: tuple[str, ...]
    mode: str
    not_before: datetime
    not_after: datetime
    limiting_factor: str


@dataclass(frozen=True, kw_only=True)
class GrantActivated(Event, name="access.grant.activated", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantRevoked(Event, name="access.grant.revoked", about="grant_id"):
    grant_id: UUID
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class GrantGivenBack(Event, name="access.grant.given_back", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantExpired(Event, name="access.grant.expired", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantSuspended(Event, name="access.grant.suspended", about="grant_id"):
    grant_id: UUID
    is_for_cause: bool
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class GrantResumed(Event, name="access.grant.resumed", about="grant_id"):
    """`state` is the one it has now: what was suspended before its start begins later."""

    grant_id: UUID
    state: str
    decision_substance: str
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class GrantSuperseded(Event, name="access.grant.superseded", about="grant_id"):
    grant_id: UUID
    successor_id: UUID


@dataclass(frozen=True, kw_only=True)
class ExtensionDrafted(Event, name="access.grant.extension_drafted", about="grant_id"):
    grant_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class LedgerPseudonymized(Event, name="access.ledger.pseudonymized", about="person_id"):
    """The grants of somebody who left long ago name a code; how many there are, and how many texts of the
    trail about them were dropped."""

    person_id: UUID
    grants: int
    texts_dropped: int
