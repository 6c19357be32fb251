"""A10, A12 and A13: special categories and criminal data, and how long a key to them may live."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType, Unknown
from apps.policy.facts import Action, Art9Condition, Art10Basis, Obligation, ObligationKind, PurposeFacts
from apps.policy.reason import declare
from apps.policy.route import PHASES, StageSpec, stages_for
from apps.policy.rules.case import Case
from apps.policy.rules.rule import EITHER, Number, Rule, Words

NO_ART9_CONDITION = declare(
    "NO_ART9_CONDITION",
    "These columns hold special categories of data and the purpose names no condition for them: %(columns)s.",
    "Drop these columns, ask for a masked version, or choose a purpose that names an Art. 9(2) condition.",
)
ART9_CONDITION_INCOMPLETE = declare(
    "ART9_CONDITION_INCOMPLETE",
    "No condition the purpose names for special categories is complete: %(conditions)s.",
    "Record the law it rests on, the duty of secrecy for (h), the safeguards of Art. 89(1) for (j); "
    "or drop the columns: %(columns)s.",
)
NO_ART10_AUTHORITY = declare(
    "NO_ART10_AUTHORITY",
    "These columns hold data on offences and the purpose has no authority for them: %(columns)s.",
    "Drop these columns, or choose a purpose with official authority or a law for them.",
)
ART10_AUTHORITY_UNKNOWN = declare(
    "ART10_AUTHORITY_UNKNOWN",
    "Whether the purpose has an authority for data on offences is not recorded: %(columns)s.",
    "Record the authority of the purpose, or drop these columns.",
)
SENSITIVE_DATA_DECIDED_BY_PEOPLE = declare(
    "SENSITIVE_DATA_DECIDED_BY_PEOPLE",
    "Special categories or data on offences are decided by %(roles)s: %(columns)s.",
    "Nothing to do; or ask without these columns.",
)
SENSITIVE_DATA_EXPORT = declare(
    "SENSITIVE_DATA_EXPORT",
    "Taking special categories or data on offences out needs a stage of its own: %(columns)s.",
    "Ask to read instead of export.",
)

_NEEDS_LAW = frozenset(
    {
        Art9Condition.EMPLOYMENT_LAW,
        Art9Condition.SUBSTANTIAL_PUBLIC_INTEREST,
        Art9Condition.HEALTH_CARE,
        Art9Condition.PUBLIC_HEALTH,
        Art9Condition.ARCHIVING_RESEARCH_STATISTICS,
    }
)
_NEEDS_SAFEGUARDS = frozenset({Art9Condition.HEALTH_CARE, Art9Condition.ARCHIVING_RESEARCH_STATISTICS})


def is_complete(purpose: PurposeFacts, condition: Art9Condition) -> bool:
    has_law = condition not in _NEEDS_LAW or purpose.art9_has_law_ref is True
    return has_law and (condition not in _NEEDS_SAFEGUARDS or purpose.art9_has_safeguards is True)


def special(case: Case) -> Finding:
    """A10. Compatible or not, special data need a condition of their own; the columns to drop are named."""
    columns = case.special_columns
    conditions = tuple(sorted(case.facts.purpose.art9_conditions))
    if not columns or conditions:
        return case.clear(facts={"columns": columns, "conditions": conditions})
    return case.matched(
        case.reason(NO_ART9_CONDITION, columns=columns),
        effect=Effect.DENY,
        facts={"columns": columns, "conditions": conditions},
        columns=columns,
    )


def special_complete(case: Case) -> Finding:
    """V-04. One complete condition suffices."""
    columns, purpose = case.special_columns, case.facts.purpose
    conditions = tuple(sorted(purpose.art9_conditions))
    looked_at = {
        "conditions": conditions,
        "has_law_ref": purpose.art9_has_law_ref,
        "has_safeguards": purpose.art9_has_safeguards,
    }
    if not columns or not conditions or any(is_complete(purpose, item) for item in purpose.art9_conditions):
        return case.clear(facts=looked_at)
    unknown = tuple(
        Unknown(fact=f"purpose.{name}", counted_as="missing")
        for name in ("art9_has_law_ref", "art9_has_safeguards")
        if getattr(purpose, name) is None
    )
    return case.matched(
        case.reason(ART9_CONDITION_INCOMPLETE, conditions=conditions, columns=columns),
        effect=Effect.BLOCK,
        facts=looked_at,
        columns=columns,
        unknown=unknown,
    )


def criminal(case: Case) -> Finding:
    """A12. Only columns known to hold such data; those not known to are A01's."""
    columns = tuple(
        sorted(f"{asset.uid}/{column.name}" for asset, column in case.columns if column.is_criminal is True)
    )
    basis = case.facts.purpose.art10_basis
    looked_at = {"columns": columns, "art10_basis": basis}
    if not columns or basis not in (Art10Basis.NONE, None):
        return case.clear(facts=looked_at)
    if basis is None:
        return case.matched(
            case.reason(ART10_AUTHORITY_UNKNOWN, columns=columns),
            effect=Effect.BLOCK,
            facts=looked_at,
            columns=columns,
            unknown=(Unknown(fact="purpose.art10_basis", counted_as="none"),),
        )
    reason = case.reason(NO_ART10_AUTHORITY, columns=columns)
    return case.matched(reason, effect=Effect.DENY, facts=looked_at, columns=columns)


