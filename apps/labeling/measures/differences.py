"""Bounds of the difference of two shares, and of the difference of two such differences.

Sources: R. Newcombe, Interval estimation for the difference between independent proportions (1998), method
10; G. Zou and A. Donner, Construction of confidence limits about effect measures (2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from apps.labeling.measures.proportions import wilson


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A mean over so many items, each of which adds something from 0 to 1."""

    value: float
    items: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    value: float
    lower: float
    upper: float

    @property
    def from_zero(self) -> float:
        """How far the bounds are from 0; not above 0 where they hold it."""
        return max(self.lower, -self.upper)


def z_of(comparisons: int, confidence: float = 0.95) -> float:
    """Two-sided, for all of so many comparisons together (C. E. Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - confidence) / (2 * max(1, comparisons)))


def difference(one: Rate, other: Rate, z: float) -> Difference:
    """One less the other."""
    (low, high), (low_too, high_too) = (wilson(each.value, each.items, z) for each in (one, other))
    value = one.value - other.value
    return Difference(
        value=value,
        lower=value - math.hypot(one.value - low, high_too - other.value),
        upper=value + math.hypot(high - one.value, other.value - low_too),
    )


def interaction(here: Difference, elsewhere: Difference) -> Difference:
    """How much larger a difference is here than elsewhere."""
    value = here.value - elsewhere.value
    return Difference(
        value=value,
        lower=value - math.hypot(here.value - here.lower, elsewhere.upper - elsewhere.value),
        upper=value + math.hypot(here.upper - here.value, elsewhere.value - elsewhere.lower),
    )
