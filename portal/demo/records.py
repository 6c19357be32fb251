"""What the demo's compliance officers keep: purposes, processing activities, permitted purposes, origins.

One officer writes, the other approves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.lifecycle import (
    ActivityContent,
    Art89Safeguard,
    DataSubjectCategory,
    PurposeContent,
    SecurityMeasure,
    dpia,
)
from apps.compliance.lifecycle.activity.particulars import (
    Automation,
    DataPlace,
    DataSource,
    DataUse,
    Identification,
    Particulars,
    PersonalData,
    SpecialCategory,
    SubjectsBand,
    System,
)
from apps.compliance.lifecycle.data_sheets import NONE, DataSheetContent
from apps.compliance.lifecycle.declaration import Content
from apps.compliance.lifecycle.dpia.content import THRESHOLD
from apps.compliance.lifecycle.interests import Balance, InterestsContent, Likelihood, Whose
from apps.compliance.lifecycle.interests import Safeguard as InterestsSafeguard
from apps.compliance.lifecycle.retention import RetentionAction, RetentionContent, Trigger
from apps.compliance.models import Purpose
from apps.policy.vocabulary import Art9Condition, LawfulBasis
from portal.demo.catalog import Registered
from portal.demo.labels import STEPS, rock_labels, try_out
from portal.demo.people import Company

MEASURES = frozenset(
    {SecurityMeasure.ENCRYPTION, SecurityMeasure.CONFIDENTIALITY, SecurityMeasure.PSEUDONYMISATION}
)
KEPT_UNTIL = date(2036, 1, 1)
WRITTEN_OUT: dict[str, Any] = {
    "description": "Data are read here by those who are named, on machines of the company.",
    "necessity": "Without the data the purpose cannot be reached.",
    "proportionality": "Only what is needed is looked at, and for as long as it is needed.",
    "rights_controls": "People write to the data protection officer; the notice says how.",
    "risks": (
        dpia.Risk(
            harm=dpia.Harm.REIDENTIFICATION,
            impact="Somebody is recognized and spoken about.",
            measures="Keys by the hour, no copies, everybody is bound to confidentiality.",
            severity=dpia.Level.LIMITED,
            likelihood=dpia.Level.LIMITED,
        ),
    ),
    "initial_risk": dpia.Level.IMPORTANT,
    "residual_risk": dpia.Level.LIMITED,
    "views": "Those concerned, or who speaks for them, were asked and had no objections.",
}

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


INTERESTS = (
    InterestsContent(
        name="Whether pay is fair",
        interest="Gaps in pay that nobody intended are found and closed.",
        whose=Whose.CONTROLLER,
        is_lawful=True,
        benefit="Employees are paid alike for alike work.",
        is_necessary=True,
        alternatives="Averages by department were tried: they hide gaps in small teams.",
        minimisation="Salary, department and years of service; no names.",
        has_special_data=False,
        has_criminal_data=False,
        has_children=False,
        relationship="Employees, who depend on us.",
        expectations="The works council was heard, and everybody was told.",
        likelihood=Likelihood.LIMITED,
        severity=Likelihood.LIMITED,
        safeguards=frozenset({InterestsSafeguard.PSEUDONYMISATION, InterestsSafeguard.ACCESS_CONTROL}),
        outcome=Balance.PREVAILS,
        why="It serves those whose data are used, and nobody is judged by it.",
    ),
    InterestsContent(
        name="Keeping customers",
        interest="Customers who are about to leave are called while something can still be done.",
        whose=Whose.CONTROLLER,
        is_lawful=True,
        is_necessary=True,
        alternatives="Asking everybody once a year: few answer, and too late.",
        minimisation="Orders of one year; no free text.",
        has_special_data=False,
        has_criminal_data=False,
        has_children=False,
        relationship="Customers under contract.",
        expectations="The terms and the notice say it, and how to object.",
        is_model_training=True,
        training_mitigation="No names in the training data; whoever objects is left out before it begins.",
        likelihood=Likelihood.LIMITED,
        severity=Likelihood.NEGLIGIBLE,
        safeguards=frozenset({InterestsSafeguard.OPT_OUT, InterestsSafeguard.SHORT_RETENTION}),
        offers_opt_out=True,
        outcome=Balance.PREVAILS,
        why="A call can be declined, and nothing else follows from the score.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Processing:
    """`points` are those that its screening answers with yes; where more than one is, it is assessed."""

    purpose: str
    name: str
    assets: tuple[str, ...]
    subjects: frozenset[DataSubjectCategory]
    basis: LawfulBasis
    names: str
    automation: Automation
    identifiability: Identification
    points: tuple[str, ...]
    function: str
    data: tuple[tuple[str, SpecialCategory | None], ...]
    kept: RetentionContent
    notice: str


ACTIVITIES = (
    Processing(
        purpose="pay",
        name="Pay review",
        assets=("Employees and salaries",),
        subjects=frozenset({DataSubjectCategory.EMPLOYEE}),
        basis=LawfulBasis.CONTRACT,
        names="employee_number, full_name, email",
        automation=Automation.NONE,
        identifiability=Identification.IDENTIFIED,
        points=("is_vulnerable",),
        function="Personnel",
        data=(("UID", None), ("Name", None), ("Contact", None), ("Professional", None), ("Income", None)),
        kept=RetentionContent(
            name="Personnel files",
            data="What is kept about employees, with their pay.",
            trigger=Trigger.CONTRACT_END,
            duration="P6Y",
            max_cap="P50Y",
            statutory_minimum="Six years for pay slips (demo)",
            action=RetentionAction.ERASE,
        ),
        notice="Notice for employees (demo), version 3",
    ),
    Processing(
        purpose="diabetes",
        name="Diabetes study",
        assets=("Patients with diabetes",),
        subjects=frozenset({DataSubjectCategory.PATIENT}),
        basis=LawfulBasis.PUBLIC_TASK,
        names=NONE,
        automation=Automation.NONE,
        identifiability=Identification.PSEUDONYMISED,
        points=("is_sensitive", "is_vulnerable"),
        function="Clinical research",
        data=(("UID", None), ("BirthDate", None), ("Health", SpecialCategory.HEALTH)),
        kept=RetentionContent(
            name="Data of the diabetes study",
            data="Pseudonymized values of patients under treatment.",
            trigger=Trigger.STUDY_END,
            duration="P10Y",
            max_cap="P20Y",
            action=RetentionAction.ANONYMISE,
        ),
        notice="Information for participants (demo), version 2",
    ),
    Processing(
        purpose="churn",
        name="Churn prediction",
        assets=("Customers", "Churn predictor"),
        subjects=frozenset({DataSubjectCategory.CUSTOMER}),
        basis=LawfulBasis.CONTRACT,
        names="full_name, email",
        automation=Automation.PROFILING,
        identifiability=Identification.IDENTIFIED,
        points=("is_evaluation", "is_sensitive", "is_innovative"),
        function="Sales",
        data=(("UID", None), ("Name", None), ("Contact", None)),
        kept=RetentionContent(
            name="Customers and their orders",
            data="Orders of the past year, with names and addresses of customers.",
            trigger=Trigger.CONTRACT_END,
            duration="P3Y",
            max_cap="P20Y",
            action=RetentionAction.ERASE,
        ),
        notice="Privacy notice for customers (demo), version 5",
    ),
)


def keep_records(company: Company, assets: dict[str, Registered]) -> dict[str, Purpose]:
    for weighed in INTERESTS:
        sign(company, "legitimate-interests", weighed)
    purposes = {name: _purpose(company, content) for name, content in PURPOSES.items()}
    for processing in ACTIVITIES:
        for name in processing.assets:
            _permit(company, assets[name].version.uid, processing)
        covered = tuple(assets[name].asset.uid for name in processing.assets)
        kept = sign(company, "retention-schedules", processing.kept)
        activity = _activity(company, processing, purposes[processing.purpose].uid, covered, kept)
        sign(company, "data-sheets", _sheet(processing, covered))
        assess(company, activity, processing)
    return purposes


def keep_labeling_policy(company: Company, purpose: Purpose, photographs: Registered) -> UUID:
    policy = sign(company, "labeling-policies", rock_labels(purpose.uid, photographs.asset.uid))
    try_out(company, policy)
    for who, step, said in STEPS:
        commands.take_step(actor=company[who], legal_record_id=policy, step=step, said=said)
    return policy


def sign(company: Company, kind: str, content: Content) -> UUID:
    writer, reader = company["officer"], company["officer2"]
    organization_id = company.organization.uid
    version = commands.draft_record(actor=writer, organization_id=organization_id, kind=kind, content=content)
    signed: UUID = version.legal_record.uid
    commands.submit_record(actor=writer, legal_record_id=signed)
    commands.approve_record(actor=reader, legal_record_id=signed)
    return signed


def _sheet(processing: Processing, covered: tuple[UUID, ...]) -> DataSheetContent:
    return DataSheetContent(
        name=f"Data of the {processing.name.lower()}",
        assets=covered,
        countries="DE",
        is_pinned=False,
        direct_identifiers=processing.names,
        has_pseudonymised_view=False,
        is_revealing=False,
    )


def assess(company: Company, activity_id: UUID, processing: Processing) -> None:
    """The screening, and where it asks for it the assessment: the DPO advises, the owner decides."""
    answers: dict[str, Any] = {name: name in processing.points for name in (*dpia.POINTS, *dpia.DECISIVE)}
    content = dpia.DpiaContent(name=processing.name, activities=(activity_id,), **answers, **WRITTEN_OUT)
    assessed = sign(company, "impact-assessments", content)
    if len(processing.points) < THRESHOLD:
        steps: tuple[tuple[str, str, dict[str, Any]], ...] = (("officer2", "not-needed", {}),)
    else:
        advice = {"opinion": "favourable", "text": "The measures are in proportion to the risk."}
        steps = (
            ("officer", "begin", {}),
            ("officer", "consult", {}),
            ("dpo", "advise", advice),
            ("owner", "decide", {"decision": "approve"}),
        )
    for who, step, said in steps:
        commands.take_step(actor=company[who], legal_record_id=assessed, step=step, said=said)


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
    company: Company, processing: Processing, purpose_id: UUID, asset_ids: tuple[UUID, ...], kept: UUID
) -> UUID:
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
            particulars=_particulars(processing, kept),
        ),
    )
    activity_id: UUID = draft.activity.uid
    commands.submit_activity(actor=writer, processing_activity_id=activity_id)
    commands.approve_activity(actor=reader, processing_activity_id=activity_id)
    return activity_id


def _particulars(processing: Processing, kept: UUID) -> Particulars:
    return Particulars(
        business_function=processing.function,
        dpo="Data protection officer (demo), dpo@example.org",
        personal_data=tuple(
            PersonalData(category=category, columns="*", special_kind=kind, retention=kept)
            for category, kind in processing.data
        ),
        identifiability=processing.identifiability,
        sources=frozenset({DataSource.SUBJECT}),
        privacy_notice=processing.notice,
        automation=processing.automation,
        places=(DataPlace(country="DE", region="Berlin", use=DataUse.BOTH),),
        systems=(System(name="Demo lake", run_by="Demo Energy"),),
        subjects_band=SubjectsBand.THOUSANDS,
    )
