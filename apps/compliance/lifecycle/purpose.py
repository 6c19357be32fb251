"""What a purpose says, and what it must say before anybody may approve it. No database here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.compliance.lifecycle.declaration import Evidence, unfilled_in
from apps.compliance.lifecycle.evidence import exchangeable
from apps.policy.reason import Reason, Value, declare
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis, Presumption


class Art89Safeguard(StrEnum):
    """GDPR Art. 89(1)."""

    PSEUDONYMISATION = "pseudonymisation"
    ANONYMISATION_WHERE_POSSIBLE = "anonymisation_where_possible"
    MINIMISATION = "minimisation"
    ACCESS_CONTROL = "access_control"
    ETHICS_REVIEW = "ethics_review"
    SEPARATE_KEY = "separate_key"


class BiometricUse(StrEnum):
    """What traits of a body or a voice are used for (GDPR Art. 4(14), rec. 51)."""

    NONE = "none"
    VERIFICATION = "verification"
    IDENTIFICATION = "identification"
    CATEGORISATION = "categorisation"


IDENTIFYING = frozenset({BiometricUse.VERIFICATION, BiometricUse.IDENTIFICATION})
"""Of one person among others: only then are they biometric data in the sense of Art. 9(1)."""


@dataclass(frozen=True, kw_only=True)
class PurposeContent:
    """What one version of a purpose says. The lawful basis has no default: unset is unset.

    Exactly one ground goes with each basis: `consent_ref` with 6(1)(a), `contract_ref` with (b),
    `legal_provision` with (c) and (e), `vital_interest_note` with (d), `lia_ref` with (f).
    `valid_to` is the first day on which the purpose no longer holds; without it, it has no end.
    `evidence` names what shows it: documents, where they are kept, and their hashes.
    `biometric_use` may be left open as long as no data are used that it decides about.
    """

    name: str
    concept_code: str
    description: str = ""
    lawful_basis: LawfulBasis | None = None
    consent_ref: str = ""
    is_consent_explicit: bool | None = None
    contract_ref: str = ""
    legal_provision: str = ""
    is_art23_law: bool | None = None
    vital_interest_note: str = ""
    lia_ref: str = ""
    art9_conditions: frozenset[Art9Condition] = frozenset()
    art9_law_ref: str = ""
    has_professional_secrecy: bool = False
    art89_safeguards: frozenset[Art89Safeguard] = frozenset()
    art10_basis: Art10Basis | None = None
    art10_law_ref: str = ""
    presumption: Presumption = Presumption.NONE
    is_model_training: bool = False
    biometric_use: BiometricUse | None = None
    evidence: tuple[Evidence, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


DESCRIPTION_MISSING = declare(
    "PURPOSE_DESCRIPTION_MISSING",
    "The purpose has no description.",
    "Say what is done with the data and to what end, so that an outsider understands it.",
)
BASIS_UNSET = declare(
    "PURPOSE_BASIS_UNSET",
    "The purpose names no lawful basis: it can be used for data that are not about people, and for no other.",
    "Choose exactly one basis of Art. 6(1) if the purpose is meant for personal data.",
)
GROUND_MISSING = declare(
    "PURPOSE_GROUND_MISSING",
    "What the lawful basis %(lawful_basis)s rests on is not named.",
    "Fill in: %(needed)s.",
)
GROUND_OF_ANOTHER_BASIS = declare(
    "PURPOSE_GROUND_OF_ANOTHER_BASIS",
    "«%(ground)s» belongs to another lawful basis than %(lawful_basis)s. A purpose has exactly one.",
    "Clear the field, choose the basis it belongs to, or make a purpose of its own for it.",
)
ART9_ALONE = declare(
    "PURPOSE_ART9_ALONE",
    "A condition for special categories does not replace the lawful basis.",
    "Choose a basis of Art. 6(1) besides the condition of Art. 9(2).",
)
ART9_LAW_MISSING = declare(
    "PURPOSE_ART9_LAW_MISSING",
    "The condition %(condition)s rests on a law, and none is named.",
    "Name the provision; for (b) a collective agreement and for (h) a contract with a health professional "
    "will do.",
)
SECRECY_MISSING = declare(
    "PURPOSE_SECRECY_MISSING",
    "The condition 9(2)(h) needs people who are bound to professional secrecy.",
    "Record that everybody who works with the data is bound to secrecy, or choose another condition.",
)
SAFEGUARDS_NEEDED = declare(
    "PURPOSE_SAFEGUARDS_NEEDED",
    "Archiving, research and statistics need the safeguards of Art. 89(1), and none is recorded.",
    "Record at least one safeguard, for example pseudonymisation.",
)
CONSENT_NOT_EXPLICIT = declare(
    "PURPOSE_CONSENT_NOT_EXPLICIT",
    "The condition 9(2)(a) needs explicit consent.",
    "Name the consent and record that it is explicit, or choose another condition.",
)
ART10_LAW_MISSING = declare(
    "PURPOSE_ART10_LAW_MISSING",
    "That a law authorizes data on offences is said without naming the law.",
    "Name the provision, or choose another authority.",
)
VALIDITY_REVERSED = declare(
    "PURPOSE_VALIDITY_REVERSED",
    "The purpose would end on %(valid_to)s, before it begins on %(valid_from)s.",
    "Choose a later end.",
)
PURPOSE_VAGUE = declare(
    "PURPOSE_VAGUE",
    "«%(name)s» alone does not tell what the data are used for.",
    "Name the aim so that the people concerned would recognize it, for example «predict pump failures».",
)

GROUNDS: dict[LawfulBasis, str] = {
    LawfulBasis.CONSENT: "consent_ref",
    LawfulBasis.CONTRACT: "contract_ref",
    LawfulBasis.LEGAL_OBLIGATION: "legal_provision",
    LawfulBasis.VITAL_INTERESTS: "vital_interest_note",
    LawfulBasis.PUBLIC_TASK: "legal_provision",
    LawfulBasis.LEGITIMATE_INTERESTS: "lia_ref",
}
_GROUND_RULES: dict[LawfulBasis, tuple[str, str]] = {
    LawfulBasis.CONSENT: ("V-10", "GDPR Art. 7(1)"),
    LawfulBasis.CONTRACT: ("V-02", "GDPR Art. 6(1)(b)"),
    LawfulBasis.LEGAL_OBLIGATION: ("V-09", "GDPR Art. 6(3)"),
    LawfulBasis.VITAL_INTERESTS: ("V-02", "GDPR Art. 6(1)(d)"),
    LawfulBasis.PUBLIC_TASK: ("V-09", "GDPR Art. 6(3)"),
    LawfulBasis.LEGITIMATE_INTERESTS: ("V-07", "GDPR Art. 6(1)(f)"),
}
NEEDS_LAW = (
    Art9Condition.EMPLOYMENT_LAW,
    Art9Condition.SUBSTANTIAL_PUBLIC_INTEREST,
    Art9Condition.HEALTH_CARE,
    Art9Condition.PUBLIC_HEALTH,
    Art9Condition.ARCHIVING_RESEARCH_STATISTICS,
)
_VAGUE = """
ai analysis analytics bi business commercial data development improvement innovation insights internal
learning machine marketing ml modeling operations other purpose purposes research science service services
statistics testing training use various and for of our a the
"""


def has_ground(content: PurposeContent) -> bool:
    """Is what the basis rests on named?"""
    return content.lawful_basis is not None and bool(getattr(content, GROUNDS[content.lawful_basis]).strip())


def objections(content: PurposeContent) -> tuple[Reason, ...]:
    """Everything that keeps this content from being approved."""
    return (
        *_about_itself(content),
        *_about_the_basis(content),
        *_about_special_data(content),
        *_about_evidence(content),
    )


def warnings(content: PurposeContent) -> tuple[Reason, ...]:
    """What a reviewer should look at; nothing here keeps it from being approved."""
    found = []
    words = re.findall(r"\w+", content.name.casefold())
    if set(words) <= set(_VAGUE.split()):
        found.append(_reason(PURPOSE_VAGUE, "name", "V-24", "GDPR Art. 5(1)(b)", name=content.name))
    if content.lawful_basis is None:
        found.append(_reason(BASIS_UNSET, "lawful_basis", "V-02", "GDPR Art. 6(1)"))
    return tuple(found)


def _about_itself(content: PurposeContent) -> Iterator[Reason]:
    if not content.description.strip():
        yield _reason(DESCRIPTION_MISSING, "description", "V-24", "GDPR Art. 5(1)(b)")
    if content.valid_from and content.valid_to and content.valid_to <= content.valid_from:
        days = {"valid_from": content.valid_from.isoformat(), "valid_to": content.valid_to.isoformat()}
        yield _reason(VALIDITY_REVERSED, "valid_to", "", "GDPR Art. 5(1)(b)", **days)


def _about_evidence(content: PurposeContent) -> Iterator[Reason]:
    """What shows it says what it is and where it is kept, and its hash is one."""
    for number, each in enumerate(content.evidence):
        yield from unfilled_in(each, f"evidence.{number}.")
    yield from exchangeable(content.evidence, "evidence")


def _about_the_basis(content: PurposeContent) -> Iterator[Reason]:
    """V-02, V-07, V-09, V-10: exactly one basis, with what it rests on and nothing of another one's."""
    basis = content.lawful_basis
    ground = GROUNDS[basis] if basis else ""
    if basis and not has_ground(content):
        rule, article = _GROUND_RULES[basis]
        yield _reason(GROUND_MISSING, ground, rule, article, lawful_basis=basis.value, needed=ground)
    for other in sorted({*GROUNDS.values()} - {ground}):
        is_for_art9 = other == "consent_ref" and Art9Condition.EXPLICIT_CONSENT in content.art9_conditions
        if getattr(content, other).strip() and not is_for_art9:
            named = {"ground": other, "lawful_basis": basis.value if basis else "none"}
            yield _reason(GROUND_OF_ANOTHER_BASIS, other, "V-02", "GDPR Art. 6(1)", **named)


