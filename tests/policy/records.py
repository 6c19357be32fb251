"""The samples with every record of the law in order. Tests change one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.facts import (
    NO_LIMIT,
    ActivityFacts,
    AgreementFacts,
    AiSystemFacts,
    AssetFacts,
    ColumnFacts,
    ConsentFacts,
    ControllerFacts,
    DpiaFacts,
    HoldFacts,
    JointFacts,
    LabelingFacts,
    LabelsFacts,
    NationalConditionFacts,
    PartyFacts,
    PeopleFacts,
    PinFacts,
    RedactionFacts,
    RequestFacts,
    RowFacts,
    ScreeningFacts,
    SubjectFacts,
    TransferFacts,
    UseFacts,
)
from apps.policy.law_words import (
    AgreementState,
    AiRiskClass,
    AiRole,
    Art22Basis,
    AutomatedDecision,
    BiasCondition,
    BreachRisk,
    DataGovernance,
    DpiaState,
    DuoPermission,
    LabelerPart,
    LabelsVerdict,
    NationalEffect,
    PartyPart,
    PartyRole,
    ResearchUse,
    ScreeningPoint,
    TiaOutcome,
    TransferMechanism,
    TransferState,
)
from apps.policy.rulebook import LAWFUL_RULEBOOK

from . import samples as a

LATELY = date(2027, 1, 15)
NEXT_YEAR = date(2028, 3, 1)
POINTS = frozenset(ScreeningPoint) - {ScreeningPoint.EXEMPT_LIST, ScreeningPoint.ASSESSED_IN_LAW}


def judge(facts: RequestFacts) -> Decision:
    return decide(facts, LAWFUL_RULEBOOK)


def screening(*yes: ScreeningPoint, **changes: Any) -> ScreeningFacts:
    """Every other point is answered with no."""
    plain = ScreeningFacts(
        ref="SCR-1",
        version="1",
        yes=frozenset(yes),
        no=frozenset(ScreeningPoint) - set(yes),
        is_override_recorded=False,
    )
    return replace(plain, **changes)


def dpia(**changes: Any) -> DpiaFacts:
    plain = DpiaFacts(ref="DPIA-1", version="1", state=DpiaState.APPROVED, review_on=NEXT_YEAR, conditions=())
    return replace(plain, **changes)


def no_dpia(**changes: Any) -> DpiaFacts:
    return dpia(**{"state": DpiaState.NOT_REQUIRED, "review_on": NO_LIMIT, **changes})


def people(**changes: Any) -> PeopleFacts:
    plain = PeopleFacts(
        subjects=frozenset({"Customer"}),
        has_children=False,
        is_monitored=False,
        is_large_scale=False,
        origin_countries=frozenset({"DE"}),
    )
    return replace(plain, **changes)


def consent(**changes: Any) -> ConsentFacts:
    plain = ConsentFacts(
        ref="CO-1",
        version="1",
        scope=frozenset({"AcademicResearch"}),
        is_explicit=True,
        ends_on=NO_LIMIT,
        withdrawals_synced_at=a.NOW - timedelta(hours=2),
    )
    return replace(plain, **changes)


def rows(**changes: Any) -> RowFacts:
    return replace(RowFacts(flags=frozenset(), list_version=0, applied_version=0), **changes)


def controller(**changes: Any) -> ControllerFacts:
    return replace(ControllerFacts(country="DE", is_under_gdpr=True, is_public_authority=False), **changes)


def vendor(**changes: Any) -> PartyFacts:
    """A processor in the EEA with its contract."""
    plain = PartyFacts(
        uid="vendor",
        part=PartyPart.EMPLOYER,
        role=PartyRole.PROCESSOR,
        country="FR",
        is_international_organization=False,
        has_contract=True,
        contract_ends_on=NEXT_YEAR,
    )
    return replace(plain, **changes)


def transfer(**changes: Any) -> TransferFacts:
    """Standard clauses for the vendor, with a good assessment."""
    plain = TransferFacts(
        ref="TR-1",
        version="1",
        importer="vendor",
        mechanism=TransferMechanism.STANDARD_CLAUSES,
        state=TransferState.ACTIVE,
        valid_to=NEXT_YEAR,
        tia=TiaOutcome.ADEQUATE,
        tia_review_on=NEXT_YEAR,
        has_measures=True,
        holds_hr_data=False,
    )
    return replace(plain, **changes)


def agreement(**changes: Any) -> AgreementFacts:
    plain = AgreementFacts(
        ref="DUA-1",
        version="1",
        state=AgreementState.ACTIVE,
        ends_on=NEXT_YEAR,
        purposes=frozenset({"ResearchAndDevelopment"}),
        permission=DuoPermission.GENERAL_RESEARCH,
        modifiers=frozenset(),
        forbids_reidentification=False,
        forbids_sharing=False,
        needs_publication_review=False,
        needs_destruction_certificate=False,
    )
    return replace(plain, **changes)


def labels(**changes: Any) -> LabelsFacts:
    """Labels that are good enough to learn from."""
    made = LabelsFacts(asset="wells", policy="LP-0001", number=2, verdict=LabelsVerdict.RELEASE)
    return replace(made, **changes)


def labeling(**changes: Any) -> LabelingFacts:
    """A policy about the asset, with somebody on its roster who lacks nothing."""
    made = LabelingFacts(
        asset="wells",
        policy="LP-0001",
        version=2,
        is_open=True,
        parts=frozenset({LabelerPart.ANNOTATOR}),
        gaps=frozenset(),
        redaction=redaction(),
    )
    return replace(made, **changes)


def redaction(**changes: Any) -> RedactionFacts:
    """As good as it may just be."""
    made = RedactionFacts(
        is_met=True,
        is_checked=True,
        planted=381,
        found=381,
        recall="0.990",
        recall_needed="0.990",
        audited=300,
        audited_needed=300,
        left=0,
    )
    return replace(made, **changes)


def use(**changes: Any) -> UseFacts:
    plain = UseFacts(
        kind=ResearchUse.GENERAL,
        is_commercial=False,
        is_for_profit=False,
        diseases=frozenset(),
        is_genetic=False,
        has_ethics_document=False,
        is_collaboration_agreed=False,
        institution="university",
        project="wells",
        region="EEA",
        topic="geology",
    )
    return replace(plain, **changes)


def ai_system(**changes: Any) -> AiSystemFacts:
    """An experiment."""
    plain = AiSystemFacts(
        ref="AI-1",
        version="1",
        risk_class=AiRiskClass.EXPERIMENT,
        role=AiRole.PROVIDER,
        is_profiling=False,
        is_pure_research=True,
        governance=frozenset(DataGovernance),
        has_labeling_policy=True,
        bias_conditions=frozenset(BiasCondition),
    )
    return replace(plain, **changes)


def national(**changes: Any) -> NationalConditionFacts:
    plain = NationalConditionFacts(
        ref="NC-1",
        country="DE",
        article="GDPR Art. 9(4)",
        effect=NationalEffect.REFER,
        special_kinds=frozenset({"genetic"}),
    )
    return replace(plain, **changes)


def _column(column: ColumnFacts) -> ColumnFacts:
    return replace(column, is_necessary=True, is_direct_identifier=False)


def _activity(activity: ActivityFacts) -> ActivityFacts:
    seen = (ScreeningPoint.SENSITIVE, ScreeningPoint.INNOVATIVE)
    return replace(activity, screening=screening(*seen), dpia=dpia())


def _asset(asset: AssetFacts) -> AssetFacts:
    return replace(
        asset,
        columns=tuple(_column(column) for column in asset.columns),
        activities=tuple(_activity(activity) for activity in asset.activities),
        people=people(),
        consent=consent(),
        rows=rows(),
        hold=HoldFacts(is_held=False, review_on=NO_LIMIT),
        pin=PinFacts(places=NO_LIMIT, operators=NO_LIMIT),
        agreements=(),
        open_breach=BreachRisk.NONE,
        has_pseudonymised_view=False,
    )


def _person(subject: SubjectFacts) -> SubjectFacts:
    return replace(subject, location="DE", undertaking_on=LATELY, trained_on=LATELY)


def complete(facts: RequestFacts, **changes: Any) -> RequestFacts:
    """The request with all records behind it."""
    purpose = replace(
        facts.purpose,
        automated_decision=AutomatedDecision.NONE,
        art22_basis=Art22Basis.NONE,
        has_art22_safeguards=False,
        is_marketing_profile=False,
        is_for_legal_claims=False,
        is_bias_correction=False,
        needs_identifiers=False,
    )
    joint = facts.joint or JointFacts(personal_assets=1, categories=frozenset(), special_kinds=frozenset())
    whole = replace(
        facts,
        purpose=purpose,
        requester=_person(facts.requester),
        subject=_person(facts.subject),
        assets=tuple(_asset(asset) for asset in facts.assets),
        joint=replace(joint, screened=frozenset(), inferred_kinds=frozenset()),
        controller=controller(),
        parties=(),
        transfers=(),
        use=use(),
        ai_system=ai_system(),
        national_conditions=(),
        justified_columns=frozenset(),
        labeling=(),
        labeling_part=LabelerPart.ANNOTATOR,
    )
    return replace(whole, **changes)


def harmless(**changes: Any) -> RequestFacts:
    return complete(a.request(), **changes)


def personal(**changes: Any) -> RequestFacts:
    return complete(a.personal_request(), **changes)


def special(**changes: Any) -> RequestFacts:
    return complete(a.special_request(), **changes)


def with_column(facts: RequestFacts, **changes: Any) -> RequestFacts:
    first, *rest = facts.assets[0].columns
    return a.with_asset(facts, columns=(replace(first, **changes), *rest))


def with_activity(facts: RequestFacts, **changes: Any) -> RequestFacts:
    first, *rest = facts.assets[0].activities
    return a.with_asset(facts, activities=(replace(first, **changes), *rest))


def with_system(facts: RequestFacts, **changes: Any) -> RequestFacts:
    return replace(facts, ai_system=ai_system(**changes))


def with_agreement(facts: RequestFacts, **changes: Any) -> RequestFacts:
    return a.with_asset(facts, agreements=(agreement(**changes),))


def with_vendor(facts: RequestFacts, *transfers: TransferFacts, **changes: Any) -> RequestFacts:
    return replace(facts, parties=(vendor(**changes),), transfers=transfers)
