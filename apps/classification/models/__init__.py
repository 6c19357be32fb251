from apps.classification.models.category import DataCategory, SpecialKind
from apps.classification.models.classification import (
    WHOLE_VERSION,
    Classification,
    ClassificationSource,
)
from apps.classification.models.ladder import LadderChange, LadderConsent
from apps.classification.models.sensitivity import SensitivityClass, StageRole

__all__ = [
    "WHOLE_VERSION",
    "Classification",
    "ClassificationSource",
    "DataCategory",
    "LadderChange",
    "LadderConsent",
    "SensitivityClass",
    "SpecialKind",
    "StageRole",
]
