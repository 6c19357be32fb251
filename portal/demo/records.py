"""What the demo's compliance officers keep: purposes, processing activities, permitted purposes, origins.

One officer writes, the other approves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.lifecycle import (
    ActivityContent,
    Art89Safeguard,
    DataSubjectCategory,
    PurposeContent,
    SecurityMeasure,
)
from apps.compliance.models import Purpose
from apps.policy.vocabulary import Art9Condition, LawfulBasis
from portal.demo.catalog import Registered
from portal.demo.people import Company

MEASURES = frozenset(
    {SecurityMeasure.ENCRYPTION, SecurityMeasure.CONFIDENTIALITY, SecurityMeasure.PSEUDONYMISATION}
)
KEPT_UNTIL = date(2036, 1, 1)

PURPOSES: dict[str, PurposeContent] = {
    "rock": PurposeContent(
        name="Tell rock types apart from well logs",
        concept_code="ResearchAndDevelopment",
        description="Train and test models that name the type of rock at a depth. No data about people.",
    ),
    "pay": PurposeContent(
        name="Review whether pay is fair",
        concept_code="PersonnelPayment",
        description="Compare salaries between departments and years of service, and report gaps.",
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        lia_ref="LIA-0001",
    ),
    "diabetes": PurposeContent(
        name="Study blood sugar under treatment",
        concept_code="ScientificResearch",
        description="Follow long-term blood sugar of pseudonymised patients over the years of treatment.",
        lawful_basis=LawfulBasis.PUBLIC_TASK,
        legal_provision="Research clause of the hospital act (demo)",
        art9_conditions=frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
        art9_law_ref="Research clause of the hospital act (demo)",
        art89_safeguards=frozenset({Art89Safeguard.PSEUDONYMISATION, Art89Safeguard.SEPARATE_KEY}),
    ),
    "churn": PurposeContent(
        name="Predict which customers will leave",
        concept_code="CustomerRelationshipManagement",
        description="Train a model on orders of the past year, to call customers before they leave.",
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        lia_ref="LIA-0002",
        is_model_training=True,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Processing:
    purpose: str
    name: str
    assets: tuple[str, ...]
    subjects: frozenset[DataSubjectCategory]
    basis: LawfulBasis


ACTIVITIES = (
    Processing(
        purpose="pay",
        name="Pay review",
        assets=("Employees and salaries",),
        subjects=frozenset({DataSubjectCategory.EMPLOYEE}),
        basis=LawfulBasis.CONTRACT,
    ),
    Processing(
        purpose="diabetes",
        name="Diabetes study",
        assets=("Patients with diabetes",),
        subjects=frozenset({DataSubjectCategory.PATIENT}),
        basis=LawfulBasis.PUBLIC_TASK,
    ),
    Processing(
        purpose="churn",
        name="Churn prediction",
        assets=("Customers", "Churn predictor"),
        subjects=frozenset({DataSubjectCategory.CUSTOMER}),
        basis=LawfulBasis.CONTRACT,
    ),
)


def keep_records(company: Company, assets: dict[str, Registered]) -> dict[str, Purpose]:
    purposes = {name: _purpose(company, content) for name, content in PURPOSES.items()}
    for processing in ACTIVITIES:
        for name in processing.assets:
            _permit(company, assets[name].version.uid, processing)
        covered = tuple(assets[name].asset.uid for name in processing.assets)
        _activity(company, processing, purposes[processing.purpose].uid, covered)
    return purposes


def _purpose(company: Company, content: PurposeContent) -> Purpose:
    writer, reader = company["officer"], company["officer2"]
    draft = commands.draft_purpose(actor=writer, organization_id=company.organization.uid, content=content)
    purpose: Purpose = draft.purpose
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    commands.approve_purpose(actor=reader, purpose_id=purpose.uid)
    return purpose


def _permit(company: Company, version_id: UUID, processing: Processing) -> None:
    officer = company["officer"]
    concept = PURPOSES[processing.purpose].concept_code
    commands.permit_purpose(actor=officer, asset_version_id=version_id, concept_code=concept)
    origin = Origin(
        original_basis=processing.basis,
        original_purpose_code=concept,
        source="Collected from the people themselves.",
        retention_ends_on=KEPT_UNTIL,
    )
    commands.state_origin(actor=officer, asset_version_id=version_id, origin=origin)


def _activity(
    company: Company, processing: Processing, purpose_id: UUID, asset_ids: tuple[UUID, ...]
) -> None:
    writer, reader = company["officer"], company["officer2"]
    draft = commands.draft_activity(
        actor=writer,
        organization_id=company.organization.uid,
        content=ActivityContent(
            name=processing.name,
            purpose_ids=(purpose_id,),
            asset_ids=asset_ids,
            data_subject_categories=processing.subjects,
            no_recipients_confirmed=True,
            no_transfers_confirmed=True,
            security_measures=MEASURES,
        ),
    )
    activity_id = draft.activity.uid
    commands.submit_activity(actor=writer, processing_activity_id=activity_id)
    commands.approve_activity(actor=reader, processing_activity_id=activity_id)
