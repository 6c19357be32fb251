"""A20: a grant ends with the first thing it depends on, and the thing is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apps.policy.decision import Effect, Finding, Limit, RuleType, Unknown
from apps.policy.facts import AssetFacts, NoLimit, Until
from apps.policy.limits import earliest
from apps.policy.reason import declare
from apps.policy.rules.case import Case, start_of
from apps.policy.rules.rule import Rule
from apps.policy.snapshot import moment

GRANT_SHORTENED = declare(
    "GRANT_SHORTENED",
    "The access ends on %(ends_at)s instead of %(asked)s, because of: %(factor)s %(about)s.",
    "Nothing to do; to go beyond, the limiting record has to be extended first.",
)
LIMIT_PASSED = declare(
    "LIMIT_PASSED",
    "The access could not begin before it ends: %(factor)s %(about)s ended on %(ends_at)s.",
    "Have the limiting record extended, or ask for other data or an earlier start.",
)
LIMIT_UNKNOWN = declare(
    "LIMIT_UNKNOWN",
    "When this ends is not recorded: %(records)s.",
    "Record the end date, or record that there is none.",
)


def _ends(case: Case) -> Iterator[tuple[str, str, Until]]:
    """Contract and employment always; retention only where the data are about people."""
    subject = case.facts.subject
    yield "contract_end", subject.uid, subject.contract_ends_on
    for asset in case.facts.assets:
        yield "agreement_end", asset.uid, asset.agreement_ends_on
        if not case.exemption and not _is_held_for_claims(case, asset):
            yield "retention_end", asset.uid, asset.retention_ends_on


def _is_held_for_claims(case: Case, asset: AssetFacts) -> bool:
    """The exemption of A21: what a legal hold keeps for claims is not bound by its retention."""
    until = asset.retention_ends_on
    is_past = isinstance(until, date) and start_of(until) <= case.facts.now
    is_held = asset.hold is not None and asset.hold.is_held is True
    return is_past and is_held and case.facts.purpose.is_for_legal_claims is True


def shortened(case: Case) -> Finding:
    """A20. The earliest limit of all rules counts; one that has passed denies.

    An end nobody has recorded would have to count as passed; as a record can cure it, it blocks instead.
    """
    begins_at = max(case.facts.now, case.facts.starts_at)
    own: list[Limit] = []
    unknown: list[Unknown] = []
    for factor, about, until in _ends(case):
        if until is None:
            unknown.append(Unknown(fact=f"{factor}.{about}", counted_as="passed"))
        elif not isinstance(until, NoLimit):
            own.append(Limit(ends_at=start_of(until), factor=factor, about=about))
    first = earliest(case.facts.ends_at, (*own, *case.limits))
    looked_at = {
        "asked": moment(case.facts.ends_at),
        "ends_at": moment(first.ends_at),
        "factor": first.factor,
    }
    named = {"factor": first.factor, "about": first.about, "ends_at": moment(first.ends_at)}
    reasons = []
    effect: Effect | None = None
    if first.ends_at <= begins_at:
        effect = Effect.DENY
        reasons.append(case.reason(LIMIT_PASSED, **named))
    elif first.ends_at < case.facts.ends_at:
        reasons.append(case.reason(GRANT_SHORTENED, asked=moment(case.facts.ends_at), **named))
    if unknown:
        effect = effect or Effect.BLOCK
        records = tuple(item.fact for item in unknown)
        reasons.append(case.reason(LIMIT_UNKNOWN, records=records))
    if not reasons:
        return case.clear(facts=looked_at, limits=tuple(own))
    return case.matched(*reasons, effect=effect, facts=looked_at, limits=tuple(own), unknown=tuple(unknown))


RULES = (
    Rule(
        id="A20",
        type=RuleType.LAW,
        articles=("GDPR Art. 5(1)(e)",),
        evaluate=shortened,
        is_closing=True,
    ),
)
