"""What happened to classes and classifications."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class ClassAdded(Event, name="classification.class.added", about="sensitivity_class_id"):
    sensitivity_class_id: UUID
    code: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class HandlingChanged(Event, name="classification.class.handling_changed", about="sensitivity_class_id"):
    """`before` and `after` hold the changed demands of the class as text."""

    sensitivity_class_id: UUID
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LadderChangeProposed(Event, name="classification.ladder.proposed", about="ladder_change_id"):
    """`before` and `after` hold what would change, as text; of a new class all of it."""

    ladder_change_id: UUID
    code: str
    is_laxer: bool
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LadderChangeAgreed(Event, name="classification.ladder.agreed", about="ladder_change_id"):
    ladder_change_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class LadderChangeRejected(Event, name="classification.ladder.rejected", about="ladder_change_id"):
    ladder_change_id: UUID
    code: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class LadderChangeWithdrawn(Event, name="classification.ladder.withdrawn", about="ladder_change_id"):
    ladder_change_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class ColumnsClassified(Event, name="classification.columns.classified", about="version_id"):
    """What now holds, by column: "class / identifiability / categories"."""

    asset_id: UUID
    version_id: UUID
    source: str
    sayings: dict[str, str]
    reasons: Personal


@dataclass(frozen=True, kw_only=True)
class LoweringProposed(Event, name="classification.lowering.proposed", about="version_id"):
    asset_id: UUID
    version_id: UUID
    proposals: tuple[UUID, ...]
    sayings: dict[str, str]
    reasons: Personal


@dataclass(frozen=True, kw_only=True)
class LoweringConfirmed(Event, name="classification.lowering.confirmed", about="version_id"):
    asset_id: UUID
    version_id: UUID
    proposals: tuple[UUID, ...]
    sayings: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LoweringRejected(Event, name="classification.lowering.rejected", about="version_id"):
    asset_id: UUID
    version_id: UUID
    proposals: tuple[UUID, ...]
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class CategoryAdded(Event, name="classification.category.added", about="data_category_id"):
    """A term of one's own, below those that ship."""

    data_category_id: UUID
    code: str
    parents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryDeprecated(Event, name="classification.category.deprecated", about="data_category_id"):
    data_category_id: UUID
    code: str
    replaced_by: str | None
