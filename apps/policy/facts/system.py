"""The AI system that is trained, deployed or used (Regulation (EU) 2024/1689)."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.policy import snapshot
from apps.policy.law_words import (
    AiPractice,
    AiRiskClass,
    AiRole,
    AnnexUse,
    BiasCondition,
    DataGovernance,
)
from apps.policy.stated import Stated


@dataclass(frozen=True, kw_only=True)
class AiSystemFacts(Stated):
    """`governance` and `bias_conditions` are the points that are on record as met.

    `practices` are what Art. 5(1) prohibits, `annex_uses` what Annex III lists: what a class rests on, named
    in a refusal.
    `is_pure_research`: developed and put into service for research alone (Art. 2(6)).
    """

    ref: str
    version: str
    risk_class: AiRiskClass | None
    role: AiRole | None
    is_profiling: bool | None
    is_pure_research: bool | None
    governance: frozenset[DataGovernance] | None
    has_labeling_policy: bool | None
    bias_conditions: frozenset[BiasCondition] | None
    practices: frozenset[AiPractice] | None = field(default=None, metadata=snapshot.LATER)
    annex_uses: frozenset[AnnexUse] | None = field(default=None, metadata=snapshot.LATER)
