"""What the record of a processing activity says (GDPR Art. 30), and what it lacks. No database here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.compliance.lifecycle.particulars import NOTHING_SAID, Particulars
from apps.compliance.lifecycle.reading import written
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import Reason, Value, declare


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


@dataclass(frozen=True, kw_only=True)
class CoveredPurpose:
    ref: str
    is_approved: bool
    has_basis: bool
    has_art9_condition: bool
    has_art10_authority: bool
    has_ground: bool = True


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What the purposes and the latest versions of the assets of an activity are, as far as is known."""

    purposes: tuple[CoveredPurpose, ...]
    is_personal: bool
    special_kinds: frozenset[str]
    is_criminal: bool


RECIPIENTS_UNCONFIRMED = declare(
    "ACTIVITY_RECIPIENTS_UNCONFIRMED",
    "No recipient is named, and nobody has confirmed that there is none.",
    "Name the recipients, or confirm that there are none.",
)
RECIPIENTS_CONTRADICTED = declare(
    "ACTIVITY_RECIPIENTS_CONTRADICTED",
    "Recipients are named, and at the same time it is confirmed that there are none.",
    "Take back the confirmation, or the recipients.",
)
TRANSFERS_UNCONFIRMED = declare(
    "ACTIVITY_TRANSFERS_UNCONFIRMED",
    "No transfer to a third country is named, and nobody has confirmed that there is none.",
    "Name the transfers, or confirm that there are none.",
)
TRANSFERS_CONTRADICTED = declare(
    "ACTIVITY_TRANSFERS_CONTRADICTED",
    "Transfers are named, and at the same time it is confirmed that there are none.",
    "Take back the confirmation, or the transfers.",
)
PURPOSES_MISSING = declare(
    "ACTIVITY_PURPOSES_MISSING", "The activity has no purpose.", "Name at least one purpose."
)
PURPOSE_UNAPPROVED = declare(
    "ACTIVITY_PURPOSE_UNAPPROVED",
    "The purpose %(purpose)s is not approved.",
    "Have the purpose approved, or take it out.",
)
PURPOSE_WITHOUT_BASIS = declare(
    "ACTIVITY_PURPOSE_WITHOUT_BASIS",
    "The purpose %(purpose)s names no lawful basis, and the data are about people.",
    "Choose exactly one basis for the purpose, or take it out.",
)
GROUND_GONE = declare(
    "ACTIVITY_PURPOSE_GROUND_GONE",
    "What the lawful basis of %(purpose)s rests on does not carry it.",
    "Have the assessment or the consent that the purpose names approved anew, or take the purpose out.",
)
ART9_MISSING = declare(
    "ACTIVITY_ART9_MISSING",
    "The assets hold special categories (%(special_kinds)s); %(purpose)s has no condition for them.",
    "Name a condition of Art. 9(2) in the purpose, or keep these assets or this purpose apart.",
)
ART10_MISSING = declare(
    "ACTIVITY_ART10_MISSING",
    "The assets hold data on offences; %(purpose)s has no authority for them.",
    "Name the authority of Art. 10 in the purpose, or keep these assets or this purpose apart.",
)
SUBJECTS_MISSING = declare(
    "ACTIVITY_SUBJECTS_MISSING",
    "Nothing says whose data these are.",
    "Name the categories of data subjects.",
)
MEASURES_MISSING = declare(
    "ACTIVITY_MEASURES_MISSING", "No security measure is named.", "Name at least one measure."
)
ASSETS_MISSING = declare(
    "ACTIVITY_ASSETS_MISSING", "The activity covers no asset.", "Name the assets whose data are processed."
)
MECHANISM_MISSING = declare(
    "ACTIVITY_MECHANISM_MISSING",
    "The transfer to %(importer)s (%(country)s) has no mechanism, or names no instrument for it.",
    "Name the mechanism of Art. 45 to 49 and its instrument, or end the transfer.",
)
ARRANGEMENT_MISSING = declare(
    "ACTIVITY_ARRANGEMENT_MISSING",
    "Joint controllers need an arrangement, and none is named.",
    "Name the arrangement of Art. 26.",
)


