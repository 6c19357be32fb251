"""L13: what people had erased is in no label set, and went in time. GDPR Art. 17, 7(3)."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import ErasureFacts
from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome
from apps.policy.reason import declare

NONE = declare(
    "LABELS_NOTHING_ERASED",
    "Nobody asked for the erasure of items of this version.",
    "Nothing is to be done.",
)
DONE = declare(
    "LABELS_ERASED_IN_TIME",
    "%(erasures)s erasures of items were done, each within a day of its demand, and no erased item is here.",
    "Nothing is to be done.",
)
STILL_HERE = declare(
    "LABELS_ERASED_STILL_HERE",
    "%(count)s items that were erased are still here.",
    "Erase them once more with the version of the dataset.",
)
LATE = declare(
    "LABELS_ERASED_LATE",
    "%(late)s of %(erasures)s erasures of items were done later than a day after the demand.",
    "Note with the request of the person why it took longer (Art. 12(3) GDPR).",
)
OPEN = declare(
    "LABELS_ERASURE_OPEN",
    "%(count)s occurrences have asked for a day or longer that data of people are erased from this version,"
    " and no item was erased for them.",
    "Erase the items with the version of the dataset, and name the duty that it answers; where none of theirs"
    " is here, say that there, and why.",
)
UNMEASURED = declare(
    "LABELS_ERASED_UNMEASURED",
    "Items of this label set were erased, and it was not measured anew yet.",
    "Wait for it to be measured, or have that done at once.",
)


def erased(facts: ErasureFacts) -> Iterator[Finding]:
    if facts.present:
        yield finding("L13", Outcome.FAILED, STILL_HERE, count=facts.present)
    if facts.open:
        yield finding("L13", Outcome.FAILED, OPEN, count=facts.open)
    if facts.late:
        yield finding("L13", Outcome.NOTED, LATE, late=facts.late, erasures=facts.erasures)
    elif not facts.present and not facts.open:
        if facts.erasures:
            yield finding("L13", Outcome.PASSED, DONE, erasures=facts.erasures)
        else:
            yield finding("L13", Outcome.PASSED, NONE)
