"""A40: breaking the glass. Applied after everything else; it lifts a block and a referral, never a denial."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.decision import Decision, Effect, RuleType
from apps.policy.facts import Art9Condition, Art10Basis, LawfulBasis, RequestFacts
from apps.policy.reason import Reason, declare
from apps.policy.rules.case import Case

RULE = "A40"
ARTICLES = ("GDPR Art. 6(1)", "GDPR Art. 9(2)", "GDPR rec. 46", "GDPR rec. 49")
LONGEST_HOURS = 4
LAWFUL_IN_AN_EMERGENCY = frozenset(
    {LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.VITAL_INTERESTS}
)

GLASS_REASON_MISSING = declare(
    "GLASS_REASON_MISSING", "Emergency access needs a reason.", "Say what has happened, and what you will do."
)
GLASS_INCIDENT_MISSING = declare(
    "GLASS_INCIDENT_MISSING",
    "Emergency access needs the reference of an incident.",
    "Open an incident and name it here. Where life or limb is at stake, say so and add it within 24 hours.",
)
GLASS_TOO_LONG = declare(
    "GLASS_TOO_LONG",
    "Emergency access lasts between one and %(longest)s hours.",
    "Ask for fewer hours; whoever needs longer sends a request.",
)
GLASS_CLASS_NOT_ALLOWED = declare(
    "GLASS_CLASS_NOT_ALLOWED",
    "Data of this class, or of none, are not opened by emergency access.",
    "Call an owner of the data and a compliance officer, and send a request.",
)
GLASS_BASIS_MISSING = declare(
    "GLASS_BASIS_MISSING",
    "The data are about people, and the purpose has no lawful basis on record that holds in an emergency.",
    "Choose a purpose that rests on GDPR Art. 6(1)(c), (d) or (f), with its ground recorded.",
)
GLASS_CONDITION_MISSING = declare(
    "GLASS_CONDITION_MISSING",
    "The data are of a special category or about offences, and the purpose names no condition for that.",
    "Choose a purpose that names a condition of GDPR Art. 9(2), or a basis of Art. 10.",
)
GLASS_CONSENT_POSSIBLE = declare(
    "GLASS_CONSENT_POSSIBLE",
    "GDPR Art. 9(2)(c) holds only where those the data are about cannot consent.",
    "Confirm that they cannot, or choose a purpose that rests on another condition.",
)
GLASS_TRANSFER_OPEN = declare(
    "GLASS_TRANSFER_OPEN",
    "The data are about people, and what GDPR Chapter V asks of their transfer is not on record.",
    "Let somebody within the EEA act, or complete the record of the transfer first.",
)

TRANSFER_RULES = frozenset({"A22", "A23"})


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """What who breaks the glass states; `allowed_ranks` are the classes that may be opened so."""

    hours: int
    reason: str
    incident_ref: str
    is_life_at_stake: bool
    cannot_consent: bool
    allowed_ranks: frozenset[int]


def why_not_lifted(facts: RequestFacts, decision: Decision, emergency: Emergency) -> tuple[Reason, ...]:
    """Every reason why the glass holds; empty where it breaks."""
    if decision.effect is Effect.DENY:
        return decision.deciding_reasons
    case = Case(rule=RULE, type=RuleType.LAW, articles=ARTICLES, facts=facts, parameters={})
    has_incident = bool(emergency.incident_ref.strip()) or emergency.is_life_at_stake
    tests = (
        ("reason", GLASS_REASON_MISSING, bool(emergency.reason.strip())),
        ("incident_ref", GLASS_INCIDENT_MISSING, has_incident),
        ("hours", GLASS_TOO_LONG, 1 <= emergency.hours <= LONGEST_HOURS),
        ("", GLASS_CLASS_NOT_ALLOWED, case.rank in emergency.allowed_ranks),
        *_of_people(case, decision, emergency),
    )
    return tuple(
        case.reason(code, field=field, longest=LONGEST_HOURS) for field, code, holds in tests if not holds
    )


def _of_people(case: Case, decision: Decision, emergency: Emergency) -> tuple[tuple[str, str, bool], ...]:
    purpose = case.facts.purpose
    if not case.is_personal:
        return ()
    has_basis = purpose.lawful_basis in LAWFUL_IN_AN_EMERGENCY and purpose.has_legal_ground is True
    is_special, is_criminal = bool(case.special_columns), bool(case.criminal_columns)
    is_covered = (not is_special or bool(purpose.art9_conditions)) and (
        not is_criminal or purpose.art10_basis not in {None, Art10Basis.NONE}
    )
    is_transfer_open = any(
        finding.rule in TRANSFER_RULES and finding.effect is Effect.BLOCK for finding in decision.findings
    )
    only_vital = is_special and purpose.art9_conditions == {Art9Condition.VITAL_INTERESTS}
    return (
        ("purpose_id", GLASS_BASIS_MISSING, has_basis),
        ("purpose_id", GLASS_CONDITION_MISSING, is_covered),
        ("", GLASS_TRANSFER_OPEN, not is_transfer_open),
        ("cannot_consent", GLASS_CONSENT_POSSIBLE, not only_vital or emergency.cannot_consent),
    )
