from apps.classification.commands.categories import CategoryDraft, add_category, deprecate_category
from apps.classification.commands.classes import Handling, add_class, change_handling
from apps.classification.commands.columns import (
    CLASSIFYING,
    Classified,
    ColumnClassification,
    classify,
    impact_of_classifying,
)
from apps.classification.commands.findings import PersonalFinding, lapse_not_personal
from apps.classification.commands.inheritance import inherit_classification
from apps.classification.commands.proposals import confirm_lowering, reject_lowering

__all__ = [
    "CLASSIFYING",
    "CategoryDraft",
    "Classified",
    "ColumnClassification",
    "Handling",
    "PersonalFinding",
    "add_category",
    "add_class",
    "change_handling",
    "classify",
    "confirm_lowering",
    "deprecate_category",
    "impact_of_classifying",
    "inherit_classification",
    "lapse_not_personal",
    "reject_lowering",
]
