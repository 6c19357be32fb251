"""How a version stands today: whom it is about, on what consent it rests, what must not be read or moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.policy.law_words import RowFlag
from apps.policy.stated import Stated
from apps.policy.vocabulary import NoLimit, Until


@dataclass(frozen=True, kw_only=True)
class PeopleFacts(Stated):
    """Whom the data are about. `subjects` are concepts of the Data Privacy Vocabulary.

    `is_monitored`: the data come from systematic observation of people.
    """

    subjects: frozenset[str] | None
    has_children: bool | None
    is_monitored: bool | None
    is_large_scale: bool | None
    origin_countries: frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class ConsentFacts(Stated):
    """The consent that the version rests on; `scope` are the concepts that people agreed to.

    `withdrawals_synced_at`: when the register of withdrawals was last read.
    """

    ref: str
    version: str
    scope: frozenset[str] | None
    is_explicit: bool | None
    ends_on: Until
    withdrawals_synced_at: datetime | None

    def __post_init__(self) -> None:
        super().__post_init__()
        synced = self.withdrawals_synced_at
        if synced is None:
            return
        if synced.utcoffset() is None:
            raise ValueError("withdrawals_synced_at has no time zone.")
        object.__setattr__(self, "withdrawals_synced_at", synced.astimezone(UTC))


@dataclass(frozen=True, kw_only=True)
class RowFacts(Stated):
    """Rows that must not be read. `list_version` is the newest list, `applied_version` the one the version
    was made with; 0 where there is none yet."""

    flags: frozenset[RowFlag] | None
    list_version: int | None
    applied_version: int | None


@dataclass(frozen=True, kw_only=True)
class HoldFacts(Stated):
    """A legal hold suspends deletion; it extends no ordinary use."""

    is_held: bool | None
    review_on: Until


@dataclass(frozen=True, kw_only=True)
class PinFacts(Stated):
    """Where the version may be processed and by whom; `EEA` stands for its countries."""

    places: frozenset[str] | NoLimit | None
    operators: frozenset[str] | NoLimit | None
