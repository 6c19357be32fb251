"""What was said on items of which the truth is known, and how much of it is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.proportions import ItemShare, share_of_items

Answers = Mapping[str, Mapping[str, str]]
"""By item and annotator."""
Authors = Mapping[str, Collection[str]]
"""Who said what is true, by item."""
NOTHING = ItemShare(hits=0, total=0)
MOST_DIGITS = 400
"""Of a number; a float has three hundred and nine at most."""


def authors_of(gold: Iterable[Annotation]) -> Authors:
    found: dict[str, set[str]] = defaultdict(set)
    for each in gold:
        found[each.item].add(each.annotator)
    return found


def others(given: Iterable[str], authors: Collection[str]) -> list[str]:
    """Nobody is held against what they said themselves."""
    return [annotator for annotator in given if annotator == UNNAMED or annotator not in authors]


def gold_items(answers: Answers, truth: Mapping[str, str], authors: Authors) -> Counter[str]:
    return Counter(true for item, true in truth.items() if others(answers.get(item, ()), authors[item]))


def gold_items_by_label(gold: Iterable[Annotation], answers: Answers, authors: Authors) -> Mapping[str, int]:
    """An item counts once for each label that is true somewhere on it."""
    true = {(each.item, each.label) for each in gold if each.label}
    return Counter(label for item, label in true if others(answers.get(item, ()), authors[item]))


def own_gold(answers: Answers, authors: Authors) -> int:
    return sum(
        len(others(answers.get(item, ()), who)) < len(answers.get(item, ())) for item, who in authors.items()
    )


class OnGold(NamedTuple):
    """What somebody said on a gold item: how much of it is right, and of how much."""

    item: str
    annotator: str
    label: str
    hits: int
    total: int


def gold_of_answers(
    answers: Answers, truth: Mapping[str, str], authors: Authors, by: Decimal | None = None
) -> Iterator[OnGold]:
    for item, true in truth.items():
        given = answers.get(item, {})
        for annotator in others(given, authors[item]):
            yield OnGold(item, annotator, true, int(is_right(given[annotator], true, by)), 1)


def is_right(given: str, true: str, by: Decimal | None = None) -> bool:
    """Where labels are numbers, those are right that differ by no more than that."""
    if given == true or by is None:
        return given == true
    one, other = number_of(given), number_of(true)
    return one is not None and other is not None and abs(one - other) <= by


def number_of(label: str) -> Decimal | None:
    try:
        number = Decimal(label)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS else None


def breadth_of(truth: Mapping[str, str]) -> Decimal:
    """How far the lowest and the highest of what is true are apart."""
    numbers = [number for label in set(truth.values()) if (number := number_of(label)) is not None]
    return max(numbers) - min(numbers) if numbers else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class OnGoldItems:
    """How much of what people said on gold items is right: of all, by what is true, and by annotator."""

    of_all: ItemShare = NOTHING
    by_label: Mapping[str, ItemShare] = field(default_factory=dict)
    by_annotator: Mapping[str, ItemShare] = field(default_factory=dict)


def on_gold_items(said: Iterable[OnGold]) -> OnGoldItems:
    items: _ByItem = defaultdict(_nothing)
    labels: dict[str, _ByItem] = defaultdict(lambda: defaultdict(_nothing))
    people: dict[str, _ByItem] = defaultdict(lambda: defaultdict(_nothing))
    for each in said:
        for counted in (items, labels[each.label], people[each.annotator]):
            of_item = counted[each.item]
            of_item[0] += each.hits
            of_item[1] += each.total
    return OnGoldItems(
        of_all=_share(items),
        by_label={label: _share(counted) for label, counted in sorted(labels.items())},
        by_annotator={who: _share(counted) for who, counted in people.items()},
    )


def right_by_item(said: Iterable[OnGold]) -> Mapping[str, float]:
    """Which share of what was said of each item is right."""
    items: _ByItem = defaultdict(_nothing)
    for each in said:
        items[each.item][0] += each.hits
        items[each.item][1] += each.total
    return {item: hits / total for item, (hits, total) in items.items()}


_ByItem = defaultdict[str, list[int]]


def _nothing() -> list[int]:
    return [0, 0]


def _share(counted: _ByItem) -> ItemShare:
    return share_of_items((hits, total) for hits, total in counted.values())
