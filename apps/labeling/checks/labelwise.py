"""Where an item takes any number of labels each label is measured by itself: it was given, or it was not.

Put together, "black + blue" would be as far from "black" as from "green", and nearly every item a class.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.labeling.checks.coefficients import Agreement, Coefficient
from apps.labeling.checks.golden import NOTHING, Authors, others
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.agreement import (
    ClassAgreement,
    Pattern,
    Ratings,
    Scale,
    ac1,
    alpha,
    raw_agreement,
)
from apps.labeling.measures.confusion import pairs_of
from apps.labeling.measures.differences import Rate
from apps.labeling.measures.proportions import ItemShare
from apps.labeling.measures.resampling import Interval, alpha_interval, by_class_with_bounds

Labels = Mapping[str, Mapping[str, frozenset[str]]]
"""All that an annotator gave to an item, by item and annotator."""
WITHOUT, WITH = "without", "with"


@dataclass(frozen=True, kw_only=True)
class OfLabel:
    """`both`, `one` and `neither` count pairs of answers to the same item by how many of the two gave it.

    `right`: of answers on gold items, how many say rightly whether it fits; `found` are those where it is
    true, `left_out` those where it is not.
    """

    label: str
    agreement: Agreement
    told: ClassAgreement
    both: int
    one: int
    neither: int
    right: ItemShare = NOTHING
    found: ItemShare = NOTHING
    left_out: ItemShare = NOTHING


def labels_of(annotations: Iterable[Annotation]) -> Labels:
    """Whoever handed in an item with nothing on it gave none of the labels."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in annotations:
        given = found[each.item][each.annotator]
        if each.label:
            given.add(each.label)
    return {
        item: {who: frozenset(given) for who, given in by_author.items()} for item, by_author in found.items()
    }


def measured_by_label(
    people: Sequence[Annotation], gold: Sequence[Annotation], authors: Authors, terms: Terms
) -> tuple[OfLabel, ...]:
    """Of every label that somebody gave or that is true somewhere."""
    given = labels_of(people)
    on_gold = _on_gold(given, truth_by_label(gold), authors)
    known: dict[tuple[tuple[Pattern, int], ...], OfLabel] = {}
    rows = []
    ratings = _ratings_by_label(given, on_gold)
    for label in sorted(ratings):
        alike = tuple(ratings[label].patterns.items())
        if alike not in known:
            known[alike] = _measured(ratings[label], terms)
        row = known[alike]
        right, found, left_out = on_gold.get(label, on_gold.get("", (NOTHING, NOTHING, NOTHING)))
        rows.append(
            replace(
                row,
                label=label,
                agreement=replace(row.agreement, label=label),
                told=replace(row.told, value=label),
                right=right,
                found=found,
                left_out=left_out,
            )
        )
    return tuple(rows)


def truth_by_label(gold: Iterable[Annotation]) -> Mapping[str, frozenset[str]]:
    return {item: frozenset().union(*by_author.values()) for item, by_author in labels_of(gold).items()}


def _ratings_by_label(given: Labels, more: Iterable[str]) -> Mapping[str, Ratings]:
    """Counted from the labels that were given: an item on which nobody gave one is known by how many
    answered it."""
    raters: Counter[int] = Counter()
    ways: dict[str, Counter[tuple[int, int]]] = {label: Counter() for label in more if label}
    for by_author in given.values():
        named = [labels for who, labels in by_author.items() if who != UNNAMED]
        if named:
            raters[len(named)] += 1
            for label, count in Counter(label for labels in named for label in labels).items():
                ways.setdefault(label, Counter())[count, len(named)] += 1
    return {label: _ratings(counted, raters) for label, counted in ways.items()}


def _ratings(ways: Counter[tuple[int, int]], raters: Counter[int]) -> Ratings:
    patterns: Counter[Pattern] = Counter()
    for (count, of), items in ways.items():
        patterns[((0, of - count), (1, count)) if count < of else ((1, count),)] += items
    for of, items in raters.items():
        met = sum(times for (_count, among), times in ways.items() if among == of)
        if items > met:
            patterns[((0, of),)] += items - met
    return Ratings(values=(WITHOUT, WITH), numbers=(0.0, 1.0), patterns=dict(sorted(patterns.items())))


def _measured(ratings: Ratings, terms: Terms) -> OfLabel:
    pairs = pairs_of(ratings)
    drawn = {"seed": terms.seed, "resamples": terms.resamples}
    none = ClassAgreement(value=WITH, answers=0, share=0.0, agreement=None)
    return OfLabel(
        label="",
        agreement=Agreement(
            coefficient=Coefficient.ALPHA,
            scale=Scale.NOMINAL,
            value=alpha(ratings, Scale.NOMINAL),
            interval=alpha_interval(ratings, Scale.NOMINAL, **drawn),
            raw=raw_agreement(ratings),
            ac1=ac1(ratings),
        ),
        told=by_class_with_bounds(ratings, **drawn)[1] if ratings.patterns else none,
        both=pairs.get((WITH, WITH), 0),
        one=pairs.get((WITHOUT, WITH), 0),
        neither=pairs.get((WITHOUT, WITHOUT), 0),
    )


OnGoldByLabel = Mapping[str, tuple[ItemShare, ItemShare, ItemShare]]


