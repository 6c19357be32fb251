"""Requests to start from: harmless, lawful and personal, lawful and sensitive. Tests change one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from apps.policy.decision import Decision, Finding
from apps.policy.facts import (
    NO_LIMIT,
    Action,
    ActivityFacts,
    Art9Condition,
    Art10Basis,
    AssetFacts,
    Clearance,
    ColumnFacts,
    CompatibilityFacts,
    HandlingFacts,
    Identifiability,
    LawfulBasis,
    Outcome,
    Presumption,
    PurposeFacts,
    PurposeState,
    Relation,
    RequestFacts,
    SubjectFacts,
    SubjectKind,
)

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)

PARENTS = {
    "Purpose": frozenset[str](),
    "ResearchAndDevelopment": frozenset({"Purpose"}),
    "CommercialPurpose": frozenset({"Purpose"}),
    "NonCommercialPurpose": frozenset({"Purpose"}),
    "AcademicResearch": frozenset({"ResearchAndDevelopment"}),
    "ScientificResearch": frozenset({"ResearchAndDevelopment"}),
    "CommercialResearch": frozenset({"CommercialPurpose", "ResearchAndDevelopment"}),
    "NonCommercialResearch": frozenset({"NonCommercialPurpose", "ResearchAndDevelopment"}),
}

LADDER = tuple(
    HandlingFacts(
        rank=rank,
        code=code,
        max_grant_days=days,
        max_lease_minutes=minutes,
        stages=stages,
        needs_step_up=rank > 2,
        is_auto_ok_allowed=rank < 2,
    )
    for rank, code, days, minutes, stages in (
        (0, "open", NO_LIMIT, NO_LIMIT, ()),
        (1, "internal", 300, 720, ()),
        (2, "confidential", 180, 240, ("data_owner",)),
        (3, "restricted", 90, 60, ("compliance_officer", "ciso")),
    )
)


def column(**changes: Any) -> ColumnFacts:
    """A column about the depth of a well."""
    plain = ColumnFacts(
        name="depth",
        class_rank=0,
        categories=frozenset({"Measurement"}),
        special_kinds=frozenset(),
        is_criminal=False,
        is_personal=False,
        identifiability=Identifiability.NOT_PERSONAL,
        is_confirmed=True,
        permitted_purposes=frozenset(),
    )
    return replace(plain, **changes)


def personal_column(**changes: Any) -> ColumnFacts:
    usual: dict[str, Any] = {
        "name": "email",
        "class_rank": 1,
        "categories": frozenset({"EmailAddress"}),
        "is_personal": True,
        "identifiability": Identifiability.IDENTIFIED,
        "permitted_purposes": frozenset({"ResearchAndDevelopment"}),
    }
    return column(**{**usual, **changes})


def special_column(**changes: Any) -> ColumnFacts:
    return personal_column(**{"name": "diagnosis", "special_kinds": frozenset({"health"}), **changes})


def asset(*columns: ColumnFacts, **changes: Any) -> AssetFacts:
    activity = ActivityFacts(
        ref="PA-1", version="1", purposes=frozenset({"purpose-1"}), clearance=Clearance.CLEARED
    )
    plain = AssetFacts(
        uid="wells",
        kind="dataset",
        version="1",
        columns=columns or (column(),),
        original_basis=LawfulBasis.CONTRACT,
        original_purpose="ServiceProvision",
        has_anonymity_assessment=False,
        activities=(activity,),
        retention_ends_on=NO_LIMIT,
        agreement_ends_on=NO_LIMIT,
    )
    return replace(plain, **changes)


def purpose(**changes: Any) -> PurposeFacts:
    plain = PurposeFacts(
        uid="purpose-1",
        code="AcademicResearch",
        version="1",
        state=PurposeState.ACTIVE,
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        has_legal_ground=True,
        art9_conditions=frozenset(),
        art9_has_law_ref=False,
        art9_has_safeguards=False,
        art10_basis=Art10Basis.NONE,
        art89_safeguards=frozenset(),
        valid_from=date(2026, 1, 1),
        valid_to=NO_LIMIT,
        presumption=Presumption.NONE,
    )
    return replace(plain, **changes)


def subject(**changes: Any) -> SubjectFacts:
    plain = SubjectFacts(
        uid="ada",
        kind=SubjectKind.PERSON,
        relation=Relation.EMPLOYEE,
        employer_country="DE",
        cleared_rank=3,
        contract_ends_on=NO_LIMIT,
        is_active=True,
    )
    return replace(plain, **changes)


def assessment(**changes: Any) -> CompatibilityFacts:
    plain = CompatibilityFacts(
        ref="CA-1",
        version="1",
        original_purpose="ServiceProvision",
        new_purpose_uid="purpose-1",
        asset_uids=frozenset({"wells"}),
        outcome=Outcome.COMPATIBLE,
        is_approved=True,
    )
    return replace(plain, **changes)


def request(*columns: ColumnFacts, days: int = 30, **changes: Any) -> RequestFacts:
    """Read the given columns of one asset; without columns, the open well log."""
    plain = RequestFacts(
        now=NOW,
        requester=subject(),
        subject=subject(),
        purpose=purpose(),
        purpose_parents=PARENTS,
        assets=(asset(*columns),),
        actions=frozenset({Action.READ}),
        starts_at=NOW,
        ends_at=NOW + timedelta(days=days),
        place_of_processing="DE",
        linked_personal=False,
        handling=LADDER,
    )
    return replace(plain, **changes)


def with_asset(facts: RequestFacts, **changes: Any) -> RequestFacts:
    return replace(facts, assets=(replace(facts.assets[0], **changes), *facts.assets[1:]))


def with_purpose(facts: RequestFacts, **changes: Any) -> RequestFacts:
    return replace(facts, purpose=replace(facts.purpose, **changes))


def personal_request(**changes: Any) -> RequestFacts:
    return request(personal_column(), **changes)


def special_request(**changes: Any) -> RequestFacts:
    """Lawful: the purpose names a complete condition."""
    lawful = purpose(
        art9_conditions=frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
        art9_has_law_ref=True,
        art9_has_safeguards=True,
    )
    return request(special_column(), **{"purpose": lawful, **changes})


def gap_request(**changes: Any) -> RequestFacts:
    """The column permits another purpose than the one asked for."""
    return request(personal_column(permitted_purposes=frozenset({"ServiceProvision"})), **changes)


def finding(decision: Decision, rule: str) -> Finding:
    return next(item for item in decision.findings if item.rule == rule)


def codes(decision: Decision) -> set[str]:
    return {reason.code for reason in decision.reasons}


def stage_names(decision: Decision) -> tuple[str, ...]:
    return tuple(stage.name for stage in decision.stages)
