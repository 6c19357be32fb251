"""LOW-AUTO: what is harmless is granted at once."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType, Unknown
from apps.policy.facts import Action, Relation
from apps.policy.reason import declare
from apps.policy.rules.case import Case
from apps.policy.rules.rule import Number, Rule, Words

GRANTED_AT_ONCE = declare(
    "GRANTED_AT_ONCE",
    "The data are not about people and of a low class, and the request is small: nobody has to be asked.",
    "Nothing to do.",
)


def low_auto(case: Case) -> Finding:
    """The duration is the one *asked for*; were it the shortened one, a class would permit by its cap.

    Columns that still carry a special category are never granted without a person, even when anonymised; nor
    is what the requester or subject has described as harmless themselves.
    """
    facts = case.facts
    tests = {
        "not_about_people": not case.is_personal and not case.special_columns and not case.criminal_columns,
        "class": case.is_among_lowest(case.number("lowest_classes"))
        and all(step.is_auto_ok_allowed is True for step in case.handling),
        "actions": facts.actions <= {Action(word) for word in case.words("actions")},
        "duration": (facts.ends_at - facts.starts_at).days <= case.number("max_days"),
        "relation": facts.subject.relation in {Relation(word) for word in case.words("relations")},
        "described_by_others": not any(case.parties & a.described_by for a in facts.assets),
    }
    if all(tests.values()):
        return case.matched(case.reason(GRANTED_AT_ONCE), effect=Effect.PERMIT, facts=tests, is_auto_ok=True)
    unknown = tuple(
        Unknown(fact=f"handling.{step.code}.is_auto_ok_allowed", counted_as="not allowed")
        for step in case.handling
        if step.is_auto_ok_allowed is None
    )
    return case.clear(facts=tests, unknown=unknown)


_RELATIONS = tuple(word.value for word in Relation if word is not Relation.NONE)

RULES = (
    Rule(
        id="LOW-AUTO",
        type=RuleType.POLICY,
        articles=("GDPR Art. 24", "GDPR rec. 26"),
        evaluate=low_auto,
        parameters={
            "lowest_classes": Number(minimum=0, maximum=20),
            "actions": Words(allowed=tuple(word.value for word in Action)),
            "max_days": Number(minimum=1, maximum=3650),
            "relations": Words(allowed=_RELATIONS),
        },
        defaults={
            "lowest_classes": 2,
            "actions": ("read", "label", "train", "invoke"),
            "max_days": 365,
            "relations": _RELATIONS,
        },
    ),
)
