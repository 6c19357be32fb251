"""What a set of labels measures: agreement with its bounds, by class, by annotator, and against gold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.agreement import (
    ClassAgreement,
    Ratings,
    Scale,
    ac1,
    agreement_by_class,
    alpha,
    are_numbers,
    ratings_of,
    raw_agreement,
)
from apps.labeling.measures.boxes import Box, Drawn, f1_by_item, matched
from apps.labeling.measures.proportions import Share
from apps.labeling.measures.raters import cohen_kappa, fleiss_kappa, icc_2_1
from apps.labeling.measures.resampling import Interval, alpha_interval, mean_interval

BETWEEN = " + "
"""Several labels of one annotator on one item are one answer."""


class Coefficient(StrEnum):
    ALPHA = "krippendorff_alpha"
    COHEN = "cohen_kappa"
    FLEISS = "fleiss_kappa"
    ICC = "icc_2_1"
    F1 = "f1_at_half_overlap"


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """`value` is held against the terms by its bounds; `beside` are others that fit the design."""

    coefficient: Coefficient
    scale: Scale
    value: float | None
    interval: Interval
    raw: float | None = None
    ac1: float | None = None
    beside: Mapping[Coefficient, float | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AnnotatorRow:
    """`commonest`: the share of the label that they gave most."""

    annotator: str
    answers: int
    commonest: float
    gold: Share
    median_seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`items` counts all, `labeled` those with an answer of a person or a machine, `verified` those of the
    machine that a person answered as well."""

    items: int
    labeled: int
    overlapping: int
    answers: int
    unsure: int
    cancelled: int
    machine_items: int
    verified: int
    has_annotators: bool
    is_of_regions: bool
    agreement: Agreement
    classes: tuple[ClassAgreement, ...]
    annotators: tuple[AnnotatorRow, ...]
    gold: Share
    gold_by_class: Mapping[str, Share]
    gold_items: Mapping[str, int]
    fast_seconds: float | None


Answers = Mapping[str, Mapping[str, str]]
"""By item and annotator."""


def measure(annotations: Sequence[Annotation], items: Iterable[str], terms: Terms) -> Measured:
    """Raises: ValueError where the scale of the terms needs numbers and labels are words."""
    counted = [each for each in annotations if not each.was_cancelled]
    people = [each for each in counted if not each.is_gold and not each.is_machine]
    gold = [each for each in counted if each.is_gold]
    is_of_regions = any(each.is_region for each in counted)
    answers, truth = _answers(people), _truth(gold)
    every_item = {*items, *(each.item for each in counted)}
    machine = {each.item for each in counted if each.is_machine}
    ratings = _ratings(answers, terms)
    right = _gold_of_regions(people, gold) if is_of_regions else _gold(answers, truth)
    seconds = [each.seconds for each in people if each.seconds is not None]
    needed = terms.annotations_per_item
    return Measured(
        items=len(every_item),
        labeled=len({each.item for each in counted if not each.is_gold}),
        overlapping=sum(len(_named(given)) >= needed for given in answers.values()),
        answers=sum(len(given) for given in answers.values()),
        unsure=sum(value in terms.unsure for given in answers.values() for value in given.values()),
        cancelled=len(annotations) - len(counted),
        machine_items=len(machine),
        verified=len(machine & set(answers)),
        has_annotators=any(each.annotator != UNNAMED for each in people),
        is_of_regions=is_of_regions,
        agreement=_of_regions(people, terms) if is_of_regions else _of_answers(answers, ratings, terms),
        classes=_classes_of_regions(people) if is_of_regions else agreement_by_class(ratings),
        annotators=_annotators(people, right),
        gold=_sum(right.values()),
        gold_by_class=_by_class(right),
        gold_items=Counter(true for item, true in truth.items() if item in answers),
        fast_seconds=_percentile_5(seconds),
    )


def _named(given: Mapping[str, str]) -> list[str]:
    return [annotator for annotator in given if annotator != UNNAMED]


def _answers(people: Sequence[Annotation]) -> Answers:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in people:
        found[each.item][each.annotator].add(each.label)
    return {
        item: {annotator: BETWEEN.join(sorted(labels)) for annotator, labels in given.items()}
        for item, given in found.items()
    }


def _truth(gold: Sequence[Annotation]) -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in gold:
        found[each.item].add(each.label)
    return {item: BETWEEN.join(sorted(labels)) for item, labels in found.items()}


def _ratings(answers: Answers, terms: Terms) -> Ratings:
    """Of known annotators: what nobody stands for may be one person's answer twice."""
    return ratings_of(
        (
            (item, value)
            for item, given in answers.items()
            for annotator, value in given.items()
            if annotator != UNNAMED
        ),
        terms.order,
    )


