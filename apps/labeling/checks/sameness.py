"""L10: who gave the same label throughout, and how often the others gave it, as most may be of one class."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from apps.labeling.checks.people import Numbers
from apps.labeling.imports.annotation import Annotation

ENOUGH = 20
"""Answers of others to the same items; where there are fewer, all of their answers count."""


def shares_of_others(
    people: Iterable[Annotation], labels: Mapping[str, Counter[str]], numbers: Numbers
) -> Mapping[str, float]:
    """By annotator who gave one label alone; nothing where there are no others. `labels`: how often each gave
    which."""
    shares: dict[str, float] = {}
    same = {who: next(iter(given)) for who, given in labels.items() if len(given) == 1}
    for who, beside in _beside(people, same, numbers).items() if same else ():
        others = beside if beside.total() >= ENOUGH else _all_others(labels, who, numbers)
        if others:
            shares[who] = others[same[who]] / others.total()
    return shares


def _beside(
    people: Iterable[Annotation], same: Iterable[str], numbers: Numbers
) -> Mapping[str, Counter[str]]:
    """What others gave to the items of each."""
    found = {who: Counter[str]() for who in same}
    by_item: dict[str, list[Annotation]] = defaultdict(list)
    for each in people:
        by_item[each.item].append(each)
    for answers in by_item.values():
        for who in {each.annotator for each in answers if each.annotator in found}:
            found[who].update(each.label for each in answers if not _is_one(each.annotator, who, numbers))
    return found


def _all_others(labels: Mapping[str, Counter[str]], who: str, numbers: Numbers) -> Counter[str]:
    others = Counter[str]()
    for other, given in labels.items():
        if not _is_one(other, who, numbers):
            others.update(given)
    return others


def _is_one(one: str, other: str, numbers: Numbers) -> bool:
    return numbers.get(one, one) == numbers.get(other, other)
