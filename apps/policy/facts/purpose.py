"""What for: the purpose, and how it fits the one the data were collected for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from apps.policy import snapshot
from apps.policy.facts.obligation import Obligation
from apps.policy.law_words import Art22Basis, AutomatedDecision
from apps.policy.stated import Stated
from apps.policy.vocabulary import (
    Art9Condition,
    Art10Basis,
    LawfulBasis,
    Outcome,
    Presumption,
    PurposeState,
    Until,
)


@dataclass(frozen=True, kw_only=True)
class PurposeFacts(Stated):
    """One version of the purpose asked for; `code` is its concept in the purpose hierarchy.

    `has_legal_ground`: what the basis demands is recorded (consent basis, contract, provision, note, or a
    balancing test that prevails). `is_art23_law`: that provision is a law of the Art. 23(1) kind, so that
    Art. 6(4) asks for no assessment. `art9_has_safeguards`: secrecy for (h), Art. 89(1) safeguards for (j).
    `has_art22_safeguards`: review by a person for Art. 22(2)(a) and (c), those of the law itself for (b).
    `is_bias_correction`: special categories are used only to find and correct bias (AI Act Art. 10(5)).
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
    automated_decision: AutomatedDecision | None = field(default=None, metadata=snapshot.OF_LAW)
    art22_basis: Art22Basis | None = field(default=None, metadata=snapshot.OF_LAW)
    has_art22_safeguards: bool | None = field(default=None, metadata=snapshot.OF_LAW)
    is_marketing_profile: bool | None = field(default=None, metadata=snapshot.OF_LAW)
    is_for_legal_claims: bool | None = field(default=None, metadata=snapshot.OF_LAW)
    is_bias_correction: bool | None = field(default=None, metadata=snapshot.OF_LAW)
    needs_identifiers: bool | None = field(default=None, metadata=snapshot.OF_LAW)


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
