"""A34 to A36: what comes of the data. Regulation (EU) 2024/1689, by the dates of its packs."""

from __future__ import annotations

from dataclasses import replace

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import Action, AiSystemFacts, Obligation, ObligationKind
from apps.policy.law_words import (
    AiPractice,
    AiRiskClass,
    AiRole,
    AnnexUse,
    BiasCondition,
    DataGovernance,
    LabelsVerdict,
)
from apps.policy.reason import Value, declare
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import Rule
from apps.policy.screening import MAKING_OR_USING

SYSTEM_UNKNOWN = declare(
    "SYSTEM_UNKNOWN",
    "Which AI system this is for, or of what class it is, is not recorded.",
    "Name the system, or say that it is an experiment from which no system comes.",
)
SYSTEM_PROHIBITED = declare(
    "SYSTEM_PROHIBITED",
    "The AI system %(system)s is of a prohibited practice.",
    "Change what the system is meant for; research that is put into service for nothing else is free.",
)
GOVERNANCE_INCOMPLETE = declare(
    "GOVERNANCE_INCOMPLETE",
    "The high-risk system %(system)s lacks records on its data: %(missing)s. %(force)s",
    "Complete the data governance of the system and the labeling policy of its data.",
)
LABELS_BLOCKED = declare(
    "LABELS_BLOCKED",
    "The system %(system)s is of high risk, and the labels of %(asset)s under %(policy)s are blocked (set"
    " %(number)s).",
    "Have them labeled anew; the report on the set says what is missing.",
)
LABELS_TENTATIVE = declare(
    "LABELS_TENTATIVE",
    "The system %(system)s is of high risk, and the labels of %(asset)s under %(policy)s are good enough for"
    " research only (set %(number)s).",
    "Have them labeled anew until the set may be released, or keep to research alone.",
)
LABELS_MISSING = declare(
    "LABELS_MISSING",
    "The system %(system)s is of high risk, and no labels of %(asset)s were brought under %(policy)s.",
    "Bring the labels, and see that they are good enough, before a model learns from the data.",
)
BIAS_CORRECTION_NOT_ALLOWED = declare(
    "BIAS_CORRECTION_NOT_ALLOWED",
    "Special categories may correct bias only for the provider of a high-risk system; not met: %(unmet)s.",
    "Meet the conditions of AI Act Art. 10(5), or use other data: %(columns)s.",
)
BIAS_CORRECTION_UNKNOWN = declare(
    "BIAS_CORRECTION_UNKNOWN",
    "Whether special categories correct bias only, and what that needs, is not recorded: %(missing)s.",
    "Record the use, the system, the role of the organization and the conditions of AI Act Art. 10(5).",
)

HIGH = (AiRiskClass.HIGH_ANNEX_I, AiRiskClass.HIGH_ANNEX_III)
IS_LAW = "The law asks for them."
IS_POLICY = "The organization asks for them; the law will."


def is_high_risk(system: AiSystemFacts) -> bool:
    """A system of Annex III that profiles people is high-risk whatever was assessed (Art. 6(3))."""
    is_claimed = system.risk_class is AiRiskClass.ANNEX_III_NOT_HIGH
    return system.risk_class in HIGH or (is_claimed and system.is_profiling is not False)


def not_prohibited(case: Case) -> Finding:
    """A34."""
    said = Said(case)
    if case.facts.actions.isdisjoint(MAKING_OR_USING):
        return case.clear()
    system = case.facts.ai_system
    if system is None or system.risk_class is None:
        said.not_known("ai_system.risk_class", AiRiskClass.PROHIBITED.value)
        said.object(Effect.BLOCK, SYSTEM_UNKNOWN)
    elif system.risk_class is AiRiskClass.PROHIBITED and system.is_pure_research is not True:
        if system.is_pure_research is None:
            said.not_known("ai_system.is_pure_research", "no")
        named = _named(practices=system.practices)
        said.object(Effect.DENY, SYSTEM_PROHIBITED, system=system.ref, **named)
    return case.answered(said)


def governed(case: Case) -> Finding:
    """A35. Our own demand before the day on which the law asks for it; the finding says which it is."""
    system = case.facts.ai_system
    if system is None or not is_high_risk(system):
        return case.clear()
    if case.facts.actions.isdisjoint({Action.TRAIN, Action.DEPLOY}):
        return case.clear()
    said = Said(case)
    if system.risk_class is AiRiskClass.ANNEX_III_NOT_HIGH and system.is_profiling is None:
        said.not_known("ai_system.is_profiling", "yes")
    done = system.governance or frozenset()
    missing = tuple(item.value for item in DataGovernance if item not in done)
    if system.governance is None:
        said.not_known("ai_system.governance", "nothing")
    if system.has_labeling_policy is not True:
        missing = (*missing, "labeling_policy")
        if system.has_labeling_policy is None:
            said.not_known("ai_system.has_labeling_policy", "none")
    kind = _type_today(case, system)
    if missing:
        force = IS_LAW if kind is RuleType.LAW else IS_POLICY
        said.object(
            Effect.BLOCK,
            GOVERNANCE_INCOMPLETE,
            system=system.ref,
            missing=missing,
            force=force,
            **_named(uses=system.annex_uses),
        )
    _labels(case, said, system)
    return replace(case.answered(said), type=kind)


