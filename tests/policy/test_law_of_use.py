"""A33 to A36 holding, and not holding, with one fact changed between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.policy.conditions import ConditionKind
from apps.policy.decision import Effect, RuleType
from apps.policy.engine import decide
from apps.policy.facts import Action, ObligationKind, RequestFacts
from apps.policy.law_words import (
    AgreementState,
    AiPractice,
    AiRiskClass,
    AiRole,
    BiasCondition,
    DataGovernance,
    DuoModifier,
    DuoPermission,
    LabelsVerdict,
    ResearchUse,
)
from apps.policy.packs import ALL_PACKS
from apps.policy.rulebook import LAWFUL_RULEBOOK

from . import records as r
from . import samples as a
from .records import judge
from .samples import codes, finding


def under(use: dict[str, Any] | None = None, **agreement: Any) -> RequestFacts:
    return replace(r.with_agreement(r.personal(), **agreement), use=r.use(**(use or {})))


def effect_of(facts: RequestFacts) -> Effect | None:
    return finding(judge(facts), "A33").effect


def test_a33_passes_a_use_within_the_agreement() -> None:
    assert effect_of(under()) is None
    assert judge(under()).effect is Effect.REFER


def test_a33_denies_a_use_outside_the_agreement_whatever_the_data_are() -> None:
    commercial = {"modifiers": frozenset({DuoModifier.NON_COMMERCIAL})}
    decision = judge(under({"is_commercial": True}, **commercial))
    assert (decision.effect, codes(decision) >= {"AGREEMENT_FORBIDS"}) == (Effect.DENY, True)
    harmless = replace(r.with_agreement(r.harmless(), **commercial), use=r.use(is_commercial=True))
    assert judge(harmless).effect is Effect.DENY


PERMISSIONS = [
    (DuoPermission.NO_RESTRICTION, set(ResearchUse)),
    (
        DuoPermission.GENERAL_RESEARCH,
        set(ResearchUse) - {ResearchUse.NOT_RESEARCH, ResearchUse.CLINICAL_CARE},
    ),
    (DuoPermission.HEALTH_RESEARCH, {ResearchUse.HEALTH, ResearchUse.DISEASE, ResearchUse.METHODS}),
    (DuoPermission.DISEASE_RESEARCH, {ResearchUse.DISEASE, ResearchUse.METHODS}),
    (DuoPermission.ANCESTRY_RESEARCH, {ResearchUse.ANCESTRY}),
]


@pytest.mark.parametrize(("permission", "admitted"), PERMISSIONS, ids=[item[0].value for item in PERMISSIONS])
def test_a33_admits_by_permission(permission: DuoPermission, admitted: set[ResearchUse]) -> None:
    diseases = frozenset({"MONDO:0005148"})
    for kind in ResearchUse:
        facts = under({"kind": kind, "diseases": diseases}, permission=permission, diseases=diseases)
        assert (effect_of(facts) is None) is (kind in admitted), kind
    if permission is not DuoPermission.NO_RESTRICTION:
        assert effect_of(under({"kind": None}, permission=permission, diseases=diseases)) is Effect.BLOCK


def test_a33_general_research_admits_what_health_does_and_health_what_a_disease_does() -> None:
    admitted = dict(PERMISSIONS)
    assert admitted[DuoPermission.DISEASE_RESEARCH] <= admitted[DuoPermission.HEALTH_RESEARCH]
    assert admitted[DuoPermission.HEALTH_RESEARCH] <= admitted[DuoPermission.GENERAL_RESEARCH]


def test_a33_compares_diseases() -> None:
    terms: dict[str, Any] = {
        "permission": DuoPermission.DISEASE_RESEARCH,
        "diseases": frozenset({"MONDO:0005148"}),
    }
    other = {"kind": ResearchUse.DISEASE, "diseases": frozenset({"MONDO:0004992"})}
    assert effect_of(under(other, **terms)) is Effect.DENY
    assert effect_of(under({**other, "diseases": None}, **terms)) is Effect.BLOCK
    assert effect_of(under({**other, "diseases": terms["diseases"]}, **terms)) is None


def test_a33_opens_clinical_care_only_by_its_modifier() -> None:
    care = {"kind": ResearchUse.CLINICAL_CARE}
    assert effect_of(under(care)) is Effect.DENY
    assert effect_of(under(care, modifiers=frozenset({DuoModifier.CLINICAL_CARE}))) is None


MODIFIERS: list[tuple[DuoModifier, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (DuoModifier.NO_METHODS, {}, {}, {"kind": ResearchUse.METHODS}, {"kind": None}),
    (DuoModifier.NO_ANCESTRY, {}, {}, {"kind": ResearchUse.ANCESTRY}, {"kind": None}),
    (DuoModifier.GENETIC_ONLY, {}, {"is_genetic": True}, {"is_genetic": False}, {"is_genetic": None}),
    (DuoModifier.NON_COMMERCIAL, {}, {}, {"is_commercial": True}, {"is_commercial": None}),
    (DuoModifier.NOT_FOR_PROFIT, {}, {}, {"is_for_profit": True}, {"is_for_profit": None}),
    (DuoModifier.NOT_FOR_PROFIT_NON_COMMERCIAL, {}, {}, {"is_commercial": True}, {"is_for_profit": None}),
    (
        DuoModifier.INSTITUTIONS,
        {"institutions": frozenset({"university"})},
        {},
        {"institution": "school"},
        {"institution": None},
    ),
    (DuoModifier.PROJECTS, {"projects": frozenset({"wells"})}, {}, {"project": "cores"}, {"project": None}),
    (DuoModifier.REGIONS, {"regions": frozenset({"EEA"})}, {}, {"region": "US"}, {"region": None}),
    (DuoModifier.TOPICS, {"topics": frozenset({"geology"})}, {}, {"topic": "birds"}, {"topic": None}),
]


@pytest.mark.parametrize(
    ("modifier", "terms", "within", "outside", "unsaid"), MODIFIERS, ids=[item[0].value for item in MODIFIERS]
)
def test_a33_reads_each_modifier(
    modifier: DuoModifier,
    terms: dict[str, Any],
    within: dict[str, Any],
    outside: dict[str, Any],
    unsaid: dict[str, Any],
) -> None:
    stated = {"modifiers": frozenset({modifier}), **terms}
    assert effect_of(under(within, **stated)) is None
    assert effect_of(under(outside, **stated)) is Effect.DENY
    assert effect_of(under(unsaid, **stated)) is Effect.BLOCK


def test_a33_names_its_users() -> None:
    stated: dict[str, Any] = {"modifiers": frozenset({DuoModifier.USERS})}
    assert effect_of(under(users=frozenset({"ada"}), **stated)) is None
    assert effect_of(under(users=frozenset({"bob"}), **stated)) is Effect.DENY


@pytest.mark.parametrize(
    ("modifier", "fact"),
    [
        (DuoModifier.ETHICS_APPROVAL, "has_ethics_document"),
        (DuoModifier.COLLABORATION, "is_collaboration_agreed"),
    ],
)
def test_a33_blocks_where_a_document_would_cure(modifier: DuoModifier, fact: str) -> None:
    for value in (False, None):
        assert effect_of(under({fact: value}, modifiers=frozenset({modifier}))) is Effect.BLOCK
    assert effect_of(under({fact: True}, modifiers=frozenset({modifier}))) is None


@pytest.mark.parametrize(
    "agreement",
    [
        *({name: None} for name in ("state", "purposes", "permission", "modifiers", "ends_on")),
        {"state": AgreementState.DRAFT},
        {"permission": DuoPermission.DISEASE_RESEARCH},
        *({"modifiers": frozenset({DuoModifier(word)})} for word in ("US", "IS", "PS", "GS", "RS", "MOR")),
    ],
)
def test_a33_takes_a_term_without_its_parameter_for_an_incomplete_record(agreement: dict[str, Any]) -> None:
    kind = {"kind": ResearchUse.DISEASE, "diseases": frozenset({"MONDO:0005148"})}
    decision = judge(under(kind, **agreement))
    assert "AGREEMENT_NOT_IN_FORCE" in codes(decision)
    assert decision.effect in (Effect.BLOCK, Effect.DENY)


def test_a33_ends_with_the_agreement() -> None:
    assert effect_of(under(state=AgreementState.TERMINATED)) is Effect.DENY
    assert judge(under(ends_on=date(2027, 3, 11))).limiting_factor == "data_agreement_end:DUA-1"


def test_a33_keeps_to_the_purposes_of_the_agreement() -> None:
    assert effect_of(under(purposes=frozenset({"Marketing"}))) is Effect.DENY


def test_a33_forbids_sharing_on() -> None:
    shared = replace(under(forbids_sharing=True), actions=frozenset({Action.SHARE}))
    assert effect_of(shared) is Effect.DENY
    assert effect_of(under(forbids_sharing=True)) is None


def test_a33_carries_what_the_agreement_demands() -> None:
    strict = judge(
        under(
            {"has_ethics_document": True},
            forbids_reidentification=True,
            needs_publication_review=True,
            needs_destruction_certificate=None,
            modifiers=frozenset({DuoModifier("PUB"), DuoModifier("RTN"), DuoModifier("IRB")}),
        )
    )
    assert {item.kind for item in strict.obligations} == {
        ObligationKind.NO_REIDENTIFY,
        ObligationKind.PUBLISH_REVIEW,
        ObligationKind.DELETE_ATTEST,
        ObligationKind.ETHICS_DOC,
    }
    assert [item.code for item in strict.conditions] == ["PUB-DUA-1", "RTN-DUA-1"]
    later = judge(under(modifiers=frozenset({DuoModifier("MOR")}), moratorium_until=date(2028, 1, 1)))
    assert [(item.code, item.kind) for item in later.conditions] == [("MOR-DUA-1", ConditionKind.DURING)]


def test_a33_waits_where_nobody_knows_of_agreements() -> None:
    assert effect_of(a.with_asset(r.harmless(), agreements=None)) is Effect.BLOCK
    assert effect_of(r.harmless()) is None


def training(**system: Any) -> RequestFacts:
    return r.with_system(replace(r.personal(), actions=frozenset({Action.TRAIN})), **system)


PROHIBITED = {"risk_class": AiRiskClass.PROHIBITED, "is_pure_research": False}


@pytest.mark.parametrize("action", [Action.TRAIN, Action.DEPLOY, Action.INVOKE])
def test_a34_denies_making_and_using_a_prohibited_system(action: Action) -> None:
    facts = replace(training(**PROHIBITED), actions=frozenset({action}))
    assert finding(judge(facts), "A34").effect is Effect.DENY


def test_a34_names_the_practices_and_counts_the_class_where_none_is_named() -> None:
    named = training(**PROHIBITED, practices=frozenset({AiPractice.SOCIAL_SCORING}))
    (reason,) = finding(judge(named), "A34").reasons
    assert reason.facts["practices"] == ("5(1)(c)",)
    (bare,) = finding(judge(training(**PROHIBITED)), "A34").reasons
    assert "practices" not in bare.facts


def test_a34_lets_research_and_any_other_class_pass_and_is_not_asked_of_reading() -> None:
    assert not finding(judge(training(**{**PROHIBITED, "is_pure_research": True})), "A34").is_matched
    assert not finding(judge(training(risk_class=AiRiskClass.MINIMAL)), "A34").is_matched
    assert not finding(
        judge(replace(training(**PROHIBITED), actions=frozenset({Action.READ}))), "A34"
    ).is_matched


def test_a34_waits_for_the_class_of_the_system() -> None:
    assert finding(judge(training(risk_class=None)), "A34").effect is Effect.BLOCK
    assert finding(judge(replace(training(), ai_system=None)), "A34").effect is Effect.BLOCK
    assert finding(judge(training(**{**PROHIBITED, "is_pure_research": None})), "A34").effect is Effect.DENY


HIGH = {"risk_class": AiRiskClass.HIGH_ANNEX_III}


@pytest.mark.parametrize(
    "changes",
    [
        {"governance": frozenset(DataGovernance) - {DataGovernance.BIAS_EXAMINED}},
        {"governance": None},
        {"has_labeling_policy": False},
        {"has_labeling_policy": None},
    ],
)
def test_a35_blocks_a_high_risk_system_with_incomplete_records(changes: dict[str, Any]) -> None:
    assert finding(judge(training(**HIGH, **changes)), "A35").effect is Effect.BLOCK
    other = training(risk_class=AiRiskClass.MINIMAL, **changes)
    assert not finding(judge(other), "A35").is_matched


def test_a35_passes_with_complete_records() -> None:
    assert not finding(judge(training(**HIGH)), "A35").is_matched


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ("release", None),
        ("research_only", "LABELS_TENTATIVE"),
        ("blocked", "LABELS_BLOCKED"),
        ("missing", "LABELS_MISSING"),
    ],
)
def test_a35_has_a_high_risk_system_learn_only_from_labels_that_may_be_released(
    verdict: str, code: str | None
) -> None:
    labels = (r.labels(), r.labels(policy="LP-0002", verdict=LabelsVerdict(verdict)))
    found = finding(judge(replace(training(**HIGH, is_pure_research=False), labels=labels)), "A35")
    assert {reason.code for reason in found.reasons} == ({code} if code else set())
    assert found.effect is (Effect.BLOCK if code else None)
    other = replace(training(risk_class=AiRiskClass.MINIMAL), labels=labels)
    assert not finding(judge(other), "A35").is_matched


def test_a35_lets_pure_research_learn_from_labels_that_are_for_research() -> None:
    tentative = (r.labels(verdict=LabelsVerdict.RESEARCH_ONLY),)
    facts = replace(training(**HIGH, is_pure_research=True), labels=tentative)
    assert not finding(judge(facts), "A35").is_matched
    blocked = replace(facts, labels=(r.labels(verdict=LabelsVerdict.BLOCKED),))
    assert finding(judge(blocked), "A35").effect is Effect.BLOCK


def test_a35_decides_facts_from_before_labels_were_measured_as_they_were() -> None:
    assert not finding(judge(replace(training(**HIGH), labels=None)), "A35").is_matched


def test_a35_takes_a_profiling_system_of_annex_iii_for_high_risk() -> None:
    claimed = {"risk_class": AiRiskClass.ANNEX_III_NOT_HIGH, "governance": None}
    assert not finding(judge(training(**claimed, is_profiling=False)), "A35").is_matched
    for is_profiling in (True, None):
        assert finding(judge(training(**claimed, is_profiling=is_profiling)), "A35").is_matched


AS_PUBLISHED = replace(
    LAWFUL_RULEBOOK, packs=tuple(pack for pack in ALL_PACKS if pack.id != "eu-aiact-omnibus")
)
"""The AI Act before Regulation (EU) 2026/1744."""


def test_a35_is_law_from_the_day_of_its_pack_and_our_own_demand_before() -> None:
    facts = training(**HIGH, governance=None)
    assert finding(decide(facts, AS_PUBLISHED), "A35").type is RuleType.LAW
    annex_i = training(risk_class=AiRiskClass.HIGH_ANNEX_I, governance=None)
    assert finding(decide(annex_i, AS_PUBLISHED), "A35").type is RuleType.POLICY
    postponed = finding(judge(facts), "A35")
    assert (postponed.type, postponed.effect) == (RuleType.POLICY, Effect.BLOCK)
    day = datetime(2027, 12, 2, tzinfo=UTC)
    on_the_day = replace(facts, now=day, starts_at=day, ends_at=day + timedelta(days=1))
    assert finding(judge(on_the_day), "A35").type is RuleType.LAW


def correcting(**system: Any) -> RequestFacts:
    facts = a.with_purpose(r.special(), is_bias_correction=True)
    return r.with_system(facts, **{**HIGH, **system})


def test_a36_passes_the_provider_of_a_high_risk_system_with_all_conditions() -> None:
    decision = judge(correcting())
    assert decision.effect is Effect.REFER
    kinds = {item.kind for item in decision.obligations}
    assert kinds >= {ObligationKind.DELETE_ATTEST, ObligationKind.NO_JOIN}


@pytest.mark.parametrize(
    "changes",
    [
        {"role": AiRole.DEPLOYER},
        {"risk_class": AiRiskClass.MINIMAL},
        {"bias_conditions": frozenset(BiasCondition) - {BiasCondition.DELETED}},
    ],
)
def test_a36_denies_with_a_condition_unmet(changes: dict[str, Any]) -> None:
    assert finding(judge(correcting(**changes)), "A36").effect is Effect.DENY


def test_a36_denies_before_its_day_which_the_amendment_moved() -> None:
    annex_i = correcting(risk_class=AiRiskClass.HIGH_ANNEX_I)
    assert finding(decide(annex_i, AS_PUBLISHED), "A36").effect is Effect.DENY
    assert finding(judge(annex_i), "A36").effect is not Effect.DENY
    day = datetime(2026, 7, 26, tzinfo=UTC)
    earlier = replace(correcting(), now=day, starts_at=day, ends_at=day + timedelta(days=1))
    assert finding(judge(earlier), "A36").effect is Effect.DENY


@pytest.mark.parametrize("name", ["role", "risk_class", "bias_conditions"])
def test_a36_waits_for_what_is_not_recorded(name: str) -> None:
    found = finding(judge(correcting(**{name: None})), "A36")
    assert found.effect in (Effect.BLOCK, Effect.DENY)
    assert found.unknown
    assert finding(judge(replace(correcting(), ai_system=None)), "A36").effect is Effect.BLOCK
    unsaid = a.with_purpose(r.special(), is_bias_correction=None)
    assert finding(judge(unsaid), "A36").effect is Effect.BLOCK


def test_a36_is_asked_only_where_special_data_correct_bias() -> None:
    assert not finding(judge(r.special()), "A36").is_matched
    assert not finding(judge(a.with_purpose(r.personal(), is_bias_correction=True)), "A36").is_matched
