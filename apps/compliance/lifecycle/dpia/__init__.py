"""The data protection impact assessment, as a kind of record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import EVIDENCE, TIME, Group, Kind
from apps.compliance.lifecycle.dpia.content import (
    DECISIVE,
    HIGH,
    POINTS,
    ActionItem,
    DpiaContent,
    DpiaStage,
    Harm,
    Level,
    Opinion,
    OwnerDecision,
    Risk,
    Screening,
    screening_of,
)
from apps.compliance.lifecycle.dpia.decision import (
    APPROVED_STAGES,
    CYCLE,
    Advice,
    Decided,
    NotNeeded,
    blocks_clearance,
)

DPIAS = Kind(
    slug="impact-assessments",
    prefix="DPIA",
    one=_("Impact assessment"),
    many=_("Impact assessments"),
    new=_("New impact assessment"),
    lead=_("What a processing may do to people, and what is done about it. It begins with a screening."),
    empty=_("Begin with the screening: it tells whether an assessment is needed."),
    icon="shield",
    content=DpiaContent,
    aspect="residual_risk",
    article="Art. 35, 36 GDPR",
    groups=(
        Group(id="scope", title=_("What it is about"), names=("name", "activities", "assets")),
        Group(
            id="screening",
            title=_("Screening: the nine criteria"),
            lead=_("Two or more: an assessment is needed in most cases."),
            names=tuple(POINTS),
        ),
        Group(
            id="lists",
            title=_("Screening: what the law names"),
            names=(*DECISIVE, "is_on_exempt_list", "is_assessed_in_law", "reasons_for_not_doing"),
        ),
        Group(
            id="context",
            title=_("The processing"),
            names=("description", "necessity", "proportionality", "rights_controls", "codes_of_conduct"),
        ),
        Group(id="risks", title=_("Risks"), names=("risks", "initial_risk", "residual_risk")),
        Group(
            id="plan",
            title=_("What follows"),
            names=("actions", "views", "views_not_sought", "is_published"),
        ),
        TIME,
        EVIDENCE,
    ),
    is_high_risk=lambda content: content.residual_risk in HIGH or content.initial_risk in HIGH,
    cycle=CYCLE,
)

__all__ = [
    "APPROVED_STAGES",
    "CYCLE",
    "DECISIVE",
    "DPIAS",
    "POINTS",
    "ActionItem",
    "Advice",
    "Decided",
    "DpiaContent",
    "DpiaStage",
    "Harm",
    "Level",
    "NotNeeded",
    "Opinion",
    "OwnerDecision",
    "Risk",
    "Screening",
    "blocks_clearance",
    "screening_of",
]
