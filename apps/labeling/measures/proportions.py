"""Bounds of a share that was counted: E. B. Wilson (1927), without a correction of continuity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""Two-sided 95 %."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """`hits` of `total`, with the bounds between which it lies with 95 %."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def lower(self) -> float | None:
        return self._bound(0)

    @property
    def upper(self) -> float | None:
        return self._bound(1)

    def _bound(self, side: int) -> float | None:
        return wilson(self.hits / self.total, self.total)[side] if self.total else None


def wilson(share: float, total: int, z: float = Z_95) -> tuple[float, float]:
    """The bounds of a share of so many."""
    square = z**2 / total
    width = z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low, high = ((share + square / 2 + side * width) / (1 + square) for side in (-1, 1))
    return max(0.0, low), min(1.0, high)


def percentile_5(values: Sequence[float]) -> float | None:
    """Nineteen of twenty are above it."""
    return sorted(values)[int(0.05 * (len(values) - 1))] if values else None
