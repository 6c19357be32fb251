"""AI systems under Regulation (EU) 2024/1689: class, role, what is documented, and how far it may go."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.ai_systems.content import AiSystemContent, faults, gaps, is_high
from apps.compliance.lifecycle.ai_systems.steps import CYCLE, OF_PROVIDERS, RUNNING
from apps.compliance.lifecycle.ai_systems.words import (
    AiStage,
    AnnexUse,
    BiasCondition,
    Derogation,
    Governance,
    OrgRole,
    PersonalData,
    Practice,
    RiskClass,
)
from apps.compliance.lifecycle.declaration import EVIDENCE, TIME, Group, Kind

__all__ = [
    "AI_SYSTEMS",
    "CYCLE",
    "RUNNING",
    "AiStage",
    "AiSystemContent",
    "AnnexUse",
    "BiasCondition",
    "Derogation",
    "Governance",
    "OrgRole",
    "PersonalData",
    "Practice",
    "RiskClass",
]

AI_SYSTEMS = Kind(
    slug="ai-systems",
    prefix="AI",
    one=_("AI system"),
    many=_("AI systems"),
    new=_("New AI system"),
    lead=_("What the AI Act asks about a system: its class, our role, its data, and how far it may go."),
    empty=_("Record every system that is trained here, bought or used."),
    icon="model",
    content=AiSystemContent,
    aspect="risk_class",
    article="Regulation (EU) 2024/1689",
    groups=(
        Group(
            id="what",
            title=_("What it is"),
            names=("name", "version_label", "intended_purpose", "role", "purposes"),
        ),
        Group(
            id="class",
            title=_("Its class"),
            names=(
                "risk_class",
                "practices",
                "annex_uses",
                "derogations",
                "not_high_assessment",
                "is_profiling",
                "needs_transparency",
                "is_gpai",
                "is_pure_research",
            ),
        ),
        Group(
            id="data",
            title=_("Models and data"),
            names=("models", "training", "validation", "testing", "labeling", "personal_data", "governance"),
        ),
        Group(
            id="versions",
            title=_("The versions it was made with"),
            names=("model_versions", "training_versions", "validation_versions", "testing_versions"),
            lead=_("Each as it stands in the catalog: a version never changes, and its hash tells it."),
        ),
        Group(
            id="bias",
            title=_("Sensitive data against bias"),
            names=("corrects_bias", "bias_conditions"),
            is_seldom=True,
        ),
        Group(
            id="duties",
            title=_("What high risk demands"),
            names=(
                "technical_file",
                "oversight",
                "robustness",
                "log_months",
                "are_workers_told",
                "dpia",
                "serves_public",
                "rights_assessment",
                *OF_PROVIDERS,
            ),
            is_seldom=True,
        ),
        TIME,
        EVIDENCE,
    ),
    faults=faults,
    gaps=gaps,
    is_high_risk=is_high,
    cycle=CYCLE,
)
