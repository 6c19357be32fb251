"""A31, A32 and what national law adds: children, machines that decide, what reveals too much together."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType, StageSpec
from apps.policy.facts import Art9Condition, NationalConditionFacts, PurposeFacts
from apps.policy.law_words import Art22Basis, AutomatedDecision, NationalEffect
from apps.policy.reason import declare
from apps.policy.route import stages_for
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import EITHER, Rule, Words

CHILDREN_NOT_FOR_MARKETING = declare(
    "CHILDREN_NOT_FOR_MARKETING",
    "%(asset)s holds data of children, and the purpose is a profile for marketing.",
    "Ask for data without children, or choose another purpose.",
)
CHILDREN_UNCLEAR = declare(
    "CHILDREN_UNCLEAR",
    "Whether %(asset)s holds data of children, or the purpose is a profile for marketing, is not known.",
    "Record whether children are among the data subjects, and what the purpose is.",
)
CHILDREN_NEED_OPINION = declare(
    "CHILDREN_NEED_OPINION",
    "%(asset)s holds data of children, or nobody recorded that it does not: the DPO gives an opinion.",
    "Nothing to do; the DPO is asked when the request is sent.",
)
AUTOMATED_DECISION_UNKNOWN = declare(
    "AUTOMATED_DECISION_UNKNOWN",
    "Whether the purpose leads to decisions by machine alone, and on what they rest, is not recorded.",
    "Record how decisions are made, and the basis of GDPR Art. 22(2) with its safeguards.",
)
AUTOMATED_DECISION_NOT_ALLOWED = declare(
    "AUTOMATED_DECISION_NOT_ALLOWED",
    "The purpose lets a machine alone decide on people with significant effect, and lacks: %(missing)s.",
    "Let a person decide, or record the basis of GDPR Art. 22(2) and its safeguards.",
)
AUTOMATED_DECISION_ON_SENSITIVE_DATA = declare(
    "AUTOMATED_DECISION_ON_SENSITIVE_DATA",
    "A machine alone may decide on special categories only under Art. 9(2)(a) or (g): %(columns)s.",
    "Drop the columns, or let a person decide.",
)
INFERRED_WITHOUT_CONDITION = declare(
    "INFERRED_WITHOUT_CONDITION",
    "Together with what is held this would reveal special categories, without a condition: %(kinds)s.",
    "Give back what links, ask for less, or choose a purpose that names an Art. 9(2) condition.",
)
INFERENCE_UNKNOWN = declare(
    "INFERENCE_UNKNOWN",
    "What the data reveal together with what is held already is not known.",
    "Ask the data steward to record what the linked data reveal.",
)
NATIONAL_LAW_FORBIDS = declare(
    "NATIONAL_LAW_FORBIDS",
    "The law of %(country)s (%(article)s) forbids this.",
    "Drop the data concerned, or choose another purpose.",
)
NATIONAL_LAW_ASKS = declare(
    "NATIONAL_LAW_ASKS",
    "The law of %(country)s (%(article)s) asks for something first: %(condition)s.",
    "Meet the condition and record it.",
)
NATIONAL_LAW_TO_BE_JUDGED = declare(
    "NATIONAL_LAW_TO_BE_JUDGED",
    "The law of %(country)s (%(article)s) has a say in this; it is decided by %(roles)s.",
    "Nothing to do.",
)
NATIONAL_LAW_UNKNOWN = declare(
    "NATIONAL_LAW_UNKNOWN",
    "Which conditions of national law hold here is not recorded.",
    "Record the conditions of national law, or that there are none, and where controller and data are from.",
)


def children(case: Case) -> Finding:
    """A31. Not knowing whether there are children asks for the opinion; with marketing it waits."""
    said = Said(case)
    is_marketing = case.facts.purpose.is_marketing_profile
    for asset in case.personal_assets:
        has_children = asset.people.has_children if asset.people is not None else None
        if has_children is False:
            continue
        if has_children is None:
            said.not_known(f"assets.{asset.uid}.people.has_children", "yes")
        said.object(Effect.REFER, CHILDREN_NEED_OPINION, asset=asset.uid)
        if is_marketing is False:
            continue
        if is_marketing is None:
            said.not_known("purpose.is_marketing_profile", "yes")
        if has_children and is_marketing:
            said.object(Effect.DENY, CHILDREN_NOT_FOR_MARKETING, asset=asset.uid)
        else:
            said.object(Effect.BLOCK, CHILDREN_UNCLEAR, asset=asset.uid)
    stages: tuple[StageSpec, ...] = stages_for(case.words("opinions")) if said.reasons else ()
    return case.answered(said, stages=stages)


def automated(case: Case) -> Finding:
    """A32."""
    said = Said(case)
    purpose = case.facts.purpose
    if purpose.automated_decision is None:
        said.not_known("purpose.automated_decision", AutomatedDecision.SOLELY_SIGNIFICANT.value)
        said.object(Effect.BLOCK, AUTOMATED_DECISION_UNKNOWN)
    elif purpose.automated_decision is AutomatedDecision.SOLELY_SIGNIFICANT:
        _judge_automation(case, said, purpose)
    return case.answered(said)


def _judge_automation(case: Case, said: Said, purpose: PurposeFacts) -> None:
    missing = []
    if purpose.art22_basis is Art22Basis.NONE:
        missing.append("art22_basis")
    if purpose.has_art22_safeguards is False:
        missing.append("art22_safeguards")
    if missing:
        said.object(Effect.DENY, AUTOMATED_DECISION_NOT_ALLOWED, missing=tuple(missing))
    for name in ("art22_basis", "has_art22_safeguards"):
        if getattr(purpose, name) is None:
            said.not_known(f"purpose.{name}", "none")
            said.object(Effect.BLOCK, AUTOMATED_DECISION_UNKNOWN)
    allowed = {Art9Condition.EXPLICIT_CONSENT, Art9Condition.SUBSTANTIAL_PUBLIC_INTEREST}
    if case.special_columns and not purpose.art9_conditions & allowed:
        said.object(Effect.DENY, AUTOMATED_DECISION_ON_SENSITIVE_DATA, columns=case.special_columns)


def inferred(case: Case) -> Finding:
    """A10-INFERRED. What can be inferred is special too (CJEU C-184/20)."""
    said = Said(case)
    joint = case.facts.joint
    if case.facts.linked_personal is False or case.facts.purpose.art9_conditions:
        return case.clear()
    if joint is None or joint.inferred_kinds is None:
        said.not_known("joint.inferred_kinds", "some")
        said.object(Effect.BLOCK, INFERENCE_UNKNOWN)
    elif joint.inferred_kinds:
        effect = Effect.DENY if case.facts.linked_personal else Effect.BLOCK
        said.object(effect, INFERRED_WITHOUT_CONDITION, kinds=tuple(sorted(joint.inferred_kinds)))
    return case.answered(said)


def national(case: Case) -> Finding:
    """NATIONAL. Where GDPR Art. 8, 9(4), 10, 88 and 89(2) leave it to the law of a country."""
    said = Said(case)
    roles = case.words("roles")
    conditions = case.facts.national_conditions
    if conditions is None:
        said.not_known("national_conditions", "some")
        said.object(Effect.BLOCK, NATIONAL_LAW_UNKNOWN)
    is_referred = False
    for condition in conditions or ():
        is_met = _meets(case, condition)
        if is_met is False:
            continue
        if is_met is None:
            said.not_known(f"national_conditions.{condition.ref}", "holds")
        named = {"country": condition.country, "article": condition.article}
        if condition.effect is NationalEffect.REFER:
            is_referred = True
            said.object(Effect.REFER, NATIONAL_LAW_TO_BE_JUDGED, **named, roles=roles)
        elif is_met is None:
            said.object(Effect.BLOCK, NATIONAL_LAW_UNKNOWN)
        elif condition.effect is NationalEffect.BLOCK:
            said.object(Effect.BLOCK, NATIONAL_LAW_ASKS, **named, condition=condition.ref)
        else:
            said.object(Effect.DENY, NATIONAL_LAW_FORBIDS, **named)
    return case.answered(said, stages=stages_for(roles) if is_referred else ())


def _meets(case: Case, condition: NationalConditionFacts) -> bool | None:
    """Place first, then matter; `None` where a fact that could make it hold is not known."""
    answers = (_is_of_the_country(case, condition), _is_of_the_matter(case, condition))
    if False in answers:
        return False
    return None if None in answers else True


def _is_of_the_country(case: Case, condition: NationalConditionFacts) -> bool | None:
    controller = case.facts.controller.country if case.facts.controller is not None else None
    origins = [asset.people.origin_countries if asset.people else None for asset in case.personal_assets]
    if controller == condition.country or any(condition.country in (each or ()) for each in origins):
        return True
    return None if controller is None or None in origins else False


def _is_of_the_matter(case: Case, condition: NationalConditionFacts) -> bool | None:
    kinds = {kind for _, column in case.personal_columns for kind in column.special_kinds}
    subjects = [asset.people.subjects if asset.people else None for asset in case.personal_assets]
    if kinds & condition.special_kinds or (condition.covers_criminal and case.criminal_columns):
        return True
    if any(condition.subjects & (each or frozenset()) for each in subjects):
        return True
    return None if condition.subjects and None in subjects else False


RULES = (
    Rule(
        id="A10-INFERRED",
        type=RuleType.LAW,
        articles=("GDPR Art. 9(1)", "CJEU C-184/20"),
        evaluate=inferred,
        exempted_by=EITHER,
    ),
    Rule(
        id="A31",
        type=RuleType.POLICY,
        articles=("GDPR Art. 8", "GDPR rec. 38", "GDPR rec. 71"),
        evaluate=children,
        parameters={"opinions": Words()},
        defaults={"opinions": ("dpo",)},
        exempted_by=EITHER,
    ),
    Rule(id="A32", type=RuleType.LAW, articles=("GDPR Art. 22",), evaluate=automated, exempted_by=EITHER),
    Rule(
        id="NATIONAL",
        type=RuleType.LAW,
        articles=("GDPR Art. 8(1)", "GDPR Art. 9(4)", "GDPR Art. 10", "GDPR Art. 88", "GDPR Art. 89(2)"),
        evaluate=national,
        parameters={"roles": Words()},
        defaults={"roles": ("compliance_officer",)},
        exempted_by=EITHER,
    ),
)
