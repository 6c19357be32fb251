"""Screening, impact assessment and conditions of national law."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.facts.order import unique
from apps.policy.law_words import DpiaState, NationalEffect, ScreeningPoint
from apps.policy.stated import Stated
from apps.policy.vocabulary import Until


@dataclass(frozen=True, kw_only=True)
class ScreeningFacts(Stated):
    """The screening of a processing activity; a point in neither set is not answered.

    `is_override_recorded`: reasons for making no assessment, and the DPO's view, are on record (WP248 III.B).
    """

    ref: str
    version: str
    yes: frozenset[ScreeningPoint]
    no: frozenset[ScreeningPoint]
    is_override_recorded: bool | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.yes & self.no:
            raise ValueError(f"Screening {self.ref} answers a point both ways.")


@dataclass(frozen=True, kw_only=True)
class DpiaConditionFacts(Stated):
    """A condition of an approved assessment; it binds from `due_on`."""

    code: str
    due_on: Until
    is_met: bool | None


@dataclass(frozen=True, kw_only=True)
class DpiaFacts(Stated):
    """A data-protection impact assessment (GDPR Art. 35)."""

    ref: str
    version: str
    state: DpiaState | None
    review_on: Until
    conditions: tuple[DpiaConditionFacts, ...] | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.conditions is not None:
            unique(f"Conditions of {self.ref}", [item.code for item in self.conditions])
            order = sorted(self.conditions, key=lambda item: item.code)
            object.__setattr__(self, "conditions", tuple(order))


@dataclass(frozen=True, kw_only=True)
class NationalConditionFacts(Stated):
    """A condition of national law for these kinds of data or data subjects.

    It meets a request where the controller sits in `country`, or the data come from there.
    """

    ref: str
    country: str
    article: str
    effect: NationalEffect
    special_kinds: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    covers_criminal: bool = False
