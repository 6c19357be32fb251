"""The checks that an export answers by itself, each with its reason. What they lack is said as well.

AI Act Art. 10(2)(c) annotation, (f)-(h) bias and gaps, 10(3) right and complete data.
"""

from __future__ import annotations

from collections.abc import Iterator

from apps.compliance.lifecycle.labeling.checks import CHECK_OF, OURS
from apps.labeling.checks.around import Around
from apps.labeling.checks.by_class import dominance, gold
from apps.labeling.checks.compared import never_compared
from apps.labeling.checks.disputes import settled_as_asked
from apps.labeling.checks.drift import of_annotator
from apps.labeling.checks.findings import at_least, finding, percent, said
from apps.labeling.checks.machine import by_machine
from apps.labeling.checks.measured import AnnotatorRow, Measured
from apps.labeling.checks.parts import Part
from apps.labeling.checks.recorded import of_records
from apps.labeling.checks.terms import Finding, Outcome, Place, Terms
from apps.policy.reason import Value, declare

L03_MET = declare(
    "LABELS_OVERLAP_MET",
    "%(items)s items have %(each)s independent annotations or more; %(needed)s were needed.",
    "Nothing is to be done.",
)
L03_MISSED = declare(
    "LABELS_OVERLAP_MISSED",
    "%(items)s items have %(each)s independent annotations or more; %(needed)s are needed.",
    "Have more items labeled by several people who do not see each other's answers.",
)
L04_MET = declare(
    "LABELS_AGREEMENT_MET",
    "With 95 percent the agreement (%(coefficient)s) is at least %(lower)s; %(needed)s was needed.",
    "Nothing is to be done.",
)
L04_TENTATIVE = declare(
    "LABELS_AGREEMENT_TENTATIVE",
    "With 95 percent the agreement (%(coefficient)s) is at least %(lower)s: enough for research, where"
    " %(needed)s is needed for release.",
    "Sharpen the guideline where classes are confused, and have the disputed items adjudicated.",
)
L04_MISSED = declare(
    "LABELS_AGREEMENT_MISSED",
    "With 95 percent the agreement (%(coefficient)s) is at least %(lower)s only; below %(needed)s none are"
    " used.",
    "Sharpen the guideline where classes are confused, train the annotators, and label anew.",
)
L04_WORDS = declare(
    "LABELS_ARE_WORDS",
    "The answers are words of one's own: whether two texts say the same, and whether one is right, their"
    " letters do not tell.",
    "Have people judge the texts under a policy of its own, by a class, a grade or which of two is better,"
    " and bring what they say as labels.",
)
L04_UNDEFINED = declare(
    "LABELS_AGREEMENT_UNDEFINED",
    "The agreement is undefined: %(why)s.",
    "Have items of every class labeled by two people or more, and export who labeled what.",
)
L05_FITS = declare(
    "LABELS_COEFFICIENT_FITS",
    "%(coefficient)s decides: it takes any number of annotators, and gaps. What fits besides stands beside"
    " it.",
    "Nothing is to be done.",
)
L05_BY_LABEL = declare(
    "LABELS_COEFFICIENT_BY_LABEL",
    "An item takes any number of labels, so each of %(labels)s is measured by itself, given or not, and the"
    " worst decides (%(coefficient)s).",
    "Nothing is to be done.",
)
L05_OVERLAP_ONLY = declare(
    "LABELS_COEFFICIENT_OF_REGIONS",
    "Regions are held against each other by how far they overlap (%(coefficient)s).",
    "Nothing is to be done.",
)
L05_OTHER_TASK = declare(
    "LABELS_OF_ANOTHER_TASK",
    "Labels are put on parts of items where the task of the policy asks for whole ones, or the other way"
    " round: how far they agree says nothing of that task.",
    "Bring them under a policy whose task it is.",
)
L08_MET = declare(
    "LABELS_COVERAGE_MET",
    "%(labeled)s of %(items)s items are labeled, and %(unsure)s of the answers leave it open or were given"
    " up.",
    "Nothing is to be done.",
)
L08_MISSED = declare(
    "LABELS_COVERAGE_MISSED",
    "%(labeled)s of %(items)s items are labeled; %(needed)s is needed.",
    "Label the rest, or take those items out of the dataset version.",
)
L08_OF_ITSELF = declare(
    "LABELS_COVERAGE_OF_THE_FILE",
    "The version does not say which items it has, so the %(items)s items that the file names were counted.",
    "Bring the list of the version's items: what was never given to anybody is seen then.",
)
L08_UNSURE = declare(
    "LABELS_TOO_OFTEN_UNSURE",
    "%(unsure)s of the answers leave it open or were given up (%(cancelled)s were); %(needed)s may.",
    "Look at those items: a class may be missing, or the guideline does not say.",
)
L08_PRUNED = declare(
    "LABELS_TOO_MANY_LEFT_OUT",
    "%(unsure)s of the answers leave it open, were given up (%(cancelled)s were) or were left out as faulty"
    " (%(left_out)s were); %(needed)s may.",
    "Mend what is faulty, and bring the labels anew without leaving anything out.",
)
L08_LEFT_OUT = declare(
    "LABELS_LEFT_OUT",
    "%(left_out)s answers were left out as faulty. Each counts as one that leaves it open.",
    "Mend them in the labeling tool, and bring the labels anew.",
)
L10_SAME = declare(
    "LABELS_ALWAYS_THE_SAME",
    "Annotator «%(annotator)s» gave the same label in all %(answers)s answers.",
    "Pause the annotator and look at a sample of the answers.",
)
L10_HASTY = declare(
    "LABELS_IN_HASTE",
    "Annotator «%(annotator)s» takes %(seconds)s s in the middle; nineteen of twenty answers of the"
    " others take longer than %(limit)s s.",
    "Pause the annotator and look at a sample of the answers.",
)
L10_STEADY = declare(
    "LABELS_NOBODY_STANDS_OUT",
    "No annotator stands out by haste or by giving one label only.",
    "Nothing is to be done.",
)
L10_UNNAMED = declare(
    "LABELS_NOBODY_NAMED",
    "The export does not say who labeled.",
    "Export it in a form that names annotators by number.",
)
BELOW_OURS = declare(
    "LABELS_TERM_BELOW_OURS",
    "For %(term)s the policy has %(given)s, where %(ours)s is asked for otherwise.",
    "See why that is enough with the record of the policy, or ask for as much in a new version.",
)