def _about_special_data(content: PurposeContent) -> Iterator[Reason]:
    """V-04, V-05, V-10 and the authority of Art. 10."""
    conditions = content.art9_conditions
    if (conditions or content.art10_basis not in (None, Art10Basis.NONE)) and content.lawful_basis is None:
        yield _reason(ART9_ALONE, "lawful_basis", "V-05", "GDPR Art. 6(1)", "GDPR Art. 9(2)")
    for condition in NEEDS_LAW:
        if condition in conditions and not content.art9_law_ref.strip():
            article = f"GDPR Art. {condition.value}"
            yield _reason(ART9_LAW_MISSING, "art9_law_ref", "V-04", article, condition=condition.value)
    if Art9Condition.HEALTH_CARE in conditions and not content.has_professional_secrecy:
        yield _reason(SECRECY_MISSING, "has_professional_secrecy", "V-04", "GDPR Art. 9(3)")
    is_presumed = content.presumption is not Presumption.NONE
    needs_safeguards = is_presumed or Art9Condition.ARCHIVING_RESEARCH_STATISTICS in conditions
    if needs_safeguards and not content.art89_safeguards:
        yield _reason(SAFEGUARDS_NEEDED, "art89_safeguards", "V-04", "GDPR Art. 89(1)")
    if Art9Condition.EXPLICIT_CONSENT in conditions and not (
        content.is_consent_explicit is True and content.consent_ref.strip()
    ):
        yield _reason(CONSENT_NOT_EXPLICIT, "is_consent_explicit", "V-10", "GDPR Art. 9(2)(a)")
    if content.art10_basis is Art10Basis.LAW and not content.art10_law_ref.strip():
        yield _reason(ART10_LAW_MISSING, "art10_law_ref", "V-06", "GDPR Art. 10")


def _reason(code: str, field: str, rule: str, *articles: str, **facts: Value) -> Reason:
    return Reason(code=code, rule=rule, articles=articles, field=field, facts=facts)
