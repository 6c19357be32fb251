"""A00 and A03: data that are not, or no longer, about people leave most of the law of persons behind."""

from __future__ import annotations

from apps.policy.decision import Finding, RuleType, Unknown
from apps.policy.facts import Identifiability, Obligation, ObligationKind
from apps.policy.reason import declare
from apps.policy.rules.case import Case, is_anonymous, is_clean, names
from apps.policy.rules.rule import Rule

NOT_PERSONAL_DATA = declare(
    "NOT_PERSONAL_DATA",
    "All requested columns are confirmed as not about people, and nothing in the project links to people.",
    "Nothing to do; this ends by itself when a scan finds personal data.",
)
ANONYMISED_DATA = declare(
    "ANONYMISED_DATA",
    "All requested columns are anonymised under a valid assessment.",
    "Nobody may try to identify people in these data.",
)


def not_personal(case: Case) -> Finding:
    if case.is_not_personal:
        return case.matched(case.reason(NOT_PERSONAL_DATA))
    in_the_way = names(
        pair
        for pair in case.columns
        if pair[1].identifiability is not Identifiability.NOT_PERSONAL or not is_clean(pair[1])
    )
    looked_at = {"columns": in_the_way, "linked_personal": case.facts.linked_personal}
    return case.clear(facts=looked_at, unknown=_unknown_link(case))


def anonymised(case: Case) -> Finding:
    """Anonymised without a valid assessment counts as personal: the rules for people then run.

    The ban on re-identification holds for every anonymised column, also beside personal ones.
    """
    is_any = any(column.identifiability is Identifiability.ANONYMISED for _, column in case.columns)
    ban = frozenset({Obligation(kind=ObligationKind.NO_REIDENTIFY)} if is_any else ())
    if case.is_anonymous:
        return case.matched(case.reason(ANONYMISED_DATA), obligations=ban)
    in_the_way = names(
        pair
        for pair in case.columns
        if not is_anonymous(*pair)
        and not (pair[1].identifiability is Identifiability.NOT_PERSONAL and is_clean(pair[1]))
    )
    looked_at = {"columns": in_the_way, "linked_personal": case.facts.linked_personal}
    unknown = [
        Unknown(fact=f"assets.{asset.uid}.has_anonymity_assessment", counted_as="none")
        for asset in case.facts.assets
        if is_any and asset.has_anonymity_assessment is None
    ]
    return case.clear(facts=looked_at, obligations=ban, unknown=(*_unknown_link(case), *unknown))


def _unknown_link(case: Case) -> tuple[Unknown, ...]:
    is_unknown = case.facts.linked_personal is None
    return (Unknown(fact="linked_personal", counted_as="linked"),) if is_unknown else ()


RULES = (
    Rule(id="A00", type=RuleType.POLICY, articles=("GDPR rec. 26",), evaluate=not_personal),
    Rule(
        id="A03",
        type=RuleType.LAW,
        articles=("GDPR rec. 26",),
        evaluate=anonymised,
        exempted_by=frozenset({"A00"}),
    ),
)
