"""A33: agreements on the use of data, in the terms of the Data Use Ontology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import Action, AgreementFacts, Obligation, ObligationKind, UseFacts
from apps.policy.law_words import AgreementState, DuoModifier, DuoPermission, ResearchUse
from apps.policy.purposes import permits
from apps.policy.reason import Value, declare
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import Rule

AGREEMENTS_UNKNOWN = declare(
    "AGREEMENTS_UNKNOWN",
    "Under which agreements on its use %(asset)s came is not recorded.",
    "Record the agreements, or that there is none.",
)
AGREEMENT_NOT_IN_FORCE = declare(
    "AGREEMENT_NOT_IN_FORCE",
    "The agreement %(agreement)s is not in force yet, or its record is incomplete: %(missing)s.",
    "Have the agreement signed and its record completed.",
)
AGREEMENT_ENDED = declare(
    "AGREEMENT_ENDED", "The agreement %(agreement)s has ended.", "Renew it, or choose other data."
)
AGREEMENT_FORBIDS = declare(
    "AGREEMENT_FORBIDS",
    "The agreement %(agreement)s does not allow this use: %(terms)s.",
    "Choose other data, or change what you ask for.",
)
AGREEMENT_ASKS = declare(
    "AGREEMENT_ASKS",
    "The agreement %(agreement)s asks for something that is not on record: %(terms)s.",
    "Add what it asks for to the request: the kind of use, the approval, the partner, the place.",
)

IN_FORCE = (AgreementState.ACTIVE, AgreementState.EXPIRING, AgreementState.SIGNED)
ENDED = (AgreementState.EXPIRED, AgreementState.TERMINATED, AgreementState.DESTRUCTION_CERTIFIED)
PARAMETER_OF = {
    DuoModifier.USERS: "users",
    DuoModifier.INSTITUTIONS: "institutions",
    DuoModifier.PROJECTS: "projects",
    DuoModifier.REGIONS: "regions",
    DuoModifier.TOPICS: "topics",
}
_RESEARCH = frozenset(set(ResearchUse) - {ResearchUse.NOT_RESEARCH, ResearchUse.CLINICAL_CARE})
_ADMITTED = {
    DuoPermission.NO_RESTRICTION: frozenset(ResearchUse),
    DuoPermission.GENERAL_RESEARCH: _RESEARCH,
    DuoPermission.HEALTH_RESEARCH: frozenset({ResearchUse.HEALTH, ResearchUse.DISEASE, ResearchUse.METHODS}),
    DuoPermission.DISEASE_RESEARCH: frozenset({ResearchUse.DISEASE, ResearchUse.METHODS}),
    DuoPermission.ANCESTRY_RESEARCH: frozenset({ResearchUse.ANCESTRY}),
}
_NOTHING_SAID = UseFacts(kind=None, is_commercial=None, is_for_profit=None)


@dataclass(frozen=True)
class Term:
    """One term against the use: `holds` is `None` where the use does not say, and then a record may cure it.

    `is_curable`: also a no can be cured, by bringing what the term asks for.
    """

    word: str
    holds: bool | None
    is_curable: bool = False


def agreed(case: Case) -> Finding:
    """A33. Runs under every exemption: a contract binds whatever the data are."""
    said = Said(case)
    duties: list[Obligation] = []
    conditions: list[ConditionSpec] = []
    for asset in case.facts.assets:
        if asset.agreements is None:
            said.not_known(f"assets.{asset.uid}.agreements", "one that forbids this")
            said.object(Effect.BLOCK, AGREEMENTS_UNKNOWN, asset=asset.uid)
        for agreement in asset.agreements or ():
            _judge(case, said, agreement)
            duties += _duties(agreement)
            conditions += _conditions(agreement)
    return case.answered(said, obligations=frozenset(duties), conditions=tuple(conditions))


def _judge(case: Case, said: Said, agreement: AgreementFacts) -> None:
    missing = _missing(agreement)
    for name in missing:
        said.not_known(f"agreements.{agreement.ref}.{name}", "forbidding")
    if missing or (agreement.state not in IN_FORCE and agreement.state not in ENDED):
        said.object(
            Effect.BLOCK, AGREEMENT_NOT_IN_FORCE, agreement=agreement.ref, missing=missing or ("state",)
        )
    if agreement.state in ENDED:
        said.object(Effect.DENY, AGREEMENT_ENDED, agreement=agreement.ref)
    terms = list(_terms(case, agreement))
    refused = tuple(term.word for term in terms if term.holds is False and not term.is_curable)
    asked = tuple(
        term.word for term in terms if term.holds is None or (term.holds is False and term.is_curable)
    )
    if refused:
        said.object(Effect.DENY, AGREEMENT_FORBIDS, agreement=agreement.ref, terms=refused)
    for term in terms:
        if term.holds is None:
            said.not_known(f"use.{term.word}", "against the agreement")
    if asked:
        said.object(Effect.BLOCK, AGREEMENT_ASKS, agreement=agreement.ref, terms=asked)
    facts: dict[str, Value] = {"agreement": agreement.ref, "missing": ("ends_on",)}
    said.ends(agreement.ends_on, "data_agreement_end", agreement.ref, AGREEMENT_NOT_IN_FORCE, **facts)


def _missing(agreement: AgreementFacts) -> tuple[str, ...]:
    """A modifier without its parameter says nothing: an error of the record (DUO)."""
    named = ("state", "purposes", "permission", "modifiers")
    missing = [name for name in named if getattr(agreement, name) is None]
    modifiers = agreement.modifiers or frozenset()
    missing += [
        name for word, name in PARAMETER_OF.items() if word in modifiers and not getattr(agreement, name)
    ]
    if agreement.permission is DuoPermission.DISEASE_RESEARCH and not agreement.diseases:
        missing.append("diseases")
    if DuoModifier.MORATORIUM in modifiers and agreement.moratorium_until is None:
        missing.append("moratorium_until")
    return tuple(missing)


def _terms(case: Case, agreement: AgreementFacts) -> Iterator[Term]:
    use = case.facts.use or _NOTHING_SAID
    if agreement.purposes is not None:
        holds = permits(agreement.purposes, case.facts.purpose.code, case.facts.purpose_parents)
        yield Term("purposes", holds)
    if Action.SHARE in case.facts.actions:
        yield Term(
            "no onward sharing", None if agreement.forbids_sharing is None else not agreement.forbids_sharing
        )
    if agreement.permission not in (None, DuoPermission.NO_RESTRICTION):
        yield _permission(agreement, use)
    for modifier in sorted(agreement.modifiers or ()):
        yield from _modifier(case, agreement, modifier, use)


def _permission(agreement: AgreementFacts, use: UseFacts) -> Term:
    """GRU admits what HMB admits, HMB what DS admits; diseases are compared literally."""
    word = str(agreement.permission)
    if use.kind is None or agreement.permission is None:
        return Term(word, None)
    if use.kind is ResearchUse.CLINICAL_CARE:
        return Term(word, DuoModifier.CLINICAL_CARE in (agreement.modifiers or ()))
    if use.kind not in _ADMITTED[agreement.permission]:
        return Term(word, False)
    if agreement.permission is not DuoPermission.DISEASE_RESEARCH:
        return Term(word, True)
    return Term(
        word, None if use.diseases is None else bool(use.diseases) and use.diseases <= agreement.diseases
    )


def _modifier(case: Case, agreement: AgreementFacts, word: DuoModifier, use: UseFacts) -> Iterator[Term]:
    kind = use.kind
    tests: dict[DuoModifier, bool | None] = {
        DuoModifier.NO_METHODS: None if kind is None else kind is not ResearchUse.METHODS,
        DuoModifier.NO_ANCESTRY: None if kind is None else kind is not ResearchUse.ANCESTRY,
        DuoModifier.GENETIC_ONLY: use.is_genetic,
        DuoModifier.NON_COMMERCIAL: _not(use.is_commercial),
        DuoModifier.NOT_FOR_PROFIT: _not(use.is_for_profit),
        DuoModifier.NOT_FOR_PROFIT_NON_COMMERCIAL: _both(_not(use.is_commercial), _not(use.is_for_profit)),
        DuoModifier.USERS: case.facts.subject.uid in agreement.users,
        DuoModifier.INSTITUTIONS: _among(use.institution, agreement.institutions),
        DuoModifier.PROJECTS: _among(use.project, agreement.projects),
        DuoModifier.REGIONS: _among(use.region, agreement.regions),
        DuoModifier.TOPICS: _among(use.topic, agreement.topics),
    }
    if word in tests:
        yield Term(word.value, tests[word])
    elif word is DuoModifier.ETHICS_APPROVAL:
        yield Term(word.value, use.has_ethics_document, is_curable=True)
    elif word is DuoModifier.COLLABORATION:
        yield Term(word.value, use.is_collaboration_agreed, is_curable=True)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _both(one: bool | None, other: bool | None) -> bool | None:
    if False in (one, other):
        return False
    return None if None in (one, other) else True


def _among(value: str | None, allowed: frozenset[str]) -> bool | None:
    return None if value is None else value in allowed


def _duties(agreement: AgreementFacts) -> list[Obligation]:
    """What is not known to be left out is asked for."""
    asked = {
        ObligationKind.NO_REIDENTIFY: agreement.forbids_reidentification,
        ObligationKind.PUBLISH_REVIEW: agreement.needs_publication_review,
        ObligationKind.DELETE_ATTEST: agreement.needs_destruction_certificate,
        ObligationKind.ETHICS_DOC: DuoModifier.ETHICS_APPROVAL in (agreement.modifiers or ()),
    }
    return [
        Obligation(kind=kind, value=agreement.ref)
        for kind, is_asked in asked.items()
        if is_asked is not False
    ]


def _conditions(agreement: AgreementFacts) -> Iterator[ConditionSpec]:
    modifiers = agreement.modifiers or frozenset()
    until = agreement.moratorium_until.isoformat() if agreement.moratorium_until else "the day agreed"
    said = {
        DuoModifier.PUBLICATION: (ConditionKind.AFTER, "Publish the results."),
        DuoModifier.RETURN: (ConditionKind.AFTER, "Return the derived data to where they came from."),
        DuoModifier.MORATORIUM: (ConditionKind.DURING, f"Publish nothing before {until}."),
    }
    for word, (kind, text) in said.items():
        if word in modifiers:
            yield ConditionSpec(
                code=f"{word.value}-{agreement.ref}", kind=kind, text=text, check=ConditionCheck.MANUAL
            )


RULES = (
    Rule(
        id="A33",
        type=RuleType.POLICY,
        articles=("GDPR Art. 9(4)", "Data Use Ontology"),
        evaluate=agreed,
    ),
)
