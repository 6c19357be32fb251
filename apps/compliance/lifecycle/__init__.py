from apps.compliance.lifecycle.activity import (
    ActivityContent,
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    Role,
    SecurityMeasure,
    Transfer,
)
from apps.compliance.lifecycle.purpose import Art89Safeguard, BiometricUse, PurposeContent
from apps.compliance.lifecycle.record import PurposeStanding, RecordStatus, move, move_standing, review_due
from apps.policy.law_words import TransferMechanism

__all__ = [
    "ActivityContent",
    "Art89Safeguard",
    "BiometricUse",
    "DataSubjectCategory",
    "PurposeContent",
    "PurposeStanding",
    "Recipient",
    "RecipientKind",
    "RecordStatus",
    "Role",
    "SecurityMeasure",
    "Transfer",
    "TransferMechanism",
    "move",
    "move_standing",
    "review_due",
]
