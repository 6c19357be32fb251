"""Purposes and processing activities to test with. Plain calls of commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from apps.accounts.models import Organization, Person
from apps.catalog.models import Asset
from apps.compliance import commands
from apps.compliance.lifecycle import ActivityContent, DataSubjectCategory, PurposeContent, SecurityMeasure
from apps.compliance.lifecycle.activity.particulars import (
    Automation,
    DataPlace,
    DataSource,
    Identification,
    Particulars,
    PersonalData,
    SubjectsBand,
)
from apps.compliance.lifecycle.breach import BreachContent, BreachRisk, BreachSource, BreachType
from apps.compliance.lifecycle.compatibility import SCORES, Compatibility, CompatibilityContent, Score
from apps.compliance.lifecycle.consent import ChildConsent, ConsentContent, ConsentPurpose, Feed
from apps.compliance.lifecycle.declaration import Content
from apps.compliance.lifecycle.dpia import (
    DECISIVE,
    DPIAS,
    POINTS,
    ActionItem,
    DpiaContent,
    Harm,
    Level,
    Risk,
)
from apps.compliance.lifecycle.interests import INTERESTS, Balance, InterestsContent, Likelihood, Whose
from apps.compliance.lifecycle.reading import content_sha256, written
from apps.compliance.models import (
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    RegisterImport,
)
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.policy.vocabulary import LawfulBasis
from tests.factories import accounts

ORDINARY = Particulars(
    business_function="Maintenance",
    dpo="Data protection, dpo@example.org",
    personal_data=(PersonalData(category="EmailAddress", columns="*"),),
    no_time_limits_reason="Kept while the pump runs; how long that is depends on wear.",
    identifiability=Identification.PSEUDONYMISED,
    sources=frozenset({DataSource.SUBJECT}),
    privacy_notice="Notice for employees, version 3",
    automation=Automation.NONE,
    places=(DataPlace(country="DE"),),
    subjects_band=SubjectsBand.FEW,
    remedy_owner="Shift leader",
    remedy_due=date(2099, 12, 31),
)
"""Complete: people decide, codes stand for names, few are concerned, and every column is needed."""
LONG_AGO = datetime(2019, 12, 31, tzinfo=UTC)


def purpose_content(**given: Any) -> PurposeContent:
    """Complete, on legitimate interests."""
    made: dict[str, Any] = {
        "name": "Predict pump failures",
        "concept_code": "ScientificResearch",
        "description": "Learn from readings when a pump is about to fail.",
        "lawful_basis": LawfulBasis.LEGITIMATE_INTERESTS,
        "lia_ref": "LIA-0001",
    }
    return PurposeContent(**{**made, **given})


def drafted_purpose(organization: Organization, writer: Actor = SYSTEM, **given: Any) -> Purpose:
    content = purpose_content(**given)
    if content.lawful_basis is LawfulBasis.LEGITIMATE_INTERESTS:
        with_interests_weighed(organization)
    version = commands.draft_purpose(actor=writer, organization_id=organization.uid, content=content)
    purpose: Purpose = version.purpose
    return purpose


def approved_purpose(
    organization: Organization, approver: Actor, writer: Actor = SYSTEM, **given: Any
) -> Purpose:
    purpose = drafted_purpose(organization, writer, **given)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=approver, purpose_id=purpose.uid)
    return purpose


def particulars(**given: Any) -> Particulars:
    """Complete but for what is given."""
    return replace(ORDINARY, **given)


def activity_content(purpose: Purpose, *assets: Asset, **given: Any) -> ActivityContent:
    """Complete, without recipients and transfers."""
    made: dict[str, Any] = {
        "name": "Upkeep of pumps",
        "purpose_ids": (purpose.uid,),
        "asset_ids": tuple(asset.uid for asset in assets),
        "data_subject_categories": frozenset({DataSubjectCategory.EMPLOYEE}),
        "no_recipients_confirmed": True,
        "no_transfers_confirmed": True,
        "security_measures": frozenset({SecurityMeasure.ENCRYPTION}),
        "particulars": particulars(),
    }
    return ActivityContent(**{**made, **given})


def drafted_activity(
    purpose: Purpose, *assets: Asset, writer: Actor = SYSTEM, **given: Any
) -> ProcessingActivity:
    content = activity_content(purpose, *assets, **given)
    organization_id = purpose.organization.uid
    version = commands.draft_activity(actor=writer, organization_id=organization_id, content=content)
    activity: ProcessingActivity = version.activity
    return activity


def approved_activity(
    purpose: Purpose, *assets: Asset, approver: Actor, writer: Actor = SYSTEM, **given: Any
) -> ProcessingActivity:
    activity = drafted_activity(purpose, *assets, writer=writer, **given)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    commands.approve_activity(actor=approver, processing_activity_id=activity.uid)
    return activity


def interests_content(**given: Any) -> InterestsContent:
    """Complete, and the interest prevails."""
    made: dict[str, Any] = {
        "name": "Upkeep of pumps",
        "interest": "Pumps do not fail unnoticed.",
        "whose": Whose.CONTROLLER,
        "is_lawful": True,
        "is_necessary": True,
        "alternatives": "Readings without names were tried, and do not tell shifts apart.",
        "has_special_data": False,
        "has_criminal_data": False,
        "has_children": False,
        "expectations": "The staff were told when the sensors were installed.",
        "likelihood": Likelihood.LIMITED,
        "severity": Likelihood.NEGLIGIBLE,
        "outcome": Balance.PREVAILS,
        "why": "Little is learned about people, and much about pumps.",
    }
    return InterestsContent(**{**made, **given})


def compatibility_content(purpose: Purpose, *assets: Asset, **given: Any) -> CompatibilityContent:
    """Complete, and compatible, from the performance of a contract."""
    said = dict.fromkeys(("link", "context", "nature", "consequences", "safeguards"), "As expected.")
    made: dict[str, Any] = {
        "name": "From payroll to research",
        "original_concept": "PersonnelPayment",
        "new_purpose": purpose.uid,
        "assets": tuple(asset.uid for asset in assets),
        **said,
        **dict.fromkeys(SCORES, Score.FAVOURS),
        "outcome": Compatibility.COMPATIBLE,
        "why": "Nobody would be surprised.",
    }
    return CompatibilityContent(**{**made, **given})


def breach_content(**given: Any) -> BreachContent:
    """Complete, with a risk to people."""
    at = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)
    made: dict[str, Any] = {
        "name": "Mail to the wrong list",
        "types": frozenset({BreachType.CONFIDENTIALITY}),
        "detected_at": at,
        "aware_at": at,
        "source": BreachSource.INTERNAL,
        "nature": "A list of shifts went to another plant.",
        "whose": "Names and shifts of employees.",
        "contact": "privacy@example.org",
        "consequences": "Colleagues learn who worked when.",
        "measures": "The mail was deleted, and that was confirmed.",
        "risk": BreachRisk.RISK,
        "rationale": "Few people, little data, known recipients.",
    }
    return BreachContent(**{**made, **given})


def drafted_record(
    organization: Organization, kind: str, content: Content, writer: Actor = SYSTEM
) -> LegalRecord:
    version = commands.draft_record(
        actor=writer, organization_id=organization.uid, kind=kind, content=content
    )
    found: LegalRecord = version.legal_record
    return found


def approved_record(
    organization: Organization, kind: str, content: Content, approver: Actor, writer: Actor = SYSTEM
) -> LegalRecord:
    found = drafted_record(organization, kind, content, writer)
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)
    return found


def assessment_content(*assets: Asset, **given: Any) -> DpiaContent:
    """With three risks, one of which nobody judged after the measures, and something left to do."""
    risk: dict[str, Any] = {
        "source": "A colleague.",
        "impact": "Somebody is embarrassed.",
        "measures": "Few see it.",
    }
    made: dict[str, Any] = {
        "name": "Planning of shifts",
        "assets": tuple(asset.uid for asset in assets),
        "is_evaluation": True,
        "is_innovative": True,
        "description": "Shifts are predicted from the shifts of the past.",
        "necessity": "Without it nobody can plan.",
        "views": "The council was heard.",
        "risks": (
            Risk(
                harm=Harm.ILLEGITIMATE_ACCESS,
                severity=Level.IMPORTANT,
                likelihood=Level.IMPORTANT,
                severity_after=Level.LIMITED,
                likelihood_after=Level.NEGLIGIBLE,
                **risk,
            ),
            Risk(harm=Harm.OPACITY, severity=Level.LIMITED, likelihood=Level.MAXIMAL, **risk),
            Risk(
                harm=Harm.DISCRIMINATION,
                severity=Level.MAXIMAL,
                likelihood=Level.LIMITED,
                severity_after=Level.LIMITED,
                likelihood_after=Level.LIMITED,
                **risk,
            ),
        ),
        "initial_risk": Level.IMPORTANT,
        "residual_risk": Level.LIMITED,
        "actions": (
            ActionItem(what="Train those who plan.", owner="Works manager", due_on=date(2026, 12, 1)),
        ),
    }
    return DpiaContent(**{**made, **given})


def assessed(
    organization: Organization, approver: Actor, writer: Actor, *assets: Asset, **given: Any
) -> LegalRecord:
    """An assessment whose description stands; where it is in its cycle is for the test."""
    answers = dict.fromkeys((*POINTS, *DECISIVE), False)
    covering = ProcessingActivity.objects.filter(organization=organization).earliest("pk")
    content = assessment_content(
        *assets,
        **{**answers, "is_evaluation": True, "is_innovative": True, "activities": (covering.uid,), **given},
    )
    return approved_record(organization, DPIAS.slug, content, approver, writer)


def consent_content(**given: Any) -> ConsentContent:
    """Complete, explicit, and for research."""
    made: dict[str, Any] = {
        "name": "Readings of pumps",
        "text_version": "4",
        "purposes": (ConsentPurpose(concept="ScientificResearch", words="To learn from your readings."),),
        "is_explicit": True,
        "register_system": "Consents",
        "withdrawal_channel": "In the app, with one tap.",
        "withdrawals_feed": Feed.API,
        "child_consent": ChildConsent.NOT_APPLICABLE,
    }
    return ConsentContent(**{**made, **given})


def with_interests_weighed(organization: Organization) -> None:
    """LIA-0001 is in force, and prevails. It stands there as if it had gone through its reviews long ago."""
    if LegalRecord.objects.filter(organization=organization, kind=INTERESTS.slug).exists():
        return
    at = database_now()
    weighed = LegalRecord.objects.create(
        kind=INTERESTS.slug, organization=organization, ref="LIA-0001", created_at=at
    )
    _signed(weighed, 1, approved_at=LONG_AGO, ended_at=at)
    _signed(weighed, 2, approved_at=at - timedelta(days=200))


def _signed(row: LegalRecord, number: int, **signed: datetime) -> None:
    content = interests_content()
    version = LegalRecordVersion.objects.create(
        legal_record=row,
        number=number,
        name=content.name,
        content=written(content),
        content_sha256=content_sha256(INTERESTS, content),
        effective_from=LONG_AGO.date(),
        created_at=LONG_AGO,
    )
    signer = Person.objects.filter(organization=row.organization).order_by("pk").first()
    signer = signer or accounts.person(row.organization)
    rows = LegalRecordVersion.objects.filter(pk=version.pk)
    rows.update(record_status="in_review")
    rows.update(record_status="approved", approved_by=signer, approved_at=signed["approved_at"])
    if "ended_at" in signed:
        rows.update(record_status="superseded", ended_at=signed["ended_at"])


def brought_register(
    organization: Organization, writer: Actor = SYSTEM, content: bytes = b"Name;Recipients\nPayroll;Nobody\n"
) -> RegisterImport:
    """A file with a fault in its only line."""
    made: RegisterImport = commands.bring_register(
        actor=writer, organization_id=organization.uid, name="register.csv", content=content
    )
    return made