def _sensitive(case: Case) -> tuple[str, ...]:
    return tuple(sorted({*case.special_columns, *case.criminal_columns}))


def _unknown_criminal(case: Case) -> tuple[Unknown, ...]:
    return tuple(
        Unknown(fact=f"columns.{asset.uid}/{column.name}.is_criminal", counted_as="criminal")
        for asset, column in case.columns
        if column.is_criminal is None
    )


def sensitive_referred(case: Case) -> Finding:
    """A13. Owner and compliance officer decide, the DPO is told; rows are logged, nothing is downloaded."""
    columns = _sensitive(case)
    if not columns:
        return case.clear()
    kinds = (ObligationKind.NO_DOWNLOAD, ObligationKind.LOG_ROWS)
    return case.matched(
        case.reason(SENSITIVE_DATA_DECIDED_BY_PEOPLE, roles=case.words("roles"), columns=columns),
        effect=Effect.REFER,
        stages=stages_for(case.words("roles")),
        obligations=frozenset(Obligation(kind=kind) for kind in kinds),
        notify=frozenset(case.words("notify")),
        needs_step_up=True,
        unknown=_unknown_criminal(case),
    )


def sensitive_export(case: Case) -> Finding:
    """A13-EXPORT. Reading is granted without export; an ask for export has a further stage."""
    columns = _sensitive(case)
    if not columns or Action.EXPORT not in case.facts.actions:
        return case.clear()
    stage = StageSpec(name="export", roles=case.words("roles"), phase=PHASES["export"])
    reason = case.reason(SENSITIVE_DATA_EXPORT, columns=columns)
    return case.matched(reason, effect=Effect.REFER, stages=(stage,))


def lease_length(case: Case) -> Finding:
    """LEASE. A key to special data lives an hour, any other half a day; the class may say less."""
    columns = () if case.exemption else _sensitive(case)
    minutes = case.number("sensitive_minutes" if columns else "other_minutes")
    return case.matched(facts={"columns": columns}, max_lease_minutes=minutes)


_ARTICLES_13 = ("GDPR Art. 32", "GDPR Art. 39")
_BOTH = ("data_owner", "compliance_officer")

RULES = (
    Rule(id="A10", type=RuleType.LAW, articles=("GDPR Art. 9(1)",), evaluate=special, exempted_by=EITHER),
    Rule(
        id="V-04",
        type=RuleType.LAW,
        articles=("GDPR Art. 9(2)", "GDPR Art. 9(3)", "GDPR Art. 89(1)"),
        evaluate=special_complete,
        exempted_by=EITHER,
    ),
    Rule(id="A12", type=RuleType.LAW, articles=("GDPR Art. 10",), evaluate=criminal, exempted_by=EITHER),
    Rule(
        id="A13",
        type=RuleType.POLICY,
        articles=_ARTICLES_13,
        evaluate=sensitive_referred,
        parameters={"roles": Words(), "notify": Words()},
        defaults={"roles": _BOTH, "notify": ("dpo",)},
        exempted_by=EITHER,
    ),
    Rule(
        id="A13-EXPORT",
        type=RuleType.POLICY,
        articles=_ARTICLES_13,
        evaluate=sensitive_export,
        parameters={"roles": Words()},
        defaults={"roles": _BOTH},
        exempted_by=EITHER,
    ),
    Rule(
        id="LEASE",
        type=RuleType.POLICY,
        articles=("GDPR Art. 32",),
        evaluate=lease_length,
        parameters={
            "sensitive_minutes": Number(minimum=15, maximum=720),
            "other_minutes": Number(minimum=15, maximum=720),
        },
        defaults={"sensitive_minutes": 60, "other_minutes": 720},
    ),
)
