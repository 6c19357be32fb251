"""L11: what names people was taken out before anybody labeled. GDPR Art. 5(1)(c), 25, 32."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import RedactionFacts
from apps.labeling.checks.findings import finding, said
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
NAMED = declare(
    "LABELS_REDACTION_LEFT_NAMES",
    "%(count)s direct identifiers were met in the %(audited)s items that people looked through; none may be.",
    "Stop labeling, take them out of all items, and check anew.",
)


def redacted(facts: RedactionFacts, terms: Terms) -> Iterator[Finding]:
    if not terms.is_redacted:
        yield finding("L11", Outcome.PASSED, NOT_ASKED)
        return
    if facts.at is None:
        yield finding("L11", Outcome.FAILED, MISSING)
        return
    failed = list(_failed(facts, terms))
    yield from failed or [finding("L11", Outcome.PASSED, MET, audited=facts.audited, **_recall(facts, terms))]


def _recall(facts: RedactionFacts, terms: Terms) -> dict[str, str | int]:
    share = Share(hits=facts.seeds_found, total=facts.seeds)
    return {
        "found": facts.seeds_found,
        "seeds": facts.seeds,
        "lower": said(share.lower),
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
