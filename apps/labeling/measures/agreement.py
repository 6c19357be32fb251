"""How far annotators agree: Krippendorff's alpha for every scale, agreement by class, and AC1 beside it.

All of them ask only how often each value was given to an item, so items that were answered alike are counted
together: a million annotations in a dozen classes are a few hundred patterns. A measure that has no meaning
(one value only, nothing answered twice) is `None`: neither 1 nor a fault.

Sources: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); K. Gwet, Computing inter-rater
reliability and its variance in the presence of high agreement (2008).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """What may be done with the values: compared, put in order, subtracted, divided."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"

    @property
    def is_of_numbers(self) -> bool:
        """Values are measured, so hardly two are the same, and none is a class."""
        return self in {Scale.INTERVAL, Scale.RATIO}


LARGEST = 1e15
"""Differences of larger numbers have no squares to speak of; they count as words."""
Pattern = tuple[tuple[int, int], ...]
"""How one item was answered: place of a value, how many gave it; in the order of the places."""
Positions = Sequence[float] | Mapping[int, float]
"""Where each value stands on its scale, by its place."""


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """Answers by item. `values` stand in their order; `patterns` says how many items were answered how."""

    values: tuple[str, ...]
    numbers: tuple[float, ...]
    patterns: Mapping[Pattern, int]

    @property
    def items(self) -> int:
        return sum(self.patterns.values())

    @property
    def paired_items(self) -> int:
        """Those that more than one annotator answered."""
        return sum(count for pattern, count in self.patterns.items() if raters_of(pattern) > 1)

    @property
    def answers(self) -> int:
        return sum(count * raters_of(pattern) for pattern, count in self.patterns.items())


def raters_of(pattern: Pattern) -> int:
    return sum(count for _place, count in pattern)


def ratings_of(answers: Iterable[tuple[str, str]], order: Sequence[str] = ()) -> Ratings:
    """From pairs of item and value, one for each annotator. Without an `order` numbers stand by size, words
    by the alphabet; values that the order does not name come behind it."""
    by_item: dict[str, list[str]] = defaultdict(list)
    for item, value in answers:
        by_item[item].append(value)
    alike = Counter(tuple(sorted(given)) for given in by_item.values())
    values = tuple(
        sorted({value for given in alike for value in given}, key=lambda value: _rank(value, order))
    )
    places = {value: place for place, value in enumerate(values)}
    patterns: Counter[Pattern] = Counter()
    for given, items in alike.items():
        patterns[tuple(sorted((places[value], count) for value, count in Counter(given).items()))] += items
    return Ratings(
        values=values,
        numbers=tuple(_number(value) for value in values),
        patterns=dict(sorted(patterns.items())),
    )


def _rank(value: str, order: Sequence[str]) -> tuple[float, float, str]:
    if value in order:
        return order.index(value), 0.0, ""
    number = _number(value)
    return len(order), number if math.isfinite(number) else math.inf, value


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) and abs(number) <= LARGEST else math.nan


def are_numbers(ratings: Ratings) -> bool:
    return all(math.isfinite(number) for number in ratings.numbers)