FILE_ALONE = Around()


def findings_of(found: Measured, terms: Terms, around: Around = FILE_ALONE) -> tuple[Finding, ...]:
    """Of whole items and of regions each, where both were labeled: the worse decides. What records say is
    held to the terms where it was looked up."""
    return (
        *(each for part in found.parts for each in _overlap(part, terms)),
        *(each for part in found.parts for each in _of_part(part, found.has_annotators, terms)),
        *_coverage(found, terms),
        *_scope(found, terms, around),
        *_below_ours(terms),
        *_steadiness(found, terms),
        *by_machine(found.machine_items, found.verified, found.items, found.machine_right, terms),
        *of_records(found, terms, around),
    )


def _of_part(found: Part, has_annotators: bool, terms: Terms) -> Iterator[Finding]:
    if terms.is_free and not found.is_of_regions:
        yield finding("L04", Outcome.UNMEASURED, L04_WORDS)
        return
    yield from settled_as_asked(found.disputes, terms)
    yield from _agreement(found, has_annotators, terms)
    yield _fit(found, terms)
    yield from dominance(found, terms)
    yield from gold(found, terms)


def _overlap(found: Part, terms: Terms) -> Iterator[Finding]:
    least = max(terms.overlap_items, round(terms.overlap_share * found.items))
    needed = found.items if terms.is_high_risk else min(found.items, least)
    is_met = 0 < needed <= found.overlapping
    facts = {"items": found.overlapping, "each": terms.annotations_per_item, "needed": needed}
    if is_met:
        yield finding("L03", Outcome.PASSED, L03_MET, **facts)
    else:
        yield finding("L03", Outcome.FAILED, L03_MISSED, **facts)


def _agreement(found: Part, has_annotators: bool, terms: Terms) -> Iterator[Finding]:
    told = found.agreement
    lower = told.interval.lower
    if told.value is None or lower is None:
        yield finding("L04", Outcome.FAILED, L04_UNDEFINED, why=_why_undefined(found, has_annotators))
        return
    of = f" «{told.label}»" if told.label else ""
    facts = {"coefficient": told.coefficient.value + of, "lower": at_least(lower)}
    if lower >= terms.release_agreement:
        yield finding("L04", Outcome.PASSED, L04_MET, needed=said(terms.release_agreement), **facts)
    elif lower >= terms.research_agreement:
        needed = said(terms.release_agreement)
        yield finding("L04", Outcome.RESEARCH_ONLY, L04_TENTATIVE, needed=needed, **facts)
    else:
        yield finding("L04", Outcome.FAILED, L04_MISSED, needed=said(terms.research_agreement), **facts)


def _why_undefined(found: Part, has_annotators: bool) -> str:
    if not has_annotators:
        return "the export does not say who labeled"
    if not found.has_shapes:
        return "there are regions that cover no area and no part of a text, and cannot overlap"
    if found.agreement.label:
        return f"«{found.agreement.label}» was given to all items that several people answered, or to none"
    if not found.is_of_regions and len(found.classes) == 1:
        return "only one class was used"
    if found.is_of_numbers and found.agreement.raw == 1:
        return "only one number was given"
    return "too few items were labeled by more than one"