def _labels(case: Case, said: Said, system: AiSystemFacts) -> None:
    """Facts from before labels were measured do not hold them, and are decided as they were."""
    for each in case.facts.labels or ():
        named: dict[str, Value] = {"asset": each.asset, "policy": each.policy, "system": system.ref}
        if each.verdict is LabelsVerdict.MISSING:
            said.object(Effect.BLOCK, LABELS_MISSING, **named)
        elif each.verdict is LabelsVerdict.BLOCKED:
            said.object(Effect.BLOCK, LABELS_BLOCKED, number=each.number, **named)
        elif each.verdict is LabelsVerdict.RESEARCH_ONLY and system.is_pure_research is not True:
            said.object(Effect.BLOCK, LABELS_TENTATIVE, number=each.number, **named)


def _named(**points: frozenset[AiPractice] | frozenset[AnnexUse] | None) -> dict[str, Value]:
    """What a class rests on, where the facts say it; older facts do not, and are decided as they were."""
    return {
        name: tuple(sorted(each.value for each in found))
        for name, found in points.items()
        if found is not None
    }


def _type_today(case: Case, system: AiSystemFacts) -> RuleType:
    name = "high_annex_I" if system.risk_class is AiRiskClass.HIGH_ANNEX_I else "high_annex_III"
    applies_from = case.law.date("eu-aiact", name)
    is_law = applies_from is not None and applies_from <= case.law.day
    return RuleType.LAW if is_law else RuleType.POLICY


def _may_correct_bias_today(case: Case, system: AiSystemFacts) -> bool:
    """Art. 4a has a day of its own; before it, Art. 10(5) applied with the rest of what high risk demands."""
    begins = case.law.date("eu-aiact", "bias_correction")
    if begins is not None and begins <= case.law.day:
        return True
    return _type_today(case, system) is RuleType.LAW


def bias_corrected(case: Case) -> Finding:
    """A36. With a condition unmet it is denied; the grant is for nothing else, and ends in deletion."""
    said = Said(case)
    columns, purpose = case.special_columns, case.facts.purpose
    if not columns or purpose.is_bias_correction is False:
        return case.clear()
    if purpose.is_bias_correction is None:
        said.not_known("purpose.is_bias_correction", "yes")
        said.object(Effect.BLOCK, BIAS_CORRECTION_UNKNOWN, missing=("is_bias_correction",))
        return case.answered(said)
    unmet, missing = _unmet(case)
    if unmet:
        said.object(Effect.DENY, BIAS_CORRECTION_NOT_ALLOWED, columns=columns, unmet=unmet)
    if missing:
        for name in missing:
            said.not_known(f"ai_system.{name}", "not met")
        said.object(Effect.BLOCK, BIAS_CORRECTION_UNKNOWN, missing=missing)
    kinds = (ObligationKind.DELETE_ATTEST, ObligationKind.NO_JOIN)
    return case.answered(said, obligations=frozenset(Obligation(kind=kind) for kind in kinds))


def _unmet(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is not met, and what is not known."""
    system = case.facts.ai_system
    if system is None:
        return (), ("risk_class", "role", "bias_conditions")
    missing = tuple(
        name for name in ("risk_class", "role", "bias_conditions") if getattr(system, name) is None
    )
    unmet = []
    if system.risk_class is not None and not is_high_risk(system):
        unmet.append("risk_class")
    if system.role not in (AiRole.PROVIDER, None):
        unmet.append("role")
    if system.bias_conditions is not None:
        unmet += [item.value for item in BiasCondition if item not in system.bias_conditions]
    if not _may_correct_bias_today(case, system):
        unmet.append("applies_from")
    return tuple(unmet), missing


RULES = (
    Rule(
        id="A34",
        type=RuleType.POLICY,
        articles=("AI Act Art. 5", "AI Act Art. 2(6)", "AI Act Art. 2(8)"),
        evaluate=not_prohibited,
    ),
    Rule(
        id="A35",
        type=RuleType.POLICY,
        articles=("AI Act Art. 10", "AI Act Art. 11", "AI Act Annex IV 2(d)"),
        evaluate=governed,
    ),
    Rule(
        id="A36",
        type=RuleType.LAW,
        articles=("AI Act Art. 4a", "AI Act Art. 10(5)", "GDPR Art. 9(2)(g)"),
        evaluate=bias_corrected,
    ),
)