class Disagreement:
    """What alpha needs of each pattern, found once; the sums then follow how often each pattern counts."""

    def __init__(self, ratings: Ratings, scale: Scale) -> None:
        """Raises: ValueError where numbers are asked for and words were given."""
        if scale.is_of_numbers and not are_numbers(ratings):
            raise ValueError(f"The scale {scale} needs numbers.")
        self.scale = scale
        self.numbers = ratings.numbers
        self.patterns = tuple(pattern for pattern in ratings.patterns if raters_of(pattern) > 1)
        self.counts = tuple(ratings.patterns[pattern] for pattern in self.patterns)
        self._shares = tuple(1 / (raters_of(pattern) - 1) for pattern in self.patterns)
        self._fixed = (
            ()
            if scale is Scale.ORDINAL
            else tuple(_spread(pattern, self.numbers, scale) for pattern in self.patterns)
        )
        self.expected = 0.0
        self._seen = 0.0

    def alpha(self, counts: Sequence[int]) -> float | None:
        """With each pattern counted so many times; as often as it stands there, or resampled."""
        marginal = self._marginal(counts)
        total = sum(marginal.values())
        if len(marginal) < 2:
            return None
        positions: Positions = _midranks(marginal) if self.scale is Scale.ORDINAL else self.numbers
        observed = math.fsum(self._observed(counts, positions))
        expected = _spread(tuple(sorted(marginal.items())), positions, self.scale)
        return 1 - (total - 1) * observed / expected if expected > 0 else None

    def parts(self) -> list[tuple[float, float, float, float]]:
        """What one item of each pattern adds to four sums from which alpha follows: what is observed, how
        many answers there are, and for what chance would give the numbers and their squares, or how steeply
        it follows the answers of the item (and what is observed, where the places of ordered values do).
        For all scales but ratios."""
        marginal = self._marginal(self.counts)
        total = sum(marginal.values())
        positions: Positions = _midranks(marginal) if self.scale is Scale.ORDINAL else self.numbers
        self.expected = _spread(tuple(sorted(marginal.items())), positions, self.scale)
        seen = [share * spread for share, spread in zip(self._shares, self._spreads(positions), strict=True)]
        if self.scale is Scale.NOMINAL:
            grows = {place: 2.0 * (total - count) for place, count in marginal.items()}
            chance = [(_weighed(each, grows), 0.0) for each in self.patterns]
        elif self.scale is Scale.ORDINAL:
            self._seen = math.fsum(count * each for count, each in zip(self.counts, seen, strict=True))
            grows, moves = self._slopes(marginal, positions)
            chance = [(_weighed(each, grows), _weighed(each, moves)) for each in self.patterns]
        else:
            middle = math.fsum(self.numbers[at] * count for at, count in marginal.items()) / total
            apart = {place: self.numbers[place] - middle for place in marginal}
            squares = {place: value**2 for place, value in apart.items()}
            chance = [(_weighed(each, apart), _weighed(each, squares)) for each in self.patterns]
        raters = map(raters_of, self.patterns)
        return [(one, float(many), *by) for one, many, by in zip(seen, raters, chance, strict=True)]

    def alpha_of(self, sums: Sequence[float]) -> float | None:
        """From the sums of such parts. By chance nominal values differ as their answers have it, to the first
        order: with so many values no single one matters. So it is with ordered values, whose places are
        ranks: by these what is observed grows with the square of the answers, and what is expected with their
        fourth power."""
        observed, total, first, second = sums
        if self.scale is Scale.NOMINAL:
            expected = first - self.expected
        elif self.scale is Scale.ORDINAL:
            observed += second - 2 * self._seen
            expected = first - 3 * self.expected
        else:
            expected = 2 * (total * second - first**2)
        return 1 - (total - 1) * observed / expected if expected > 0 else None

    def _spreads(self, positions: Positions) -> Iterable[float]:
        return self._fixed or (_spread(pattern, positions, self.scale) for pattern in self.patterns)

    def _slopes(
        self, marginal: Mapping[int, int], positions: Positions
    ) -> tuple[dict[int, float], dict[int, float]]:
        """By ordered value: how steeply what is expected and what is observed follow how often it is given.
        Each answer moves the ranks of its value by a half, and those of all above it by one."""
        total = sum(marginal.values())
        first = math.fsum(count * positions[place] for place, count in marginal.items())
        second = math.fsum(count * positions[place] ** 2 for place, count in marginal.items())
        seen: dict[int, float] = defaultdict(float)
        for pattern, count, share in zip(self.patterns, self.counts, self._shares, strict=True):
            raters, sum_of_it = raters_of(pattern), _weighed(pattern, positions)
            for place, times in pattern:
                seen[place] += count * share * 4 * times * (raters * positions[place] - sum_of_it)
        above, seen_above = 0.0, 0.0
        grows: dict[int, float] = {}
        moves: dict[int, float] = {}
        for place in sorted(marginal, reverse=True):
            at = positions[place]
            by_rank = 4 * marginal[place] * (total * at - first)
            given = 2 * (second + total * at**2 - 2 * first * at)
            grows[place] = given + by_rank / 2 + above
            moves[place] = seen[place] / 2 + seen_above
            above += by_rank
            seen_above += seen[place]
        return grows, moves

    def _marginal(self, counts: Sequence[int]) -> dict[int, int]:
        marginal: dict[int, int] = defaultdict(int)
        for pattern, count in zip(self.patterns, counts, strict=True):
            if count:
                for place, times in pattern:
                    marginal[place] += count * times
        return marginal

    def _observed(self, counts: Sequence[int], positions: Positions) -> Iterator[float]:
        for place, (count, share) in enumerate(zip(counts, self._shares, strict=True)):
            if count:
                fixed = self._fixed[place] if self._fixed else None
                spread = _spread(self.patterns[place], positions, self.scale) if fixed is None else fixed
                yield count * share * spread