def faults(content: ActivityContent) -> tuple[Reason, ...]:
    """What makes the description untrue or unreadable: nobody may approve it, running or not (V-01 [E])."""
    found = []
    if not content.recipients and not content.no_recipients_confirmed:
        found.append(_reason(RECIPIENTS_UNCONFIRMED, "recipients", "V-01", "GDPR Art. 30(1)(d)"))
    if content.recipients and content.no_recipients_confirmed:
        found.append(_reason(RECIPIENTS_CONTRADICTED, "recipients", "V-01", "GDPR Art. 30(1)(d)"))
    if not content.transfers and not content.no_transfers_confirmed:
        found.append(_reason(TRANSFERS_UNCONFIRMED, "transfers", "V-01", "GDPR Art. 30(1)(e)"))
    if content.transfers and content.no_transfers_confirmed:
        found.append(_reason(TRANSFERS_CONTRADICTED, "transfers", "V-01", "GDPR Art. 30(1)(e)"))
    if not content.purpose_ids:
        found.append(_reason(PURPOSES_MISSING, "purpose_ids", "V-02", "GDPR Art. 30(1)(b)"))
    if not content.asset_ids:
        found.append(_reason(ASSETS_MISSING, "asset_ids", "V-01", "GDPR Art. 30"))
    return tuple(found)


def gaps(content: ActivityContent, covered: Covered) -> tuple[Reason, ...]:
    """What keeps the processing from being lawful ([C]): planned processing is not approved with it, and
    running processing is approved as described, with its clearance blocked."""
    return (*_in_the_record(content, covered), *_in_the_purposes(covered))


def _in_the_record(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    if covered.is_personal and not content.data_subject_categories:
        yield _reason(SUBJECTS_MISSING, "data_subject_categories", "V-01", "GDPR Art. 30(1)(c)")
    if not content.security_measures:
        yield _reason(MEASURES_MISSING, "security_measures", "V-01", "GDPR Art. 30(1)(g)", "GDPR Art. 32(1)")
    if content.role is Role.JOINT_CONTROLLER and not content.art26_arrangement.strip():
        yield _reason(ARRANGEMENT_MISSING, "art26_arrangement", "V-19", "GDPR Art. 26")
    for transfer in content.transfers:
        needs_instrument = transfer.mechanism is not TransferMechanism.ADEQUACY
        if transfer.mechanism is None or (needs_instrument and not transfer.instrument_ref.strip()):
            facts = {"importer": transfer.importer, "country": transfer.country}
            yield _reason(MECHANISM_MISSING, "transfers", "V-14", "GDPR Art. 44", "GDPR Art. 46", **facts)


def _in_the_purposes(covered: Covered) -> Iterator[Reason]:
    kinds = ", ".join(sorted(covered.special_kinds))
    for purpose in covered.purposes:
        named = {"purpose": purpose.ref}
        if not purpose.is_approved:
            yield _reason(PURPOSE_UNAPPROVED, "purpose_ids", "V-02", "GDPR Art. 30(1)(b)", **named)
            continue
        if covered.is_personal and not purpose.has_basis:
            yield _reason(PURPOSE_WITHOUT_BASIS, "purpose_ids", "V-02", "GDPR Art. 6(1)", **named)
        if covered.is_personal and not purpose.has_ground:
            yield _reason(GROUND_GONE, "purpose_ids", "V-07", "GDPR Art. 6(1)(f)", **named)
        if covered.special_kinds and not purpose.has_art9_condition:
            found = {**named, "special_kinds": kinds}
            yield _reason(ART9_MISSING, "purpose_ids", "V-03", "GDPR Art. 9(1)", "GDPR Art. 9(2)", **found)
        if covered.is_criminal and not purpose.has_art10_authority:
            yield _reason(ART10_MISSING, "purpose_ids", "V-06", "GDPR Art. 10", **named)


def _reason(code: str, field: str, rule: str, *articles: str, **facts: Value) -> Reason:
    return Reason(code=code, rule=rule, articles=articles, field=field, facts=facts)
