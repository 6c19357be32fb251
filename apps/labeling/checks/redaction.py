"""L11: what names people was taken out before anybody labeled. GDPR Art. 5(1)(c), 25, 32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.labeling.checks.around import RedactionFacts, WhenFacts
from apps.labeling.checks.findings import at_least, finding, said
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.measures.proportions import Share
from apps.policy.reason import declare

NOT_ASKED = declare(
    "LABELS_REDACTION_NOT_ASKED",
    "The labeling policy does not ask that what names people is taken out first.",
    "Nothing is to be done.",
)
MISSING = declare(
    "LABELS_REDACTION_UNCHECKED",
    "The labeling policy asks that what names people is taken out first, and nobody noted how well that was"
    " done.",
    "Plant 381 names or more, see how many are taken out, look through 300 items, and note both with the"
    " version.",
)
MET = declare(
    "LABELS_REDACTION_MET",
    "%(found)s of %(seeds)s planted names were taken out: with 95 percent at least %(lower)s, where"
    " %(needed)s was needed. %(audited)s items were looked through, and none names anybody.",
    "Nothing is to be done.",
)
RECALL_LOW = declare(
    "LABELS_REDACTION_RECALL_LOW",
    "%(found)s of %(seeds)s planted names were taken out: with 95 percent at least %(lower)s, where"
    " %(needed)s is needed.",
    "Improve what takes them out, and try again. 381 without a miss reach 0.99; fewer never do.",
)
AUDIT_SMALL = declare(
    "LABELS_REDACTION_AUDIT_SMALL",
    "%(audited)s items were looked through by people; %(needed)s are needed.",
    "Have more looked through, drawn at random.",
)
LATE = declare(
    "LABELS_REDACTION_LATE",
    "No check up to %(since)s, the first day on which these items were labeled, shows that what names people"
    " was taken out; the first that does is of %(on)s.",
    "Register the next version of the dataset, note its check before anybody labels, and label it anew.",
)
AFTERWARDS = declare(
    "LABELS_REDACTION_AFTERWARDS",
    "No check up to %(since)s, when these labels were brought, shows that what names people was taken out;"
    " the first that does is of %(on)s.",
    "Note the check of a version before its items go to those who label.",
)
ANY_TIME = WhenFacts()
NAMED = declare(
    "LABELS_REDACTION_LEFT_NAMES",
    "%(count)s direct identifiers were met in the %(audited)s items that people looked through; none may be.",
    "Stop labeling, take them out of all items, and check anew.",
)


def redacted(facts: RedactionFacts, terms: Terms, when: WhenFacts = ANY_TIME) -> Iterator[Finding]:
    """The newest check has to be met, and one at least before anybody labeled, where that was asked then: by
    the first day that the export tells, or the time at which it was brought."""
    if not terms.is_redacted:
        yield finding("L11", Outcome.PASSED, NOT_ASKED)
        return
    if facts.at is None:
        yield finding("L11", Outcome.FAILED, MISSING)
        return
    late = _late(facts, terms, when) if terms.was_redacted else ()
    failed = list(_failed(facts, terms)) or list(late)
    yield from failed or [finding("L11", Outcome.PASSED, MET, audited=facts.audited, **_recall(facts, terms))]


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """How the newest check of a version stands to what the terms ask. `is_met` where they ask nothing."""

    is_met: bool
    check: RedactionFacts
    lower: str
    needed: str
    audited_needed: int


def redacted_before(check: RedactionFacts, terms: Terms) -> Redacted:
    """Whether anybody may label now."""
    is_met = not terms.is_redacted or (check.at is not None and not list(_failed(check, terms)))
    return Redacted(
        is_met=is_met,
        check=check,
        lower=at_least(Share(hits=check.seeds_found, total=check.seeds).lower),
        needed=said(terms.redaction_recall),
        audited_needed=terms.audited_items,
    )


def _late(facts: RedactionFacts, terms: Terms, when: WhenFacts) -> Iterator[Finding]:
    met = [each.at for each in (facts, *facts.earlier) if each.at and not list(_failed(each, terms))]
    first = min(met)
    is_in_time = when.brought is None or first <= when.brought
    if when.first is not None and first.date() > when.first:
        yield finding("L11", Outcome.FAILED, LATE, on=first.date().isoformat(), since=when.first.isoformat())
    elif not is_in_time and when.brought is not None:
        since = when.brought.date().isoformat()
        yield finding("L11", Outcome.FAILED, AFTERWARDS, on=first.date().isoformat(), since=since)


def _recall(facts: RedactionFacts, terms: Terms) -> dict[str, str | int]:
    share = Share(hits=facts.seeds_found, total=facts.seeds)
    return {
        "found": facts.seeds_found,
        "seeds": facts.seeds,
        "lower": at_least(share.lower),
        "needed": said(terms.redaction_recall),
    }


def _failed(facts: RedactionFacts, terms: Terms) -> Iterator[Finding]:
    lower = Share(hits=facts.seeds_found, total=facts.seeds).lower
    if lower is None or lower < terms.redaction_recall:
        yield finding("L11", Outcome.FAILED, RECALL_LOW, **_recall(facts, terms))
    if facts.audited < terms.audited_items:
        yield finding("L11", Outcome.FAILED, AUDIT_SMALL, audited=facts.audited, needed=terms.audited_items)
    if facts.direct_identifiers:
        counts = {"count": facts.direct_identifiers, "audited": facts.audited}
        yield finding("L11", Outcome.FAILED, NAMED, **counts)
