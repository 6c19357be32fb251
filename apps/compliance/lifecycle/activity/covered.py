"""What the checks of an activity look at besides its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from apps.compliance.lifecycle.declaration import Referred
from apps.compliance.lifecycle.purpose import BiometricUse
from apps.policy.vocabulary import Art9Condition, LawfulBasis


@dataclass(frozen=True, kw_only=True)
class CoveredPurpose:
    """`weighs_children` and `asks_parents` are of the assessment of interests and the basis of consent that
    it rests on; unset where it rests on none."""

    ref: str
    is_approved: bool
    has_basis: bool
    has_art9_condition: bool
    has_art10_authority: bool
    has_ground: bool = True
    basis: LawfulBasis | None = None
    art9_conditions: frozenset[Art9Condition] = frozenset()
    weighs_children: bool | None = None
    asks_parents: bool | None = None
    biometric_use: BiometricUse | None = None


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What the purposes and the latest versions of the assets of an activity are, as far as is known; the
    records it names, as they are in force that day; kinds of data that are unknown or out of use; whether
    there are traits of a body or a voice among them."""

    today: date
    purposes: tuple[CoveredPurpose, ...]
    is_personal: bool
    special_kinds: frozenset[str]
    is_criminal: bool
    named: Mapping[UUID, Referred] = field(default_factory=dict)
    odd_categories: frozenset[str] = frozenset()
    has_traits: bool = False
    controller: str = ""
    controller_country: str = ""
    is_controller_reachable: bool = True

    def of(self, uid: UUID | None) -> Referred | None:
        return self.named.get(uid) if uid else None
