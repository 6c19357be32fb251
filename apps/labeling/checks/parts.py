"""What was said of whole items and of regions of them: each part is measured apart."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from apps.labeling.checks.coefficients import Agreement, Coefficient
from apps.labeling.checks.disputes import Disputes, disputes_of
from apps.labeling.checks.golden import (
    Answers,
    OnGold,
    OnGoldItems,
    authors_of,
    breadth_of,
    gold_items,
    gold_items_by_label,
    gold_of_answers,
    on_gold_items,
    others,
    own_gold,
)
from apps.labeling.checks.labelwise import (
    OfLabel,
    alike_by_annotator,
    labels_of,
    measured_by_label,
    worst_agreement,
    worst_on_gold,
)
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.agreement import (
    ClassAgreement,
    Ratings,
    Scale,
    ac1,
    alpha,
    are_numbers,
    ratings_of,
    raw_agreement,
)
from apps.labeling.measures.confusion import Pairs, pairs_of
from apps.labeling.measures.differences import Rate
from apps.labeling.measures.proportions import ItemShare
from apps.labeling.measures.raters import cohen_kappa, fleiss_kappa, icc_2_1
from apps.labeling.measures.regions import Drawings, Drawn, Item, dice, drawings, f1, matched
from apps.labeling.measures.resampling import (
    FEW_VALUES,
    MOST_CLASSES,
    Interval,
    alpha_interval,
    by_class_with_bounds,
    mean_interval,
)
from apps.labeling.measures.shapes import Shape

BETWEEN = " + "
"""Several labels of one annotator on one item are one answer."""


NOTHING_ON_GOLD = OnGoldItems()
UNDEFINED = Agreement(
    coefficient=Coefficient.ALPHA,
    scale=Scale.NOMINAL,
    value=None,
    interval=Interval(lower=None, upper=None, resamples=0),
)
WithOthers = Mapping[str, Rate]
"""How far an annotator agrees with each other who answered the same items, by annotator."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What was said of whole items, or of regions of them: each is measured apart, and held to all terms.

    `items` counts those that the other part does not have to itself, `answered` those that people answered;
    `gold_items` by their truth; `by_label` where an item takes any number of labels;
    `with_others` is the mean over items; `own_gold`: items that somebody answered who also said what is true
    there; `gold_breadth`: how far the lowest and the highest number of gold are apart.
    """

    is_of_regions: bool
    items: int
    overlapping: int
    agreement: Agreement
    classes: tuple[ClassAgreement, ...]
    gold_items: Mapping[str, int]
    answered: int = 0
    on_gold: OnGoldItems = NOTHING_ON_GOLD
    gold_by_label: Mapping[str, int] | None = None
    own_gold: int = 0
    gold_breadth: Decimal = Decimal(0)
    pairs: Pairs = field(default_factory=dict)
    has_shapes: bool = True
    with_others: WithOthers = field(default_factory=dict)
    by_label: tuple[OfLabel, ...] = ()
    gold_of_worst: OfLabel | None = None
    disputes: Disputes | None = None

    @property
    def is_of_numbers(self) -> bool:
        """Then there are no classes: nothing is counted by them."""
        return self.agreement.scale.is_of_numbers

    @property
    def gold_of_labels(self) -> Mapping[str, int]:
        """On how many gold items that people answered each label is true."""
        return self.gold_items if self.gold_by_label is None else self.gold_by_label

    @property
    def gold(self) -> ItemShare:
        """Of the worst label, where each is measured by itself."""
        return self.gold_of_worst.right if self.gold_of_worst else self.on_gold.of_all

    @property
    def gold_by_class(self) -> Mapping[str, ItemShare]:
        if self.by_label:
            return {row.label: row.right for row in self.by_label if row.right.items}
        return {} if self.is_of_numbers else self.on_gold.by_label


def parts_of(counted: Sequence[Annotation], every_item: set[str], terms: Terms) -> tuple[Part, ...]:
    """An empty answer says of a whole item that no label fits where others gave it one, or where it takes
    any number; and that nothing is to be drawn where others drew, or nobody did anything."""
    told = [each for each in counted if not each.is_region and not each.is_empty]
    drawn = [each for each in counted if each.is_region]
    of_told, of_drawn = {each.item for each in told}, {each.item for each in drawn}
    has_regions = any(not each.is_gold for each in drawn)
    if has_regions:
        of_drawn |= every_item.intersection(each.item for each in counted if each.is_empty) - of_told
    parts = []
    if not has_regions or any(not each.is_gold for each in told):
        takes_none = terms.is_by_label and not has_regions
        empty = [each for each in counted if each.is_empty and (takes_none or each.item in of_told)]
        items = every_item - (of_drawn - of_told) if has_regions else every_item
        parts.append(_whole([*told, *empty], len(items), terms))
    if has_regions:
        items = every_item - (of_told - of_drawn) if parts else every_item
        parts.append(_regions([each for each in counted if each.item in of_drawn], len(items), terms))
    return tuple(parts)


def _whole(counted: Sequence[Annotation], items: int, terms: Terms) -> Part:
    people = [each for each in counted if each.is_answer]
    gold = _measurable([each for each in counted if each.is_gold], terms)
    answers, truth, authors = answers_of(people), truth_of(gold), authors_of(gold)
    measurable = answers if terms.scale is Scale.NOMINAL else answers_of(_measurable(people, terms))
    part = Part(
        is_of_regions=False,
        items=items,
        answered=len(answers),
        overlapping=_overlapping(measurable, terms),
        agreement=UNDEFINED,
        classes=(),
        on_gold=on_gold_items(
            () if terms.is_free else gold_of_answers(answers, truth, authors, terms.gold_tolerance)
        ),
        gold_items=gold_items(answers, truth, authors),
        own_gold=own_gold(answers, authors),
        gold_breadth=breadth_of(truth) if terms.gold_tolerance else Decimal(0),
    )
    if terms.is_free:
        return part
    part = replace(part, disputes=disputes_of(counted, answers, terms))
    if terms.is_by_label:
        return _by_label(part, people, gold, terms)
    ratings = _ratings(measurable, terms)
    part = replace(part, agreement=_of_answers(measurable, ratings, terms))
    if terms.scale.is_of_numbers:
        return part
    return replace(
        part,
        classes=_classes_of_answers(ratings, terms),
        pairs=pairs_of(ratings),
        with_others=_with_others(answers),
    )


def _measurable(given: Sequence[Annotation], terms: Terms) -> Sequence[Annotation]:
    """What leaves it open is no number, and no grade above the highest: it is held against nothing, and an
    answer to gold that is not right."""
    if terms.scale is Scale.NOMINAL:
        return given
    return [each for each in given if each.label and each.label not in terms.unsure]


def _by_label(part: Part, people: Sequence[Annotation], gold: Sequence[Annotation], terms: Terms) -> Part:
    authors = authors_of(gold)
    rows = measured_by_label(people, gold, authors, terms)
    return replace(
        part,
        agreement=worst_agreement(rows, terms),
        classes=tuple(row.told for row in rows if row.told.answers),
        gold_by_label=gold_items_by_label(gold, answers_of(people), authors),
        with_others=alike_by_annotator(labels_of(people)),
        by_label=rows,
        gold_of_worst=worst_on_gold(rows, terms),
    )


def _classes_of_answers(ratings: Ratings, terms: Terms) -> tuple[ClassAgreement, ...]:
    return by_class_with_bounds(ratings, seed=terms.seed, resamples=terms.resamples)


def _with_others(answers: Answers) -> WithOthers:
    """Of each item, the share of the others who said the same."""
    shares: dict[str, float] = defaultdict(float)
    items: Counter[str] = Counter()
    for given in answers.values():
        named = [(who, said) for who, said in given.items() if who != UNNAMED]
        others = len(named) - 1
        if others < 1:
            continue
        alike = Counter(said for _who, said in named)
        for who, said in named:
            items[who] += 1
            if alike[said] > 1:
                shares[who] += (alike[said] - 1) / others
    return {who: Rate(value=shares[who] / count, items=count) for who, count in items.items()}


def _regions(counted: Sequence[Annotation], items: int, terms: Terms) -> Part:
    """Where a shape covers nothing there is nothing to overlap: the agreement is undefined then, and so is
    gold."""
    people = [each for each in counted if each.is_answer]
    gold = [each for each in counted if each.is_gold]
    answers, truth, authors = answers_of(people), truth_of(gold), authors_of(gold)
    has_shapes = all(each.shape is not None for each in counted if each.is_region)
    told = _drawn(each for each in people if each.annotator != UNNAMED) if has_shapes else {}
    found = drawings(told, dice if terms.is_dice else f1)
    return Part(
        is_of_regions=True,
        items=items,
        overlapping=_overlapping(answers, terms),
        agreement=_of_regions(found, terms),
        classes=_classes_of_regions(people, found, terms),
        pairs=found.called,
        answered=len(answers),
        on_gold=on_gold_items(gold_of_regions(people, gold) if has_shapes else ()),
        gold_items=gold_items(answers, truth, authors),
        gold_by_label=gold_items_by_label(gold, answers, authors),
        own_gold=own_gold(answers, authors),
        has_shapes=has_shapes,
        with_others={
            who: Rate(value=math.fsum(shares) / len(shares), items=len(shares))
            for who, shares in found.annotators.items()
        },
    )


def _overlapping(answers: Answers, terms: Terms) -> int:
    return sum(len(_named(given)) >= terms.annotations_per_item for given in answers.values())


def _named(given: Mapping[str, str]) -> list[str]:
    return [annotator for annotator in given if annotator != UNNAMED]


def answers_of(people: Iterable[Annotation]) -> Answers:
    found: dict[str, dict[str, str]] = {}
    several: dict[tuple[str, str], set[str]] = {}
    for each in people:
        given = found.get(each.item)
        if given is None:
            found[each.item] = {each.annotator: each.label}
        elif (first := given.setdefault(each.annotator, each.label)) != each.label:
            several.setdefault((each.item, each.annotator), {first}).add(each.label)
    for (item, annotator), labels in several.items():
        found[item][annotator] = BETWEEN.join(sorted(labels))
    return found


def truth_of(gold: Sequence[Annotation]) -> Mapping[str, str]:
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
        ac1=None if terms.scale.is_of_numbers else ac1(ratings),
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


def _of_regions(found: Drawings, terms: Terms) -> Agreement:
    return Agreement(
        coefficient=Coefficient.DICE if terms.is_dice else Coefficient.F1,
        scale=Scale.NOMINAL,
        value=math.fsum(found.items) / len(found.items) if found.items else None,
        interval=mean_interval(found.items, seed=terms.seed, resamples=terms.resamples),
    )


def _drawn(annotations: Iterable[Annotation]) -> Mapping[str, Mapping[str, Drawn]]:
    found: dict[str, dict[str, list[tuple[str, Shape]]]] = defaultdict(lambda: defaultdict(list))
    for each in annotations:
        drawn = found[each.item][each.annotator]
        if each.shape is not None:
            drawn.append((each.label, each.shape))
    return {item: dict(by_author) for item, by_author in found.items()}


def _classes_of_regions(
    people: Sequence[Annotation], found: Drawings, terms: Terms
) -> tuple[ClassAgreement, ...]:
    """How often each was drawn, and how far those agree who worked on items where somebody drew it."""
    drawn = Counter(each.label for each in people if each.is_region)
    told = {label for label, _count in drawn.most_common(MOST_CLASSES)}
    return tuple(
        _class_of_regions(
            label, count, drawn.total(), found.labels.get(label, ()), terms, is_bounded=label in told
        )
        for label, count in sorted(drawn.items())
    )


def _class_of_regions(
    label: str, count: int, total: int, values: Sequence[float], terms: Terms, *, is_bounded: bool
) -> ClassAgreement:
    given = values if is_bounded else ()
    bounds = mean_interval(given, seed=terms.seed, resamples=terms.resamples, most=FEW_VALUES)
    return ClassAgreement(
        value=label,
        answers=count,
        share=count / total,
        agreement=math.fsum(values) / len(values) if values else None,
        lower=bounds.lower,
        upper=bounds.upper,
    )


def gold_of_regions(people: Sequence[Annotation], gold: Sequence[Annotation]) -> Iterator[OnGold]:
    """A region that is drawn and not true counts as one that is true and not drawn."""
    drawn, truth = _drawn(people), _drawn(gold)
    for item, by_author in truth.items():
        true = [each for drawn_by in by_author.values() for each in drawn_by]
        of_item = drawn.get(item, {})
        read = Item(shape for each in (true, *of_item.values()) for _label, shape in each)
        for annotator in others(of_item, by_author):
            given = of_item[annotator]
            for label in sorted({name for name, _shape in [*true, *given]}):
                mine = [shape for name, shape in given if name == label]
                theirs = [shape for name, shape in true if name == label]
                same = matched(read, mine, theirs)
                yield OnGold(item, annotator, label, same, len(mine) + len(theirs) - same)
