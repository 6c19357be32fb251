"""What is asked for: versions, their columns, and the records that describe them."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.policy import snapshot
from apps.policy.facts.agreement import AgreementFacts
from apps.policy.facts.assessment import DpiaFacts, ScreeningFacts
from apps.policy.facts.order import unique
from apps.policy.facts.standing import ConsentFacts, HoldFacts, PeopleFacts, PinFacts, RowFacts
from apps.policy.law_words import BreachRisk
from apps.policy.stated import Stated
from apps.policy.vocabulary import Clearance, Identifiability, LawfulBasis, Until


@dataclass(frozen=True, kw_only=True)
class ColumnFacts(Stated):
    """One requested column. A version without columns has one column, named "*".

    `is_confirmed`: a named steward confirmed class, categories and identifiability. `is_personal` comes from
    scan and categories, and may contradict `identifiability`; the stricter of both then counts.
    `is_necessary`: among the columns the purpose needs. `is_direct_identifier`: names a person by itself.
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
    is_necessary: bool | None = field(default=None, metadata=snapshot.OF_LAW)
    is_direct_identifier: bool | None = field(default=None, metadata=snapshot.OF_LAW)


@dataclass(frozen=True, kw_only=True)
class ActivityFacts(Stated):
    """One *approved* version of a processing activity that covers the asset; `purposes` are uids."""

    ref: str
    version: str
    purposes: frozenset[str]
    clearance: Clearance | None
    screening: ScreeningFacts | None = field(default=None, metadata=snapshot.LATER)
    dpia: DpiaFacts | None = field(default=None, metadata=snapshot.LATER)


@dataclass(frozen=True, kw_only=True)
class AssetFacts(Stated):
    """One requested version of an asset, with the requested columns only.

    `original_purpose` is the concept that the data were collected for. `research_area`: the concept that a
    broad consent names (rec. 33), `None` where it names none. `retention_ends_on`: earliest over these
    columns. `described_by`: the persons on whose word the description rests, who registered the version or
    said how sensitive its columns are. `agreements`: all that the version came under, and that it came under
    none is the empty tuple. `open_breach`: the gravest breach that is open.
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
    people: PeopleFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    consent: ConsentFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    rows: RowFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    hold: HoldFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    pin: PinFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    agreements: tuple[AgreementFacts, ...] | None = field(default=None, metadata=snapshot.OF_LAW)
    open_breach: BreachRisk | None = field(default=None, metadata=snapshot.LATER)
    has_pseudonymised_view: bool | None = field(default=None, metadata=snapshot.OF_LAW)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.columns:
            raise ValueError(f'Asset {self.uid} has no column; a version without columns has one, named "*".')
        unique(f"Columns of asset {self.uid}", [column.name for column in self.columns])
        object.__setattr__(self, "columns", tuple(sorted(self.columns, key=lambda column: column.name)))
        unique(f"Activities of asset {self.uid}", [(item.ref, item.version) for item in self.activities])
        order = sorted(self.activities, key=lambda item: (item.ref, item.version))
        object.__setattr__(self, "activities", tuple(order))
        if self.agreements is not None:
            unique(f"Agreements of asset {self.uid}", [(item.ref, item.version) for item in self.agreements])
            agreements = sorted(self.agreements, key=lambda item: (item.ref, item.version))
            object.__setattr__(self, "agreements", tuple(agreements))
