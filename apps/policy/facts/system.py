"""The AI system that is trained, deployed or used (Regulation (EU) 2024/1689)."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.law_words import AiRiskClass, AiRole, BiasCondition, DataGovernance
from apps.policy.stated import Stated


@dataclass(frozen=True, kw_only=True)
class AiSystemFacts(Stated):
    """`governance` and `bias_conditions` are the points that are on record as met.

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
