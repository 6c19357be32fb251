"""L12: nothing that a model learns from is in what it is tried with. AI Act Art. 10(3)."""

from __future__ import annotations

from collections.abc import Iterator

from apps.labeling.checks.around import ItemFacts
from apps.labeling.checks.findings import finding
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.policy.reason import declare

NO_SPLITS = declare(
    "LABELS_SPLITS_UNKNOWN",
    "No list of items says which of them a model learns from and which it is tried with, so whether one is in"
    " both was not measured.",
    "Bring the items of the version with their hash, split and subject.",
)
INCOMPLETE = declare(
    "LABELS_SPLITS_INCOMPLETE",
    "Of %(items)s items %(in_splits)s have a split and %(hashed)s a hash; whether one is in two splits can be"
    " told only where all have both.",
    "Register the next version of the dataset, and bring its items with the hash and split of each.",
)
ITEM_ACROSS = declare(
    "LABELS_ITEM_IN_TWO_SPLITS",
    "%(count)s items have the same content in several splits, as lines %(lines)s of the list; none may.",
    "Take each out of all splits but one, and register the next version of the dataset.",
)
SUBJECT_ACROSS = declare(
    "LABELS_SUBJECT_IN_TWO_SPLITS",
    "%(count)s people have items in several splits, as in lines %(lines)s of the list; nobody may.",
    "Put all items of a person into one split, and register the next version of the dataset.",
)
ONE_SPLIT = declare(
    "LABELS_ONE_SPLIT",
    "All %(items)s items of the list are in one split, so what a model is tried with was not held against"
    " them.",
    "Bring a list that names both: what a model learns from, and what it is tried with.",
)
NOBODY_KNOWN = declare(
    "LABELS_SPLITS_WITHOUT_PEOPLE",
    "No content is in two splits. Whether a person is was not measured: the list names nobody for its"
    " %(items)s items.",
    "Bring the subject of each item where items are about people.",
)
APART = declare(
    "LABELS_SPLITS_APART",
    "No content is in two splits, and nobody's items are; the person is known of %(of_subjects)s of %(items)s"
    " items.",
    "Nothing is to be done.",
)


def leaked(facts: ItemFacts, terms: Terms) -> Iterator[Finding]:
    """What is not known hinders where the risk is high."""
    untold = Outcome.UNMEASURED if terms.is_high_risk else Outcome.NOTED
    lines = ", ".join(map(str, facts.examples))
    if facts.hashes_across:
        yield finding("L12", Outcome.FAILED, ITEM_ACROSS, count=facts.hashes_across, lines=lines)
    if facts.subjects_across:
        yield finding("L12", Outcome.FAILED, SUBJECT_ACROSS, count=facts.subjects_across, lines=lines)
    items = len(facts.groups)
    if not facts.in_splits:
        yield finding("L12", untold, NO_SPLITS)
    elif min(facts.in_splits, facts.hashed) < items:
        counts = {"in_splits": facts.in_splits, "hashed": facts.hashed}
        yield finding("L12", Outcome.UNMEASURED, INCOMPLETE, items=items, **counts)
    elif not facts.hashes_across and not facts.subjects_across:
        if facts.splits < 2:
            yield finding("L12", untold, ONE_SPLIT, items=items)
        elif not facts.of_subjects:
            yield finding("L12", Outcome.NOTED, NOBODY_KNOWN, items=items)
        else:
            yield finding("L12", Outcome.PASSED, APART, of_subjects=facts.of_subjects, items=items)
