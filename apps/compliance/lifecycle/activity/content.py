"""What the record of a processing activity says (GDPR Art. 30). No database here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.compliance.lifecycle.activity.particulars import NOTHING_SAID, Particulars
from apps.compliance.lifecycle.reading import written
from apps.policy.law_words import TransferMechanism


class Role(StrEnum):
    """GDPR Art. 4(7), 4(8), 26."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint_controller"
    PROCESSOR = "processor"


class RecipientKind(StrEnum):
    INTERNAL_TEAM = "internal_team"
    PROCESSOR = "processor"
    SUB_PROCESSOR = "sub_processor"
    JOINT_CONTROLLER = "joint_controller"
    INDEPENDENT_CONTROLLER = "independent_controller"
    PUBLIC_AUTHORITY = "public_authority"
    INTERNATIONAL_ORGANIZATION = "international_organization"


class SecurityMeasure(StrEnum):
    """GDPR Art. 32(1)(a)-(d)."""

    PSEUDONYMISATION = "pseudonymisation"
    ENCRYPTION = "encryption"
    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"
    RESTORE = "restore"
    REGULAR_TESTING = "regular_testing"


class DataSubjectCategory(StrEnum):
    """Terms of the Data Privacy Vocabulary 2.3."""

    ADULT = "Adult"
    APPLICANT = "JobApplicant"
    APPLICANT_FOR_ANYTHING = "Applicant"
    ASYLUM_SEEKER = "AsylumSeeker"
    CHILD = "Child"
    CITIZEN = "Citizen"
    CLIENT = "Client"
    CONSUMER = "Consumer"
    CUSTOMER = "Customer"
    ELDERLY = "ElderlyDataSubject"
    EMPLOYEE = "Employee"
    GUARDIAN = "GuardianOfDataSubject"
    IMMIGRANT = "Immigrant"
    MEMBER = "Member"
    MENTALLY_VULNERABLE = "MentallyVulnerableDataSubject"
    NON_CITIZEN = "NonCitizen"
    PARENT = "ParentOfDataSubject"
    PARTICIPANT = "Participant"
    PATIENT = "Patient"
    STUDENT = "Student"
    SUBSCRIBER = "Subscriber"
    TOURIST = "Tourist"
    USER = "User"
    VISITOR = "Visitor"
    VULNERABLE = "VulnerableDataSubject"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is given the data; the party may be left open, but Art. 15(1)(c) asks for it. `party_id` is the
    uid of the record of a party, which says more of it; `country` is ISO 3166-1 alpha-2."""

    kind: RecipientKind
    party: str = ""
    country: str = ""
    party_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """To an importer in a third country (ISO 3166-1 alpha-2) or an international organization."""

    country: str
    importer: str
    mechanism: TransferMechanism | None = None
    instrument_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class ActivityContent:
    """What one version of a processing activity says.

    `controller_id`, `purpose_ids` and `asset_ids` are uids; without a controller it is the organization
    that keeps the record. `is_running`: the processing takes place already, and the record has to say so
    even where something is missing.
    """

    name: str
    description: str = ""
    role: Role = Role.CONTROLLER
    controller_id: UUID | None = None
    art26_arrangement: str = ""
    purpose_ids: tuple[UUID, ...] = ()
    asset_ids: tuple[UUID, ...] = ()
    data_subject_categories: frozenset[DataSubjectCategory] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    no_recipients_confirmed: bool = False
    transfers: tuple[Transfer, ...] = ()
    no_transfers_confirmed: bool = False
    security_measures: frozenset[SecurityMeasure] = frozenset()
    is_running: bool = False
    effective_from: date | None = None
    particulars: Particulars = NOTHING_SAID


def as_said(content: ActivityContent) -> dict[str, Any]:
    """As JSON, for the hash. What was added to records later is left out where it is empty, so that what
    was approved before keeps its hash."""
    said = {each.name: getattr(content, each.name) for each in fields(content) if each.name != "particulars"}
    said["recipients"] = [recipient_as_said(each) for each in content.recipients]
    said["transfers"] = [asdict(each) for each in content.transfers]
    if particulars := written(content.particulars):
        said["particulars"] = particulars
    return said


def recipient_as_said(recipient: Recipient) -> dict[str, Any]:
    later = {"country": recipient.country, "party_id": recipient.party_id}
    return {
        "kind": recipient.kind,
        "party": recipient.party,
        **{name: value for name, value in later.items() if value},
    }
