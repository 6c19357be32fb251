"""SUBJECT: who asks and who receives must stand in a current relation to the organization."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType, Unknown
from apps.policy.facts import Relation, SubjectFacts
from apps.policy.reason import Reason, declare
from apps.policy.rules.case import Case
from apps.policy.rules.rule import Rule

NO_CURRENT_RELATION = declare(
    "NO_CURRENT_RELATION",
    "The %(party)s has no current relation to the organization.",
    "Ask on behalf of somebody who is employed, contracted or owned by the organization.",
)
RELATION_UNKNOWN = declare(
    "RELATION_UNKNOWN",
    "How the %(party)s stands to the organization is not recorded.",
    "Ask the administrator to record the relation of the %(party)s.",
)


def _denied(party: SubjectFacts) -> bool:
    return party.relation is Relation.NONE or party.is_active is False


def _unknown(party: SubjectFacts) -> bool:
    return party.relation is None or party.is_active is None


def related(case: Case) -> Finding:
    parties = {"requester": case.facts.requester, "subject": case.facts.subject}
    looked_at = {f"{name}.relation": party.relation for name, party in parties.items()}
    reasons: list[Reason] = []
    unknown: list[Unknown] = []
    effect: Effect | None = None
    for name, party in parties.items():
        if _denied(party):
            effect = Effect.DENY
            reasons.append(case.reason(NO_CURRENT_RELATION, field=name, party=name))
        elif _unknown(party):
            effect = effect or Effect.BLOCK
            reasons.append(case.reason(RELATION_UNKNOWN, field=name, party=name))
            unknown += [
                Unknown(fact=f"{name}.{fact}", counted_as="no relation")
                for fact in ("relation", "is_active")
                if getattr(party, fact) is None
            ]
    if effect is None:
        return case.clear(facts=looked_at)
    return case.matched(*reasons, effect=effect, facts=looked_at, unknown=tuple(unknown))


RULES = (
    Rule(
        id="SUBJECT",
        type=RuleType.POLICY,
        articles=("GDPR Art. 29", "GDPR Art. 32(4)"),
        evaluate=related,
    ),
)
