"""A rule pack: dates, numbers, lists of countries and adequacy decisions of one act, as data with dates.

Only what is enabled and applies on the day of a decision is law there. What could not be verified, and what
is only proposed, is disabled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from apps.policy import snapshot
from apps.policy.law_words import AdequacyScope
from apps.policy.stated import Stated
from apps.policy.vocabulary import NO_LIMIT, NoLimit, Until


@dataclass(frozen=True, kw_only=True)
class Adequacy(Stated):
    """A decision of GDPR Art. 45(3) on a country, or on an international organization by its short name."""

    place: str
    scope: AdequacyScope
    source: str
    decided_on: date
    ends_on: Until = NO_LIMIT

    def is_in_force(self, day: date) -> bool:
        return self.decided_on <= day and (isinstance(self.ends_on, NoLimit) or _is_before(day, self.ends_on))


def _is_before(day: date, end: date | None) -> bool:
    return end is not None and day < end


@dataclass(frozen=True, kw_only=True)
class RulePack(Stated):
    """`regime` names the body of law that the pack is of. Of two packs in force the later one has its way.

    `applies_from` is `None` where nobody knows yet. `note` says why a pack is disabled.
    """

    id: str
    version: str
    title: str
    regime: str
    is_enabled: bool
    applies_from: date | None
    applies_to: Until = NO_LIMIT
    dates: Mapping[str, date] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    adequacy: tuple[Adequacy, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("dates", "numbers", "countries"):
            stated: Mapping[str, Any] = getattr(self, name)
            object.__setattr__(self, name, MappingProxyType(dict(sorted(stated.items()))))
        order = sorted(self.adequacy, key=lambda item: (item.place, item.decided_on))
        object.__setattr__(self, "adequacy", tuple(order))

    def is_in_force(self, day: date) -> bool:
        if not self.is_enabled or self.applies_from is None or day < self.applies_from:
            return False
        return isinstance(self.applies_to, NoLimit) or _is_before(day, self.applies_to)

    def as_dict(self) -> dict[str, object]:
        stated: dict[str, object] = snapshot.to_json(self)
        return stated

    @classmethod
    def from_dict(cls, stated: Mapping[str, object]) -> RulePack:
        """Raises: SnapshotUnreadable, ValueError."""
        return snapshot.from_json(cls, stated)


@dataclass(frozen=True, kw_only=True)
class Law:
    """The packs in force on one day. What none of them states is `None`: not known here."""

    day: date
    packs: tuple[RulePack, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{pack.id} v{pack.version}" for pack in self.packs)

    def has(self, regime: str) -> bool:
        return any(pack.regime == regime for pack in self.packs)

    def date(self, regime: str, name: str) -> date | None:
        found = [pack.dates[name] for pack in self._of(regime) if name in pack.dates]
        return found[-1] if found else None

    def number(self, regime: str, name: str) -> int | None:
        found = [pack.numbers[name] for pack in self._of(regime) if name in pack.numbers]
        return found[-1] if found else None

    def countries(self, regime: str, name: str) -> frozenset[str] | None:
        found = [pack.countries[name] for pack in self._of(regime) if name in pack.countries]
        return found[-1] if found else None

    def adequacy(self, regime: str, place: str) -> Adequacy | None:
        """The newest decision in force on this place."""
        found = [
            item
            for pack in self._of(regime)
            for item in pack.adequacy
            if item.place == place and item.is_in_force(self.day)
        ]
        return max(found, key=lambda item: item.decided_on, default=None)

    def _of(self, regime: str) -> tuple[RulePack, ...]:
        return tuple(pack for pack in self.packs if pack.regime == regime)


def law_on(day: date, packs: Iterable[RulePack]) -> Law:
    """What of these packs is law on the day, the earliest first."""
    known = [pack for pack in packs if pack.is_in_force(day)]
    return Law(day=day, packs=tuple(sorted(known, key=lambda pack: (pack.applies_from or day, pack.id))))