def alpha(ratings: Ratings, scale: Scale) -> float | None:
    """Krippendorff's alpha. Answers may be missing, and annotators may differ from item to item.

    Raises: ValueError where numbers are asked for and words were given.
    """
    sums = Disagreement(ratings, scale)
    return sums.alpha(sums.counts)


def _weighed(pattern: Pattern, weights: Positions) -> float:
    return math.fsum(count * weights[place] for place, count in pattern)


def _spread(pattern: Pattern, positions: Positions, scale: Scale) -> float:
    """Squared differences, summed over all ordered pairs of answers."""
    if len(pattern) < 2:
        return 0.0
    if scale is Scale.NOMINAL:
        return float(raters_of(pattern) ** 2 - sum(count * count for _place, count in pattern))
    if scale is Scale.RATIO:
        return _ratio_spread([(positions[place], count) for place, count in pattern])
    # Σ n n' (x - x')² = 2 (N Σ n x² - (Σ n x)²), around the middle so that large numbers lose no digits.
    total = raters_of(pattern)
    middle = math.fsum(count * positions[place] for place, count in pattern) / total
    return 2 * total * math.fsum(count * (positions[place] - middle) ** 2 for place, count in pattern)


def _ratio_spread(given: Sequence[tuple[float, int]]) -> float:
    found = [
        2 * count * times * ((one - other) / (one + other)) ** 2
        for number, (one, count) in enumerate(given)
        for other, times in given[number + 1 :]
        if one + other != 0
    ]
    return math.fsum(found)


def _midranks(marginal: Mapping[int, int]) -> dict[int, float]:
    """The ordinal difference of two values is that of the middles of their ranks."""
    ranks: dict[int, float] = {}
    before = 0
    for place in sorted(marginal):
        ranks[place] = before + marginal[place] / 2
        before += marginal[place]
    return ranks


@dataclass(frozen=True, kw_only=True)
class ClassAgreement:
    """`share`: of all answers. `agreement`: how often another annotator of the item said so too, with its
    bounds; of regions, how far those agree who drew it."""

    value: str
    answers: int
    share: float
    agreement: float | None
    lower: float | None = None
    upper: float | None = None


def agreement_by_class(ratings: Ratings) -> tuple[ClassAgreement, ...]:
    """Specific agreement, class by class. Items with one answer count in the shares alone."""
    answers: Counter[int] = Counter()
    agreed: dict[int, list[float]] = defaultdict(list)
    possible: Counter[int] = Counter()
    for pattern, items in ratings.patterns.items():
        others = raters_of(pattern) - 1
        for place, count in pattern:
            answers[place] += items * count
            if others:
                agreed[place].append(items * count * (count - 1) / others)
                possible[place] += items * count
    total = sum(answers.values())
    return tuple(
        ClassAgreement(
            value=value,
            answers=answers[place],
            share=answers[place] / total,
            agreement=math.fsum(agreed[place]) / possible[place] if possible[place] else None,
        )
        for place, value in enumerate(ratings.values)
    )


def raw_agreement(ratings: Ratings) -> float | None:
    """How often two annotators of an item say the same, by item."""
    found = [
        (count, sum(times * (times - 1) for _place, times in pattern) / (raters * (raters - 1)))
        for pattern, count in ratings.patterns.items()
        if (raters := raters_of(pattern)) > 1
    ]
    paired = sum(count for count, _share in found)
    return math.fsum(count * share for count, share in found) / paired if paired else None


def ac1(ratings: Ratings) -> float | None:
    """Gwet's AC1: chance is taken from how evenly the classes are used, so that one class that is far more
    frequent than the others does not make agreement look like chance."""
    observed = raw_agreement(ratings)
    if observed is None or len(ratings.values) < 2:
        return None
    shares: dict[int, list[float]] = defaultdict(list)
    for pattern, count in ratings.patterns.items():
        for place, times in pattern:
            shares[place].append(count * times / raters_of(pattern))
    items = ratings.items
    uses = [math.fsum(found) / items for found in shares.values()]
    chance = math.fsum(use * (1 - use) for use in uses) / (len(ratings.values) - 1)
    return (observed - chance) / (1 - chance)
