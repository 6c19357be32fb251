"""What a decision is made from: stated facts, frozen. `None` is "not known", and is never taken for "no".

Dates of records end (or begin) at 00:00 UTC of their day. That there is no limit is stated as `NO_LIMIT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from types import MappingProxyType

from apps.policy import snapshot
from apps.policy.stated import Stated, WronglyStated
from apps.policy.vocabulary import (
    NO_LIMIT,
    Action,
    Art9Condition,
    Art10Basis,
    Clearance,
    Identifiability,
    LawfulBasis,
    NoLimit,
    ObligationKind,
    Outcome,
    Presumption,
    PurposeState,
    Quota,
    Relation,
    SubjectKind,
    TicketStanding,
    Until,
)

__all__ = [
    "NO_LIMIT",
    "SHORTEST_GRANT_DAYS",
    "SHORTEST_LEASE_MINUTES",
    "Action",
    "ActivityFacts",
    "Art9Condition",
    "Art10Basis",
    "AssetFacts",
    "Clearance",
    "ColumnFacts",
    "CompatibilityFacts",
    "HandlingFacts",
    "Identifiability",
    "JointFacts",
    "LawfulBasis",
    "NoLimit",
    "Obligation",
    "ObligationKind",
    "Outcome",
    "Presumption",
    "PurposeFacts",
    "PurposeState",
    "Quota",
    "Relation",
    "RequestFacts",
    "SubjectFacts",
    "SubjectKind",
    "TicketFacts",
    "TicketStanding",
    "Until",
    "WronglyStated",
]

SHORTEST_GRANT_DAYS = 1
"""No class may state a shorter longest grant; an unknown one counts as this."""

SHORTEST_LEASE_MINUTES = 15
"""No provider issues a shorter key, so no class may state less; an unknown longest lease counts as this."""


def _unique(what: str, names: Iterable[object]) -> None:
    seen = list(names)
    if len(set(seen)) != len(seen):
        raise ValueError(f"{what} are named twice.")


@dataclass(frozen=True, kw_only=True)
class Obligation(Stated):
    """What a grant demands of its holder: `columns` as "asset/column" (empty: all), `value` its parameter.

    `no_download` binds every action but `export`, which has stages of its own.
    """

    kind: ObligationKind
    columns: frozenset[str] = frozenset()
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnFacts(Stated):
    """One requested column. A version without columns has one column, named "*".

    `is_confirmed`: a named steward confirmed class, categories and identifiability. `is_personal` comes from
    scan and categories, and may contradict `identifiability`; the stricter of both then counts.
    """

    name: str
    class_rank: int | None
    categories: frozenset[str]
    special_kinds: frozenset[str]
    is_criminal: bool | None
    is_personal: bool | None
    identifiability: Identifiability | None
    is_confirmed: bool
    permitted_purposes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ActivityFacts(Stated):
    """One *approved* version of a processing activity that covers the asset; `purposes` are uids."""

    ref: str
    version: str
    purposes: frozenset[str]
    clearance: Clearance | None


@dataclass(frozen=True, kw_only=True)
class AssetFacts(Stated):
    """One requested version of an asset, with the requested columns only.

    `original_purpose` is the concept that the data were collected for. `research_area`: the concept that a
    broad consent names (rec. 33), `None` where it names none. `retention_ends_on`: earliest over these
    columns. `described_by`: the persons on whose word the description rests, who registered the version or
    said how sensitive its columns are.
    """

    uid: str
    kind: str
    version: str
    columns: tuple[ColumnFacts, ...]
    original_basis: LawfulBasis | None
    original_purpose: str | None
    has_anonymity_assessment: bool | None
    activities: tuple[ActivityFacts, ...]
    retention_ends_on: Until
    agreement_ends_on: Until
    research_area: str | None = None
    described_by: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.columns:
            raise ValueError(f'Asset {self.uid} has no column; a version without columns has one, named "*".')
        _unique(f"Columns of asset {self.uid}", [column.name for column in self.columns])
        object.__setattr__(self, "columns", tuple(sorted(self.columns, key=lambda column: column.name)))
        _unique(f"Activities of asset {self.uid}", [(item.ref, item.version) for item in self.activities])
        order = sorted(self.activities, key=lambda item: (item.ref, item.version))
        object.__setattr__(self, "activities", tuple(order))


@dataclass(frozen=True, kw_only=True)
class PurposeFacts(Stated):
    """One version of the purpose asked for; `code` is its concept in the purpose hierarchy.

    `has_legal_ground`: what the basis demands is recorded (consent basis, contract, provision, note, or a
    balancing test that prevails). `is_art23_law`: that provision is a law of the Art. 23(1) kind, so that
    Art. 6(4) asks for no assessment. `art9_has_safeguards`: secrecy for (h), Art. 89(1) safeguards for (j).
    """

    uid: str
    code: str
    version: str
    state: PurposeState | None
    lawful_basis: LawfulBasis | None
    has_legal_ground: bool | None
    art9_conditions: frozenset[Art9Condition]
    art9_has_law_ref: bool | None
    art9_has_safeguards: bool | None
    art10_basis: Art10Basis | None
    art89_safeguards: frozenset[str]
    valid_from: date | None
    valid_to: Until
    presumption: Presumption | None
    is_art23_law: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CompatibilityFacts(Stated):
    """A compatibility assessment (GDPR Art. 6(4)) from a concept to a purpose, for named assets."""

    ref: str
    version: str
    original_purpose: str
    new_purpose_uid: str
    asset_uids: frozenset[str]
    outcome: Outcome | None
    is_approved: bool | None
    conditions: frozenset[Obligation] = frozenset()


@dataclass(frozen=True, kw_only=True)
class HandlingFacts(Stated):
    """What a sensitivity class demands. `stages` are role names; "dpo" is an opinion, never an approval."""

    rank: int
    code: str
    max_grant_days: Quota
    max_lease_minutes: Quota
    stages: tuple[str, ...]
    needs_step_up: bool | None
    is_auto_ok_allowed: bool | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.max_grant_days, int) and self.max_grant_days < SHORTEST_GRANT_DAYS:
            raise ValueError(f"Class {self.code}: the longest grant is at least {SHORTEST_GRANT_DAYS} day.")
        if isinstance(self.max_lease_minutes, int) and self.max_lease_minutes < SHORTEST_LEASE_MINUTES:
            raise ValueError(
                f"Class {self.code}: the longest lease is at least {SHORTEST_LEASE_MINUTES} minutes."
            )


@dataclass(frozen=True, kw_only=True)
class SubjectFacts(Stated):
    """Who asks, or who receives. A project states the lowest cleared rank of its members.

    A permanent contract is stated as `NO_LIMIT`; `None` is a contract whose end nobody has recorded.
    """

    uid: str
    kind: SubjectKind
    relation: Relation | None
    employer_country: str | None
    cleared_rank: int | None
    contract_ends_on: Until
    is_active: bool | None


@dataclass(frozen=True, kw_only=True)
class JointFacts(Stated):
    """What the subject would hold if this were granted: everything live now, and what is asked for.

    `personal_assets` counts the assets with columns about people; the rest is the union over all assets.
    """

    personal_assets: int
    categories: frozenset[str]
    special_kinds: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class TicketFacts(Stated):
    """What one connected ticket system has said about the ticket that the requester named."""

    system: str
    standing: TicketStanding


@dataclass(frozen=True, kw_only=True)
class RequestFacts(Stated):
    """Everything a decision may look at. `now` is a fact: there is no clock below.

    `handling` is the whole ladder of classes of the organization, not only the class concerned.
    `linked_personal`: linkable personal data are granted or requested in the same project, or by the same
    requester. `ticket_reference`: the ticket the requester named, if any; `tickets` what each connected
    system says of it.
    """

    now: datetime
    requester: SubjectFacts
    subject: SubjectFacts
    purpose: PurposeFacts
    purpose_parents: Mapping[str, frozenset[str]]
    assets: tuple[AssetFacts, ...]
    actions: frozenset[Action]
    starts_at: datetime
    ends_at: datetime
    place_of_processing: str | None
    linked_personal: bool | None
    handling: tuple[HandlingFacts, ...]
    assessments: tuple[CompatibilityFacts, ...] = ()
    joint: JointFacts | None = field(default=None, metadata=snapshot.LATER)
    ticket_reference: str | None = field(default=None, metadata=snapshot.LATER)
    tickets: tuple[TicketFacts, ...] | None = field(default=None, metadata=snapshot.LATER)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("now", "starts_at", "ends_at"):
            at: datetime = getattr(self, name)
            if at.utcoffset() is None:
                raise ValueError(f"{name} has no time zone.")
            object.__setattr__(self, name, at.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at.")
        if not self.assets or not self.actions:
            raise ValueError("A request names at least one asset and one action.")
        _unique("Assets", [asset.uid for asset in self.assets])
        _unique("Class ranks", [step.rank for step in self.handling])
        object.__setattr__(self, "assets", tuple(sorted(self.assets, key=lambda asset: asset.uid)))
        object.__setattr__(self, "handling", tuple(sorted(self.handling, key=lambda step: step.rank)))
        _unique("Assessments", [(item.ref, item.version) for item in self.assessments])
        order = sorted(self.assessments, key=lambda item: (item.ref, item.version))
        object.__setattr__(self, "assessments", tuple(order))
        if self.tickets is not None:
            _unique("Ticket systems", [each.system for each in self.tickets])
            object.__setattr__(self, "tickets", tuple(sorted(self.tickets, key=lambda each: each.system)))
        parents = {code: frozenset(above) for code, above in sorted(self.purpose_parents.items())}
        object.__setattr__(self, "purpose_parents", MappingProxyType(parents))

    def as_json(self) -> dict[str, object]:
        """Canonical and lossless: `RequestFacts.from_json(facts.as_json()) == facts`."""
        stated: dict[str, object] = snapshot.to_json(self)
        return stated

    @classmethod
    def from_json(cls, stated: Mapping[str, object]) -> RequestFacts:
        """Raises: SnapshotUnreadable, ValueError."""
        return snapshot.from_json(cls, stated)

    @cached_property
    def sha256(self) -> str:
        """Of the canonical JSON (RFC 8785)."""
        return snapshot.sha256_of(self.as_json())