def _of_answers(answers: Answers, ratings: Ratings, terms: Terms) -> Agreement:
    return Agreement(
        coefficient=Coefficient.ALPHA,
        scale=terms.scale,
        value=alpha(ratings, terms.scale),
        interval=alpha_interval(ratings, terms.scale, seed=terms.seed, resamples=terms.resamples),
        raw=raw_agreement(ratings),
        ac1=ac1(ratings),
        beside=_beside(answers, ratings, terms.scale),
    )


def _beside(answers: Answers, ratings: Ratings, scale: Scale) -> Mapping[Coefficient, float | None]:
    """What fits besides: the same annotators on every item, without a gap."""
    raters = {annotator for given in answers.values() for annotator in given}
    if UNNAMED in raters or len(raters) < 2 or any(len(given) != len(raters) for given in answers.values()):
        return {}
    rows = [tuple(value for _annotator, value in sorted(given.items())) for given in answers.values()]
    if scale is Scale.NOMINAL:
        if len(raters) == 2:
            return {Coefficient.COHEN: cohen_kappa((row[0], row[1]) for row in rows)}
        return {Coefficient.FLEISS: fleiss_kappa(ratings)}
    if scale is Scale.ORDINAL or not are_numbers(ratings):
        return {}
    return {Coefficient.ICC: icc_2_1([[float(value) for value in row] for row in rows])}


def _of_regions(people: Sequence[Annotation], terms: Terms) -> Agreement:
    found = f1_by_item(_drawn(each for each in people if each.annotator != UNNAMED))
    return Agreement(
        coefficient=Coefficient.F1,
        scale=Scale.NOMINAL,
        value=math.fsum(found) / len(found) if found else None,
        interval=mean_interval(found, seed=terms.seed, resamples=terms.resamples),
    )


def _drawn(annotations: Iterable[Annotation]) -> Mapping[str, Mapping[str, Drawn]]:
    found: dict[str, dict[str, list[tuple[str, Box]]]] = defaultdict(lambda: defaultdict(list))
    for each in annotations:
        drawn = found[each.item][each.annotator]
        if each.box is not None:
            drawn.append((each.label, each.box))
    return {item: dict(by_author) for item, by_author in found.items()}


def _classes_of_regions(people: Sequence[Annotation]) -> tuple[ClassAgreement, ...]:
    """How often each was drawn; whether at the same places, the F1 of all tells."""
    drawn = Counter(each.label for each in people)
    return tuple(
        ClassAgreement(value=label, answers=count, share=count / drawn.total(), agreement=None)
        for label, count in sorted(drawn.items())
    )


Right = Mapping[tuple[str, str], Share]
"""Answers that are right, by annotator and true label."""


def _gold(answers: Answers, truth: Mapping[str, str]) -> Right:
    hits: Counter[tuple[str, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    for item, true in truth.items():
        for annotator, value in answers.get(item, {}).items():
            totals[annotator, true] += 1
            hits[annotator, true] += value == true
    return {key: Share(hits=hits[key], total=total) for key, total in totals.items()}


def _gold_of_regions(people: Sequence[Annotation], gold: Sequence[Annotation]) -> Right:
    """A region that is drawn and not true counts as one that is true and not drawn."""
    drawn, truth = _drawn(people), _drawn(gold)
    hits: Counter[tuple[str, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    for item, by_author in truth.items():
        true = [each for drawn_by in by_author.values() for each in drawn_by]
        for annotator, given in drawn.get(item, {}).items():
            for label in {name for name, _box in [*true, *given]}:
                mine = [each for each in given if each[0] == label]
                theirs = [each for each in true if each[0] == label]
                same = matched(mine, theirs)
                hits[annotator, label] += same
                totals[annotator, label] += len(mine) + len(theirs) - same
    return {key: Share(hits=hits[key], total=total) for key, total in totals.items()}


def _sum(shares: Iterable[Share]) -> Share:
    found = tuple(shares)
    return Share(hits=sum(each.hits for each in found), total=sum(each.total for each in found))


def _by_class(right: Right) -> Mapping[str, Share]:
    labels = sorted({label for _annotator, label in right})
    return {
        label: _sum(share for (_annotator, true), share in right.items() if true == label) for label in labels
    }


def _annotators(people: Sequence[Annotation], right: Right) -> tuple[AnnotatorRow, ...]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, list[float]] = defaultdict(list)
    for each in people:
        labels[each.annotator][each.label] += 1
        if each.seconds is not None:
            seconds[each.annotator].append(each.seconds)
    return tuple(
        AnnotatorRow(
            annotator=annotator,
            answers=given.total(),
            commonest=max(given.values()) / given.total(),
            gold=_sum(share for (who, _true), share in right.items() if who == annotator),
            median_seconds=median(seconds[annotator]) if seconds[annotator] else None,
        )
        for annotator, given in sorted(labels.items())
        if annotator != UNNAMED
    )


def _percentile_5(seconds: Sequence[float]) -> float | None:
    return sorted(seconds)[int(0.05 * (len(seconds) - 1))] if seconds else None