def _fit(found: Part, terms: Terms) -> Finding:
    """Of those that fit, one decides; others are told beside it. What was kept before may be of another
    task."""
    told = found.agreement
    if terms.put_on and found.classes and found.is_of_regions is (terms.put_on is Place.WHOLE):
        return finding("L05", Outcome.FAILED, L05_OTHER_TASK)
    facts: dict[str, Value] = {"coefficient": told.coefficient.value}
    if found.by_label:
        return finding("L05", Outcome.PASSED, L05_BY_LABEL, labels=len(found.classes), **facts)
    if found.is_of_regions:
        return finding("L05", Outcome.PASSED, L05_OVERLAP_ONLY, **facts)
    return finding("L05", Outcome.PASSED, L05_FITS, **facts)


def _coverage(found: Measured, terms: Terms) -> Iterator[Finding]:
    if found.left_out:
        yield finding("L08", Outcome.NOTED, L08_LEFT_OUT, left_out=found.left_out)
    without = found.cancelled + found.left_out
    asked = found.asked + without
    unsure = (found.unsure + without) / asked if asked else 0.0
    facts: dict[str, Value] = {"labeled": found.labeled, "items": found.items}
    is_covered = found.items > 0 and found.labeled >= terms.coverage * found.items
    if not is_covered:
        yield finding("L08", Outcome.FAILED, L08_MISSED, needed=percent(terms.coverage), **facts)
    if unsure > terms.unsure_share:
        needed = percent(terms.unsure_share)
        counts: dict[str, Value] = {"unsure": percent(unsure), "cancelled": found.cancelled}
        if found.left_out:
            counts["left_out"] = found.left_out
        code = L08_PRUNED if found.left_out else L08_UNSURE
        yield finding("L08", Outcome.FAILED, code, needed=needed, **counts)
    elif is_covered:
        yield finding("L08", Outcome.PASSED, L08_MET, unsure=percent(unsure), **facts)


def _below_ours(terms: Terms) -> Iterator[Finding]:
    """What the policy asks for is less than what is asked for otherwise: whoever reads the report knows."""
    for name, ours, is_most in OURS:
        given: float = getattr(terms, name)
        if given > ours if is_most else given < ours:
            check = CHECK_OF[name]
            yield finding(check, Outcome.NOTED, BELOW_OURS, term=name, given=f"{given:g}", ours=f"{ours:g}")


def _scope(found: Measured, terms: Terms, around: Around) -> Iterator[Finding]:
    """Where the risk is high, what was never given to anybody has to be known."""
    if around.items is not None and around.items.known is None:
        outcome = Outcome.UNMEASURED if terms.is_high_risk else Outcome.NOTED
        yield finding("L08", outcome, L08_OF_ITSELF, items=found.items)


def _steadiness(found: Measured, terms: Terms) -> Iterator[Finding]:
    if not found.has_annotators:
        yield finding("L10", Outcome.UNMEASURED, L10_UNNAMED)
        return
    standing_out = list(_standing_out(found, terms))
    yield from standing_out or [finding("L10", Outcome.PASSED, L10_STEADY)]
    if not terms.is_free:
        named = enumerate(found.by_answers, start=1)
        rows = [(_who(place, row, terms), row.answers, row.compared) for place, row in named]
        yield from never_compared(rows, terms)


def _who(place: int, row: AnnotatorRow, terms: Terms) -> str:
    return str(place) if terms.is_nameless else row.annotator


def _standing_out(found: Measured, terms: Terms) -> Iterator[Finding]:
    for number, row in enumerate(found.by_answers, start=1):
        who = _who(number, row, terms)
        yield from of_annotator(who, row.worst, found.gold_runs, terms.gold_accuracy)
        if _is_no_chance(row, len(found.annotators), terms):
            yield finding("L10", Outcome.NOTED, L10_SAME, annotator=who, answers=row.answers)
        if (
            row.median_seconds is not None
            and row.fast_seconds is not None
            and row.answers >= terms.same_answers
            and row.median_seconds < row.fast_seconds
        ):
            times = {"seconds": f"{row.median_seconds:g}", "limit": f"{row.fast_seconds:g}"}
            yield finding("L10", Outcome.NOTED, L10_HASTY, annotator=who, **times)


def _is_no_chance(row: AnnotatorRow, people: int, terms: Terms) -> bool:
    """Whoever draws as the others do gives one label so often with less than this chance, for all who labeled
    together."""
    if row.same_by_others is None or row.commonest < 1 or row.answers < terms.same_answers:
        return False
    return row.same_by_others**row.answers < terms.same_chance / people
