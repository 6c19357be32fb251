"""A request as a whole: everything a decision may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType

from apps.policy import snapshot
from apps.policy.facts.agreement import UseFacts
from apps.policy.facts.assessment import NationalConditionFacts
from apps.policy.facts.asset import AssetFacts
from apps.policy.facts.handling import HandlingFacts
from apps.policy.facts.labeling import LabelingFacts, LabelsFacts
from apps.policy.facts.order import unique
from apps.policy.facts.party import ControllerFacts, PartyFacts, TransferFacts
from apps.policy.facts.purpose import CompatibilityFacts, PurposeFacts
from apps.policy.facts.subject import SubjectFacts
from apps.policy.facts.system import AiSystemFacts
from apps.policy.facts.ticket import TicketFacts
from apps.policy.law_words import LabelerPart, ScreeningPoint
from apps.policy.stated import Stated
from apps.policy.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class JointFacts(Stated):
    """What the subject would hold if this were granted: everything live now, and what is asked for.

    `personal_assets` counts the assets with columns about people; the rest is the union over all assets.
    `screened`: points that the screenings of what is held answer with yes. `inferred_kinds`: special
    categories that all of it together would reveal (CJEU C-184/20).
    """

    personal_assets: int
    categories: frozenset[str]
    special_kinds: frozenset[str]
    screened: frozenset[ScreeningPoint] | None = field(default=None, metadata=snapshot.LATER)
    inferred_kinds: frozenset[str] | None = field(default=None, metadata=snapshot.LATER)


@dataclass(frozen=True, kw_only=True)
class RequestFacts(Stated):
    """Everything a decision may look at. `now` is a fact: there is no clock below.

    `handling` is the whole ladder of classes of the organization, not only the class concerned.
    `linked_personal`: linkable personal data are granted or requested in the same project, or by the same
    requester. `ticket_reference`: the ticket the requester named, if any; `tickets`: what each connected
    system says of it. `parties`: everybody beside the own organization who would see the data; nobody is the
    empty tuple. `labeling`: the labeling policies about the assets, where labeling is asked for, and
    `labeling_part` the part in it that is asked for; `labels`:
    what their labels are good for, where an AI system learns from them or is put to use.
    `justified_columns` ("asset/column"): those for which the request says why they are needed.
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
    controller: ControllerFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    parties: tuple[PartyFacts, ...] | None = field(default=None, metadata=snapshot.OF_LAW)
    transfers: tuple[TransferFacts, ...] | None = field(default=None, metadata=snapshot.OF_LAW)
    use: UseFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    ai_system: AiSystemFacts | None = field(default=None, metadata=snapshot.OF_LAW)
    national_conditions: tuple[NationalConditionFacts, ...] | None = field(
        default=None, metadata=snapshot.OF_LAW
    )
    justified_columns: frozenset[str] | None = field(default=None, metadata=snapshot.OF_LAW)
    labeling: tuple[LabelingFacts, ...] | None = field(default=None, metadata=snapshot.OF_LAW)
    labels: tuple[LabelsFacts, ...] | None = field(default=None, metadata=snapshot.OF_LAW)
    labeling_part: LabelerPart | None = field(default=None, metadata=snapshot.OF_LAW)

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
        unique("Assets", [asset.uid for asset in self.assets])
        unique("Class ranks", [step.rank for step in self.handling])
        object.__setattr__(self, "assets", tuple(sorted(self.assets, key=lambda asset: asset.uid)))
        object.__setattr__(self, "handling", tuple(sorted(self.handling, key=lambda step: step.rank)))
        unique("Assessments", [(item.ref, item.version) for item in self.assessments])
        order = sorted(self.assessments, key=lambda item: (item.ref, item.version))
        object.__setattr__(self, "assessments", tuple(order))
        self._order_later()
        parents = {code: frozenset(above) for code, above in sorted(self.purpose_parents.items())}
        object.__setattr__(self, "purpose_parents", MappingProxyType(parents))

    def _order_later(self) -> None:
        if self.tickets is not None:
            unique("Ticket systems", [each.system for each in self.tickets])
            object.__setattr__(self, "tickets", tuple(sorted(self.tickets, key=lambda each: each.system)))
        if self.parties is not None:
            unique("Parties", [(item.uid, item.part) for item in self.parties])
            parties = sorted(self.parties, key=lambda item: (item.uid, item.part))
            object.__setattr__(self, "parties", tuple(parties))
        if self.transfers is not None:
            unique("Transfers", [(item.ref, item.version) for item in self.transfers])
            transfers = sorted(self.transfers, key=lambda item: (item.ref, item.version))
            object.__setattr__(self, "transfers", tuple(transfers))
        if self.national_conditions is not None:
            unique("National conditions", [item.ref for item in self.national_conditions])
            conditions = sorted(self.national_conditions, key=lambda item: item.ref)
            object.__setattr__(self, "national_conditions", tuple(conditions))
        if self.labeling is not None:
            unique("Labeling policies", [(item.asset, item.policy) for item in self.labeling])
            labeling = sorted(self.labeling, key=lambda item: (item.asset, item.policy))
            object.__setattr__(self, "labeling", tuple(labeling))
        if self.labels is not None:
            unique("Labels", [(item.asset, item.policy, item.number) for item in self.labels])
            labels = sorted(self.labels, key=lambda item: (item.asset, item.policy, item.number))
            object.__setattr__(self, "labels", tuple(labels))

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
        return snapshot.sha256_of_snapshot(self.as_json())
