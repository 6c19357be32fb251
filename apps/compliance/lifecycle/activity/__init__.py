"""Processing activities: what their record says, what it lacks, and how complete it is."""

from apps.compliance.lifecycle.activity.checks import faults, gaps, warnings
from apps.compliance.lifecycle.activity.completeness import Completeness, completeness
from apps.compliance.lifecycle.activity.content import (
    ActivityContent,
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    Role,
    SecurityMeasure,
    Transfer,
    as_said,
    recipient_as_said,
)
from apps.compliance.lifecycle.activity.covered import Covered, CoveredPurpose
from apps.compliance.lifecycle.activity.particulars import Particulars

__all__ = [
    "ActivityContent",
    "Completeness",
    "Covered",
    "CoveredPurpose",
    "DataSubjectCategory",
    "Particulars",
    "Recipient",
    "RecipientKind",
    "Role",
    "SecurityMeasure",
    "Transfer",
    "as_said",
    "completeness",
    "faults",
    "gaps",
    "recipient_as_said",
    "warnings",
]