@dataclass(kw_only=True)
class _Sums:
    """Of answers to gold items: how many of how many, and the sum of the shares of each item."""

    hits: int = 0
    total: int = 0
    items: int = 0
    by_item: float = 0.0

    def add(self, hits: int, total: int) -> None:
        self.hits += hits
        self.total += total
        self.items += 1
        self.by_item += hits / total

    def with_(self, other: _Sums) -> _Sums:
        return _Sums(
            hits=self.hits + other.hits,
            total=self.total + other.total,
            items=self.items + other.items,
            by_item=self.by_item + other.by_item,
        )

    def share(self) -> ItemShare:
        mean = min(1.0, max(0.0, self.by_item / self.items)) if self.items else 0.0
        return ItemShare(hits=self.hits, total=self.total, items=self.items, mean=mean)


Held = Iterable[tuple[str, frozenset[str], frozenset[str]]]
"""An item, what is true of it, and what was said of it; an item may stand there several times."""


def held_by_label(held: Held) -> OnGoldByLabel:
    """The same of several truths of one item, as several people tell them: each item counts once."""
    by_item: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = defaultdict(list)
    for item, true, said in held:
        by_item[item].append((true, said))
    of_all, sums = _Sums(), defaultdict[str, tuple[_Sums, _Sums, _Sums]](lambda: (_Sums(), _Sums(), _Sums()))
    for pairs in by_item.values():
        of_all.add(len(pairs), len(pairs))
        for label in frozenset().union(*(true | said for true, said in pairs)):
            right, found, left_out = sums[label]
            right.add(sum((label in true) == (label in said) for true, said in pairs), len(pairs))
            true_there = [label in said for true, said in pairs if label in true]
            elsewhere = [label not in said for true, said in pairs if label not in true]
            for counted, hits in ((found, true_there), (left_out, elsewhere)):
                if hits:
                    counted.add(sum(hits), len(hits))
    return {
        label: (
            right.with_(_rest(of_all, right)).share(),
            found.share(),
            left_out.with_(_rest(of_all, right)).share(),
        )
        for label, (right, found, left_out) in sums.items()
    }


def _rest(of_all: _Sums, named: _Sums) -> _Sums:
    """What is neither true of an item nor said of it is right there."""
    total, items = of_all.total - named.total, of_all.items - named.items
    return _Sums(hits=total, total=total, items=items, by_item=float(items))


def _on_gold(given: Labels, truth: Mapping[str, frozenset[str]], authors: Authors) -> OnGoldByLabel:
    """What is neither true of an item nor given to it is right there, and is counted for all labels at once.
    Under no name: what holds of a label that is true nowhere and was given nowhere."""
    of_all = _Sums()
    found: dict[str, _Sums] = defaultdict(_Sums)
    given_wrongly: dict[str, _Sums] = defaultdict(_Sums)
    for item, true in truth.items():
        answers = given.get(item, {})
        said = [answers[who] for who in others(answers, authors[item])]
        if not said:
            continue
        of_all.add(len(said), len(said))
        counted = Counter(label for labels in said for label in labels)
        for label in true | counted.keys():
            (found if label in true else given_wrongly)[label].add(counted[label], len(said))
    if not of_all.items:
        return {}
    shares = {"": (of_all.share(), NOTHING, of_all.share())}
    for label in {*found, *given_wrongly}:
        true_there, wrong = found[label], given_wrongly[label]
        total, items = of_all.total - true_there.total, of_all.items - true_there.items
        left_out = _Sums(hits=total - wrong.hits, total=total, items=items, by_item=items - wrong.by_item)
        shares[label] = (true_there.with_(left_out).share(), true_there.share(), left_out.share())
    return shares


def deciding(rows: Iterable[OfLabel], terms: Terms) -> Iterator[OfLabel]:
    """What leaves it open is no label that a model learns."""
    return (row for row in rows if row.label not in terms.unsure)


def worst_agreement(rows: Iterable[OfLabel], terms: Terms) -> Agreement:
    """Of those that somebody gave; what is undefined is the worst."""
    told = [row.agreement for row in deciding(rows, terms) if row.told.answers]
    nothing = Interval(lower=None, upper=None, resamples=terms.resamples, undefined=terms.resamples)
    none = Agreement(coefficient=Coefficient.ALPHA, scale=Scale.NOMINAL, value=None, interval=nothing)
    return min(told, key=_rank, default=none)


def _rank(agreement: Agreement) -> float:
    lower = agreement.interval.lower
    return -math.inf if agreement.value is None or lower is None else lower


def worst_on_gold(rows: Iterable[OfLabel], terms: Terms) -> OfLabel | None:
    told = [row for row in deciding(rows, terms) if row.right.items]
    return min(told, key=lambda row: row.right.lower or 0.0, default=None)


def alike_by_annotator(given: Labels) -> Mapping[str, Rate]:
    """How much of what two gave to an item both gave (L. Dice), over all others who answered it."""
    shares: dict[str, float] = defaultdict(float)
    items: Counter[str] = Counter()
    known: dict[tuple[Collection[str], Collection[str]], float] = {}
    for by_author in given.values():
        named = [(who, labels) for who, labels in by_author.items() if who != UNNAMED]
        if len(named) < 2:
            continue
        for who, mine in named:
            items[who] += 1
            for other, theirs in named:
                if other != who:
                    pair = mine, theirs
                    if pair not in known:
                        known[pair] = _dice(mine, theirs)
                    shares[who] += known[pair] / (len(named) - 1)
    return {who: Rate(value=min(1.0, shares[who] / count), items=count) for who, count in items.items()}


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    given = len(one) + len(other)
    return 2 * len(one & other) / given if given else 1.0
