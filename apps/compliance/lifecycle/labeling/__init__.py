"""Labeling policies: what may be labeled, by whom and how, and when the result is good enough to learn from.

AI Act Art. 10(2)(c), Annex IV 2(d).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import EVIDENCE, TIME, Group, Kind
from apps.compliance.lifecycle.labeling.checks import faults, gaps, warnings
from apps.compliance.lifecycle.labeling.content import LabelingPolicyContent, LabelRow
from apps.compliance.lifecycle.labeling.cycle import CYCLE, GOVERNING
from apps.compliance.lifecycle.labeling.words import (
    Adjudication,
    AgreementMeasure,
    LabelTask,
    PolicyStage,
    Workforce,
)

__all__ = [
    "CYCLE",
    "GOVERNING",
    "LABELING_POLICIES",
    "Adjudication",
    "AgreementMeasure",
    "LabelRow",
    "LabelTask",
    "LabelingPolicyContent",
    "PolicyStage",
    "Workforce",
]

LABELING_POLICIES = Kind(
    slug="labeling-policies",
    prefix="LP",
    one=_("Labeling policy"),
    many=_("Labeling policies"),
    new=_("New labeling policy"),
    lead=_("What may be labeled, by whom and how, and when the result is good enough to learn from."),
    empty=_("Record one before people label data that a model learns from."),
    icon="classify",
    content=LabelingPolicyContent,
    aspect="task",
    article="Art. 10(2)(c), Annex IV 2(d) AI Act",
    groups=(
        Group(
            id="what",
            title=_("What is labeled"),
            names=("name", "purposes", "datasets", "task", "is_high_risk", "is_subjective"),
        ),
        Group(
            id="schema",
            title=_("Labels and guideline"),
            names=("labels", "guideline", "guideline_version", "guideline_sha256"),
            lead=_("Every label cites the version of this policy, and with it both."),
        ),
        Group(
            id="who",
            title=_("Who labels"),
            names=(
                "workforce",
                "vendor",
                "qualification",
                "test_score",
                "is_cleared",
                "is_confidential",
                "countries",
                "conflicts",
            ),
        ),
        Group(
            id="how",
            title=_("How it is labeled"),
            names=("annotations_per_item", "overlap_share", "is_blind", "adjudication", "adjudicators"),
        ),
        Group(
            id="enough",
            title=_("When it is good enough"),
            names=(
                "measure",
                "release_agreement",
                "research_agreement",
                "gold_items",
                "gold_accuracy",
                "gold_tolerance",
                "gold_days",
                "is_gold_hidden",
                "coverage",
                "unsure_share",
                "subgroups",
            ),
        ),
        Group(
            id="before",
            title=_("What happens before people label"),
            names=(
                "is_redacted",
                "redaction",
                "redaction_recall",
                "audited_items",
                "machine_tool",
                "machine_version",
                "machine_share",
                "verified_share",
            ),
        ),
        Group(
            id="care",
            title=_("Those who label"),
            names=(
                "has_hard_content",
                "hard_content",
                "is_opt_in",
                "hours_a_day",
                "is_blurred",
                "support",
                "visibility",
                "are_raw_kept",
                "raw_activity",
                "raw_retention",
                "fairness",
            ),
        ),
        TIME,
        EVIDENCE,
    ),
    faults=faults,
    gaps=gaps,
    warnings=warnings,
    is_high_risk=lambda content: content.is_high_risk is True,
    cycle=CYCLE,
)
