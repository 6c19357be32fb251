"""L06 and L07: the classes that are rare, and how often people are right where the truth is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from apps.labeling.checks.findings import at_least, at_most, finding, percent, said
from apps.labeling.checks.labelwise import OfLabel, deciding
from apps.labeling.checks.parts import Part
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.measures.proportions import CHANCE, ItemShare, Share, upper_of_items
from apps.policy.reason import Value, declare

L06_DOMINANT = declare(
    "LABELS_ONE_CLASS_DOMINATES",
    "«%(label)s» is %(share)s of all answers, so chance explains much: AC1 is %(ac1)s beside it.",
    "Look at how often the rare classes are right on gold items.",
)
L06_EVEN = declare(
    "LABELS_NO_CLASS_DOMINATES",
    "No class has more than %(limit)s of the answers.",
    "Nothing is to be done.",
)
L06_RARE_UNKNOWN = declare(
    "LABELS_RARE_CLASS_UNTRIED",
    "«%(dominant)s» dominates, and no gold item tells how often «%(label)s» is right.",
    "Add gold items of that class.",
)
L06_RARE_WRONG = declare(
    "LABELS_RARE_CLASS_WRONG",
    "«%(dominant)s» dominates, and of «%(label)s» %(hits)s of %(total)s answers on gold items are right; at"
    " least %(needed)s of them are needed.",
    "Sharpen the guideline where the rare class is confused, train, and have it labeled anew.",
)
L06_NEVER_GIVEN = declare(
    "LABELS_CLASS_NEVER_GIVEN",
    "«%(label)s» is true on %(items)s gold items that people answered, and nobody ever gave it.",
    "Say in the guideline when it fits, train, and have the set looked through for it.",
)
L06_SELDOM = declare(
    "LABELS_RARE_LABELS",
    "%(count)s labels were given in nearly all or in hardly any answers, so chance explains much. Most of all"
    " «%(label)s», in %(share)s of them: AC1 is %(ac1)s beside it.",
    "Look at how often they are right on gold items.",
)
L06_LABELS_EVEN = declare(
    "LABELS_NO_LABEL_IS_RARE",
    "No label was given in more than %(limit)s of the answers, or left out of so many.",
    "Nothing is to be done.",
)
L06_LABEL_UNTRIED = declare(
    "LABELS_LABEL_UNTRIED",
    "«%(label)s» was given in %(share)s of the answers, and no gold item tells how often that is right.",
    "Add gold items on which it is true, and others on which it is not.",
)
L06_LABEL_MISSED = declare(
    "LABELS_LABEL_OVERLOOKED",
    "Where «%(label)s» is true %(hits)s of %(total)s answers on gold items give it; at least %(needed)s of"
    " them are needed.",
    "Say in the guideline when it fits, train, and have it labeled anew.",
)
L06_LABEL_OVERDONE = declare(
    "LABELS_LABEL_OVERDONE",
    "Where «%(label)s» is not true %(hits)s of %(total)s answers on gold items leave it out; at least"
    " %(needed)s of them are needed.",
    "Say in the guideline when it does not fit, train, and have it labeled anew.",
)
L06_NUMBERS = declare(
    "LABELS_HAVE_NO_CLASSES",
    "The labels are numbers: there are no classes, so none can dominate.",
    "Nothing is to be done.",
)
L07_MET = declare(
    "LABELS_GOLD_MET",
    "%(hits)s of %(total)s answers on %(items)s gold items are right: with 95 percent at least %(lower)s of"
    " such items, where %(needed)s was needed.",
    "Nothing is to be done.",
)
L07_MISSED = declare(
    "LABELS_GOLD_MISSED",
    "%(hits)s of %(total)s answers on %(items)s gold items are right: with 95 percent at least %(lower)s of"
    " such items, where %(needed)s is needed.",
    "Look at the tables by class and annotator, train, and label anew. A larger gold set narrows the bounds.",
)
L07_LABEL_MET = declare(
    "LABELS_GOLD_OF_LABELS_MET",
    "Whether a label fits is right in %(hits)s of %(total)s answers on %(items)s gold items for «%(label)s»,"
    " the worst: with 95 percent on at least %(lower)s of such items, where %(needed)s was needed.",
    "Nothing is to be done.",
)
L07_LABEL_MISSED = declare(
    "LABELS_GOLD_OF_LABEL_MISSED",
    "Whether «%(label)s» fits is right in %(hits)s of %(total)s answers on %(items)s gold items: with 95"
    " percent on at least %(lower)s of such items, where %(needed)s is needed.",
    "Look at the table by label, train, and label anew. A larger gold set narrows the bounds.",
)
L07_FEW = declare(
    "LABELS_GOLD_TOO_SMALL",
    "People answered %(items)s gold items%(of)s; %(needed)s are needed.",
    "Have experts label more items, and hide them among the others.",
)
L07_UNTRIED = declare(
    "LABELS_CLASS_WITHOUT_GOLD",
    "Nobody gave %(labels)s, and no gold item tells whether that was overlooked.",
    "Add gold items of it where the data hold it, or take it out of the policy's labels.",
)
L07_CLASS_WRONG = declare(
    "LABELS_CLASS_WRONG_ON_GOLD",
    "Where «%(label)s» is true %(hits)s of %(total)s answers on %(items)s gold items are right: with 95"
    " percent, over all %(classes)s classes, at most %(upper)s of such items, where %(needed)s is needed.",
    "Say in the guideline what tells it from the others, train, and have it labeled anew.",
)
L07_LABEL_OVERDONE = declare(
    "LABELS_LABEL_WRONG_ON_GOLD",
    "Where «%(label)s» is not true %(hits)s of %(total)s answers on %(items)s gold items leave it out: with"
    " 95 percent, over all %(classes)s labels, at most %(upper)s of such items, where %(needed)s is needed.",
    "Say in the guideline when it does not fit, train, and have it labeled anew.",
)
L07_TOLERANCE = declare(
    "LABELS_GOLD_TOLERANCE",
    "An answer is right on gold here where it differs by no more than %(by)s, in the unit of the labels.",
    "See with the record of the policy why so much may differ.",
)
L07_TOLERANCE_WIDE = declare(
    "LABELS_GOLD_TOLERANCE_WIDE",
    "An answer may differ from gold by %(by)s, and all of gold lies within %(breadth)s: one and the same"
    " answer would be right everywhere.",
    "Have a smaller difference approved, or add gold items whose numbers are further apart.",
)
L07_OWN = declare(
    "LABELS_GOLD_OWN",
    "%(items)s gold items were answered by somebody who also said what is true there; those answers do not"
    " count.",
    "Let gold be labeled by experts who label nothing else of the set.",
)
L07_UNMEASURED = declare(
    "LABELS_GOLD_UNMEASURED",
    "No answer can be held against what is true on a gold item.",
    "Have those who label answer gold items too, and export their answers together with the truth.",
)


MOST_NAMED = 5


def dominance(found: Part, terms: Terms) -> Iterator[Finding]:
    if found.is_of_numbers:
        yield finding("L06", Outcome.PASSED, L06_NUMBERS)
        return
    if not found.classes:
        return
    given = {each.value for each in found.classes}
    yield from _never_given(found, given, terms)
    if found.by_label:
        yield from _rare_labels(found, terms)
        return
    largest = max(found.classes, key=lambda each: each.share)
    if largest.share <= terms.dominant_share:
        yield finding("L06", Outcome.PASSED, L06_EVEN, limit=percent(terms.dominant_share))
        return
    facts = {"share": percent(largest.share), "ac1": said(found.agreement.ac1)}
    yield finding("L06", Outcome.NOTED, L06_DOMINANT, label=largest.value, **facts)
    for label in sorted(given - {largest.value, *terms.unsure}):
        yield from _of_rare(label, largest.value, found.gold_by_class.get(label), terms)


def _never_given(found: Part, given: Collection[str], terms: Terms) -> Iterator[Finding]:
    """A class of which people are never right, whether another dominates or not."""
    for label, items in sorted(found.gold_of_labels.items()):
        if items and label not in given and label not in terms.unsure:
            yield finding("L06", Outcome.FAILED, L06_NEVER_GIVEN, label=label, items=items)


def _rare_labels(found: Part, terms: Terms) -> Iterator[Finding]:
    """Of each label by itself: what is rare is that it was given, or that it was not."""
    rare = _rare_rows(found, terms)
    if not rare:
        yield finding("L06", Outcome.PASSED, L06_LABELS_EVEN, limit=percent(terms.dominant_share))
        return
    most = max(rare, key=lambda row: abs(row.told.share - 0.5))
    facts = {"share": percent(most.told.share), "ac1": said(most.agreement.ac1)}
    yield finding("L06", Outcome.NOTED, L06_SELDOM, count=len(rare), label=most.label, **facts)
    for row in rare:
        yield from _of_rare_label(row, terms)


def _rare_rows(found: Part, terms: Terms) -> list[OfLabel]:
    return [
        row
        for row in deciding(found.by_label, terms)
        if row.told.answers and max(row.told.share, 1 - row.told.share) > terms.dominant_share
    ]


def _is_seldom_given(row: OfLabel, terms: Terms) -> bool:
    return row.told.share < terms.dominant_share


def _of_rare_label(row: OfLabel, terms: Terms) -> Iterator[Finding]:
    is_given = _is_seldom_given(row, terms)
    right = row.found if is_given else row.left_out
    if right.value is None:
        share = percent(row.told.share)
        yield finding("L06", Outcome.FAILED, L06_LABEL_UNTRIED, label=row.label, share=share)
    elif right.value < terms.gold_accuracy:
        code = L06_LABEL_MISSED if is_given else L06_LABEL_OVERDONE
        counts: dict[str, Value] = {"hits": right.hits, "total": right.total}
        needed = percent(terms.gold_accuracy)
        yield finding("L06", Outcome.FAILED, code, label=row.label, needed=needed, **counts)


def _of_rare(label: str, dominant: str, right: Share | None, terms: Terms) -> Iterator[Finding]:
    """By its share alone: there are too few answers on a rare class for narrow bounds."""
    told: dict[str, Value] = {"dominant": dominant, "label": label}
    if right is None or right.value is None:
        yield finding("L06", Outcome.FAILED, L06_RARE_UNKNOWN, **told)
    elif right.value < terms.gold_accuracy:
        counts: dict[str, Value] = {"hits": right.hits, "total": right.total}
        needed = percent(terms.gold_accuracy)
        yield finding("L06", Outcome.FAILED, L06_RARE_WRONG, needed=needed, **counts, **told)


def gold(found: Part, terms: Terms) -> Iterator[Finding]:
    items = sum(found.gold_items.values())
    if items < terms.gold_items:
        yield finding("L07", Outcome.FAILED, L07_FEW, items=items, of="", needed=terms.gold_items)
    if items:
        yield from _gold_of_classes(found, terms)
        yield from _wrong_classes(found, terms)
    if terms.gold_tolerance and items and not found.is_of_regions:
        yield _tolerance(found, terms.gold_tolerance)
    if found.own_gold:
        yield finding("L07", Outcome.NOTED, L07_OWN, items=found.own_gold)
    if found.gold.total:
        yield _accuracy(found, terms)
    else:
        yield finding("L07", Outcome.FAILED, L07_UNMEASURED)


def _tolerance(found: Part, by: Decimal) -> Finding:
    """Where gold lies so close together that one answer is right on all of it, it shows nothing."""
    if 2 * by >= found.gold_breadth:
        told: dict[str, Value] = {"by": f"{by:f}", "breadth": f"{found.gold_breadth:f}"}
        return finding("L07", Outcome.FAILED, L07_TOLERANCE_WIDE, **told)
    return finding("L07", Outcome.NOTED, L07_TOLERANCE, by=f"{by:f}")


def _gold_of_classes(found: Part, terms: Terms) -> Iterator[Finding]:
    """Of every class that somebody gave or that is true somewhere. What the policy names beside and nobody
    met is told: it may not occur, and no model learns it."""
    if found.is_of_numbers:
        return
    met = {*(each.value for each in found.classes), *found.gold_of_labels}
    needed = terms.gold_items_per_class
    for label in sorted(met.difference(terms.unsure)):
        of_class = found.gold_of_labels.get(label, 0)
        if of_class < needed:
            of = f" of «{label}»"
            yield finding("L07", Outcome.FAILED, L07_FEW, items=of_class, of=of, needed=needed)
    unmet = [label for label in terms.labels if label not in met and label not in terms.unsure]
    if unmet:
        more = f" (+{len(unmet) - MOST_NAMED})" if len(unmet) > MOST_NAMED else ""
        labels = ", ".join(f"«{label}»" for label in unmet[:MOST_NAMED]) + more
        yield finding("L07", Outcome.NOTED, L07_UNTRIED, labels=labels)


def _wrong_classes(found: Part, terms: Terms) -> Iterator[Finding]:
    """Ten items of a class say too little for a lower bound. That they say nothing good is told by the upper
    one, for all classes together. Of those that are rare or never given L06 asks more."""
    asked = [each for each in _on_gold_by_class(found) if each[1] not in terms.unsure]
    more, classes = _asked_more(found, terms), len({label for _code, label, _right in asked})
    for code, label, right in asked:
        upper = upper_of_items(right, CHANCE / classes)
        if upper < terms.gold_accuracy and (code, label) not in more:
            counts: dict[str, Value] = {"hits": right.hits, "total": right.total, "items": right.items}
            bounds = {"upper": at_most(upper), "needed": said(terms.gold_accuracy)}
            yield finding("L07", Outcome.FAILED, code, label=label, classes=classes, **counts, **bounds)


def _on_gold_by_class(found: Part) -> Iterator[tuple[str, str, ItemShare]]:
    """Where an item takes any number of labels each can be overlooked, and given where it does not fit."""
    if not found.by_label:
        yield from ((L07_CLASS_WRONG, label, right) for label, right in found.gold_by_class.items())
    for row in found.by_label:
        of_it = (L07_CLASS_WRONG, row.found), (L07_LABEL_OVERDONE, row.left_out)
        yield from ((code, row.label, right) for code, right in of_it if right.items)


def _asked_more(found: Part, terms: Terms) -> frozenset[tuple[str, str]]:
    if not found.classes:
        return frozenset()
    given, largest = {each.value for each in found.classes}, max(found.classes, key=lambda each: each.share)
    more = {(L07_CLASS_WRONG, label) for label in found.gold_of_labels if label not in given}
    for row in _rare_rows(found, terms):
        more.add((L07_CLASS_WRONG if _is_seldom_given(row, terms) else L07_LABEL_OVERDONE, row.label))
    if not found.by_label and largest.share > terms.dominant_share:
        more |= {(L07_CLASS_WRONG, label) for label in given - {largest.value}}
    return frozenset(more)


def _accuracy(found: Part, terms: Terms) -> Finding:
    """The bound is of items: answers of several people to one item are not so many more of them."""
    gold, worst = found.gold, found.gold_of_worst
    is_met = gold.lower is not None and gold.lower >= terms.gold_accuracy
    facts: dict[str, Value] = {"lower": at_least(gold.lower), "needed": said(terms.gold_accuracy)}
    outcome = Outcome.PASSED if is_met else Outcome.FAILED
    if worst:
        facts["label"] = worst.label
        code = L07_LABEL_MET if is_met else L07_LABEL_MISSED
    else:
        code = L07_MET if is_met else L07_MISSED
    return finding("L07", outcome, code, hits=gold.hits, total=gold.total, items=gold.items, **facts)
