from apps.compliance.models.activity import ActivityVersion, ProcessingActivity
from apps.compliance.models.bringing import ColumnMapping, RegisterImport
from apps.compliance.models.concept import PurposeConcept
from apps.compliance.models.duty import Duty, ModelAssessment
from apps.compliance.models.legal import LegalRecord, LegalRecordVersion
from apps.compliance.models.occurrence import AffectedVersion, Exclusion, Occurrence
from apps.compliance.models.origin import DataOrigin
from apps.compliance.models.permission import PermittedPurpose
from apps.compliance.models.purpose import Purpose, PurposeVersion
from apps.compliance.models.record import OPEN, SIGNED, RecordVersion, held_on
from apps.compliance.models.step import RecordStep

__all__ = [
    "OPEN",
    "SIGNED",
    "ActivityVersion",
    "AffectedVersion",
    "ColumnMapping",
    "DataOrigin",
    "Duty",
    "Exclusion",
    "LegalRecord",
    "LegalRecordVersion",
    "ModelAssessment",
    "Occurrence",
    "PermittedPurpose",
    "ProcessingActivity",
    "Purpose",
    "PurposeConcept",
    "PurposeVersion",
    "RecordStep",
    "RecordVersion",
    "RegisterImport",
    "held_on",
]
