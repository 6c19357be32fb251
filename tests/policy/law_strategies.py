"""Requests at random with the records of the law behind them; and the changes that may never open a door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from apps.policy.facts import (
    NO_LIMIT,
    Action,
    DpiaConditionFacts,
    LawfulBasis,
    RequestFacts,
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
    DpfCover,
    DpiaState,
    DuoModifier,
    DuoPermission,
    LabelerGap,
    LabelerPart,
    LabelsVerdict,
    NationalEffect,
    PartyPart,
    PartyRole,
    ResearchUse,
    RowFlag,
    ScreeningPoint,
    TiaOutcome,
    TransferMechanism,
    TransferState,
)

from . import records as r
from . import samples as a
from .strategies import COLUMN, DAYS, PURPOSE, TRI, Change
from .strategies import tightenings as plain_tightenings

DATES = (r.LATELY, a.NOW.date() - timedelta(days=500), None)
SOME = frozenset({"EEA"})
CONDITION = DpiaConditionFacts(code="encrypt", due_on=a.NOW.date(), is_met=False)

LAW: dict[str, dict[str, tuple[Any, ...]]] = {
    "column": {**COLUMN, "is_necessary": TRI, "is_direct_identifier": TRI},
    "purpose": {
        **{name: PURPOSE[name] for name in ("lawful_basis", "art9_conditions", "art9_has_law_ref")},
        "automated_decision": (*AutomatedDecision, None),
        "art22_basis": (*Art22Basis, None),
        "has_art22_safeguards": TRI,
        "is_marketing_profile": TRI,
        "is_for_legal_claims": TRI,
        "is_bias_correction": TRI,
        "needs_identifiers": TRI,
    },
    "asset": {
        "original_basis": (LawfulBasis.CONSENT, LawfulBasis.CONTRACT, None),
        "retention_ends_on": DAYS,
        "people": (r.people(), None),
        "consent": (r.consent(), None),
        "rows": (r.rows(), None),
        "hold": (None,),
        "pin": (None,),
        "agreements": ((), (r.agreement(),), None),
        "open_breach": (*BreachRisk, None),
        "has_pseudonymised_view": TRI,
    },
    "people": {
        "subjects": (frozenset({"Customer"}), frozenset({"Employee"}), None),
        "has_children": TRI,
        "is_monitored": TRI,
        "is_large_scale": TRI,
        "origin_countries": (frozenset({"DE"}), frozenset({"FR"}), None),
    },
    "consent": {
        "scope": (frozenset(), frozenset({"AcademicResearch"}), None),
        "is_explicit": TRI,
        "ends_on": DAYS,
        "withdrawals_synced_at": (a.NOW, a.NOW - timedelta(days=2), None),
    },
    "rows": {
        "flags": (frozenset(), frozenset({RowFlag.RESTRICTED}), None),
        "list_version": (0, 3, None),
        "applied_version": (0, 3, None),
    },
    "hold": {"is_held": TRI, "review_on": DAYS},
    "pin": {
        "places": (NO_LIMIT, SOME, frozenset({"US"}), None),
        "operators": (NO_LIMIT, frozenset({"own-cloud"}), None),
    },
    "activity": {"screening": (r.screening(), None), "dpia": (r.dpia(), r.no_dpia(), None)},
    "screening": {"is_override_recorded": TRI},
    "dpia": {
        "state": (*DpiaState, None),
        "review_on": DAYS,
        "conditions": ((), (CONDITION,), None),
    },
    "agreement": {
        "state": (*AgreementState, None),
        "ends_on": DAYS,
        "purposes": (frozenset(), frozenset({"ResearchAndDevelopment"}), None),
        "permission": (*DuoPermission, None),
        "modifiers": (frozenset(), *(frozenset({word}) for word in DuoModifier), None),
        "forbids_reidentification": TRI,
        "forbids_sharing": TRI,
        "needs_publication_review": TRI,
        "needs_destruction_certificate": TRI,
    },
    "use": {
        "kind": (*ResearchUse, None),
        "is_commercial": TRI,
        "is_for_profit": TRI,
        "is_genetic": TRI,
        "has_ethics_document": TRI,
        "is_collaboration_agreed": TRI,
        "region": ("EEA", "US", None),
    },
    "subject": {"location": ("DE", "IN", None), "undertaking_on": DATES, "trained_on": DATES},
    "requester": {"location": ("DE", "IN", None), "undertaking_on": DATES, "trained_on": DATES},
    "controller": {
        "country": ("DE", "GB", None),
        "is_under_gdpr": TRI,
        "is_public_authority": TRI,
    },
    "party": {
        "role": (*PartyRole, None),
        "country": ("FR", "IN", "CA", "KR", "US", "CH", None),
        "is_international_organization": TRI,
        "has_contract": TRI,
        "is_authorized": TRI,
        "contract_ends_on": DAYS,
        "has_arrangement": TRI,
        "has_agreement": TRI,
        "has_own_basis": TRI,
        "dpf": (*DpfCover, None),
        "is_commercial": TRI,
        "is_in_excluded_sector": TRI,
    },
    "transfer": {
        "mechanism": (*TransferMechanism, None),
        "state": (*TransferState, None),
        "valid_to": DAYS,
        "tia": (*TiaOutcome, None),
        "tia_review_on": DAYS,
        "has_measures": TRI,
        "is_authorized": TRI,
        "is_occasional": TRI,
        "holds_hr_data": TRI,
    },
    "ai_system": {
        "risk_class": (*AiRiskClass, None),
        "role": (AiRole.PROVIDER, AiRole.DEPLOYER, None),
        "is_profiling": TRI,
        "is_pure_research": TRI,
        "governance": (frozenset(), frozenset(DataGovernance), None),
        "has_labeling_policy": TRI,
        "bias_conditions": (frozenset(), frozenset(BiasCondition), None),
    },
    "joint": {
        "screened": (frozenset(), frozenset({ScreeningPoint.MATCHING}), None),
        "inferred_kinds": (frozenset(), frozenset({"health"}), None),
    },
    "request": {
        "linked_personal": TRI,
        "place_of_processing": ("DE", "US", None),
        "controller": (None,),
        "parties": ((), None),
        "transfers": ((), None),
        "use": (None,),
        "ai_system": (None,),
        "joint": (None,),
        "national_conditions": (
            (),
            *((r.national(effect=effect, subjects=frozenset({"Employee"})),) for effect in NationalEffect),
            None,
        ),
        "justified_columns": (frozenset(), frozenset({"wells/email"}), None),
        "labels": (
            (),
            (r.labels(),),
            (r.labels(verdict=LabelsVerdict.RESEARCH_ONLY),),
            (r.labels(verdict=LabelsVerdict.MISSING, number=0),),
        ),
        "labeling_part": (LabelerPart.ANNOTATOR, LabelerPart.REVIEWER, None),
        "labeling": (
            (),
            (r.labeling(),),
            (r.labeling(gaps=frozenset({LabelerGap.TEST})),),
            (r.labeling(redaction=r.redaction(is_met=False, found=380)),),
            None,
        ),
    },
}

FACTS = [(of, name) for of, names in LAW.items() for name in names]
NULLABLE = [(of, name) for of, name in FACTS if None in LAW[of][name]]

ON_ASSET = {"people", "consent", "rows", "hold", "pin"}
ON_ACTIVITY = {"screening", "dpia"}
ON_REQUEST = {"use", "subject", "requester", "controller", "ai_system", "joint"}


def set_law(facts: RequestFacts, of: str, name: str, value: Any) -> RequestFacts:
    """The same request with one fact of the law stated otherwise; unchanged where its record is missing."""
    change = {name: value}
    asset = facts.assets[0]
    if of == "request":
        return replace(facts, **change)
    if of == "purpose":
        return a.with_purpose(facts, **change)
    if of == "asset":
        return a.with_asset(facts, **change)
    if of == "column":
        return r.with_column(facts, **change)
    if of == "activity":
        return r.with_activity(facts, **change)
    if of in ON_REQUEST:
        record = getattr(facts, of)
        return facts if record is None else replace(facts, **{of: replace(record, **change)})
    if of in ON_ASSET:
        record = getattr(asset, of)
        return facts if record is None else a.with_asset(facts, **{of: replace(record, **change)})
    if of in ON_ACTIVITY:
        record = getattr(asset.activities[0], of)
        return facts if record is None else r.with_activity(facts, **{of: replace(record, **change)})
    if of == "agreement":
        return a.with_asset(facts, agreements=_first(asset.agreements, change))
    plural = {"party": "parties", "transfer": "transfers"}[of]
    return replace(facts, **{plural: _first(getattr(facts, plural), change)})


def _first(items: tuple[Any, ...] | None, change: dict[str, Any]) -> tuple[Any, ...] | None:
    return (replace(items[0], **change), *items[1:]) if items else items


@cache
def starts() -> tuple[RequestFacts, ...]:
    health = a.with_purpose(r.special(), is_bias_correction=True)
    gap = r.complete(a.gap_request(assessments=(a.assessment(),)))
    return (
        r.harmless(),
        r.personal(),
        r.special(),
        r.with_vendor(r.personal(), r.transfer(), country="IN"),
        r.with_vendor(
            r.special(), r.transfer(mechanism=TransferMechanism.ADEQUACY), country="US", dpf=DpfCover.BOTH
        ),
        replace(r.with_agreement(r.personal()), actions=frozenset({Action.TRAIN})),
        r.with_system(health, risk_class=AiRiskClass.HIGH_ANNEX_III),
        a.with_asset(gap, original_basis=LawfulBasis.CONSENT),
    )


def homes(of: str) -> tuple[RequestFacts, ...]:
    """The starts on which a fact of this record says something."""
    _, personal, special, abroad, listed, training, bias, _ = starts()
    return {
        "party": (abroad, listed),
        "controller": (abroad,),
        "transfer": (abroad, listed),
        "agreement": (training,),
        "use": (training,),
        "ai_system": (training, bias),
    }.get(of, (personal, special))


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, Any]:
    of, name = draw(st.sampled_from(FACTS))
    return of, name, draw(st.sampled_from(LAW[of][name]))


@st.composite
def requests(draw: st.DrawFn) -> RequestFacts:
    facts = draw(st.sampled_from(starts()))
    for of, name, value in draw(st.lists(changes(), max_size=4)):
        facts = set_law(facts, of, name, value)
    days = draw(st.sampled_from((1, 30, 290)))
    actions = facts.actions | draw(st.frozensets(st.sampled_from(Action), max_size=2))
    return replace(facts, ends_at=facts.starts_at + timedelta(days=days), actions=actions)


RECIPIENT = r.vendor(uid="zz", part=PartyPart.RECIPIENT, country="IN")
NEVER_LAXER: dict[str, Change] = {
    "party": lambda facts: replace(
        facts, parties=None if facts.parties is None else (*facts.parties, RECIPIENT)
    ),
    "agreement": lambda facts: a.with_asset(
        facts,
        agreements=None
        if facts.assets[0].agreements is None
        else (*facts.assets[0].agreements, r.agreement(ref="zz", forbids_reidentification=True)),
    ),
    "child": lambda facts: set_law(facts, "people", "has_children", True),
    "scale": lambda facts: set_law(facts, "people", "is_large_scale", True),
    "row flag": lambda facts: set_law(facts, "rows", "flags", frozenset(RowFlag)),
    "newer list": lambda facts: set_law(facts, "rows", "list_version", 9),
    "holdings": lambda facts: set_law(
        facts, "joint", "screened", frozenset(ScreeningPoint) - {"35(5)", "35(10)"}
    ),
    "breach": lambda facts: set_law(facts, "asset", "open_breach", BreachRisk.HIGH),
    "national law": lambda facts: replace(
        facts,
        national_conditions=facts.national_conditions
        and (*facts.national_conditions, r.national(ref="zz", effect=NationalEffect.DENY)),
    ),
}
"""More of what the law looks at; not an employer of somebody from outside, which cures a missing record."""


@st.composite
def tightenings(draw: st.DrawFn) -> tuple[str, Change]:
    if draw(st.booleans()):
        tightening: tuple[str, Change] = draw(plain_tightenings())
        return tightening
    name = draw(st.sampled_from(sorted(NEVER_LAXER)))
    return name, NEVER_LAXER[name]
