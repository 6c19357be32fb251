"""What was said on items of which the truth is known, and how much of it is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.proportions import Share

Right = Mapping[tuple[str, str], Share]
"""Answers that are right, by annotator and true label."""
RightByItem = Mapping[str, Share]
Answers = Mapping[str, Mapping[str, str]]
"""By item and annotator."""
Authors = Mapping[str, Collection[str]]
"""Who said what is true, by item."""


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


def gold_of_answers(answers: Answers, truth: Mapping[str, str], authors: Authors) -> Iterator[OnGold]:
    for item, true in truth.items():
        given = answers.get(item, {})
        for annotator in others(given, authors[item]):
            yield OnGold(item, annotator, true, int(given[annotator] == true), 1)


def by_author_and_class(said: Iterable[OnGold]) -> Right:
    return _summed(((each.annotator, each.label), each) for each in said)


def by_item(said: Iterable[OnGold]) -> RightByItem:
    return _summed((each.item, each) for each in said)


Key = TypeVar("Key", bound=Hashable)


def _summed(said: Iterable[tuple[Key, OnGold]]) -> Mapping[Key, Share]:
    hits: Counter[Key] = Counter()
    totals: Counter[Key] = Counter()
    for key, each in said:
        hits[key] += each.hits
        totals[key] += each.total
    return {key: Share(hits=hits[key], total=total) for key, total in totals.items()}


def sum_of(shares: Iterable[Share]) -> Share:
    found = tuple(shares)
    return Share(hits=sum(each.hits for each in found), total=sum(each.total for each in found))
