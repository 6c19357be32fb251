from apps.classification.commands.categories import CategoryDraft, add_category, deprecate_category
from apps.classification.commands.classes import add_class, change_handling
from apps.classification.commands.columns import (
    CLASSIFYING,
    Classified,
    ColumnClassification,
    classify,
    impact_of_classifying,
)
from apps.classification.commands.derived import Pseudonymised, classify_derived, classify_whole
from apps.classification.commands.findings import PersonalFinding, lapse_not_personal
from apps.classification.commands.handling import DEMANDS, Handling
from apps.classification.commands.inheritance import inherit_classification
from apps.classification.commands.ladder import (
    agree_to_ladder_change,
    propose_class,
    propose_handling,
    reject_ladder_change,
    withdraw_ladder_change,
)
from apps.classification.commands.proposals import confirm_lowering, reject_lowering

__all__ = [
    "CLASSIFYING",
    "DEMANDS",
    "CategoryDraft",
    "Classified",
    "ColumnClassification",
    "Handling",
    "PersonalFinding",
    "Pseudonymised",
    "add_category",
    "add_class",
    "agree_to_ladder_change",
    "change_handling",
    "classify",
    "classify_derived",
    "classify_whole",
    "confirm_lowering",
    "deprecate_category",
    "impact_of_classifying",
    "inherit_classification",
    "lapse_not_personal",
    "propose_class",
    "propose_handling",
    "reject_ladder_change",
    "reject_lowering",
    "withdraw_ladder_change",
]
