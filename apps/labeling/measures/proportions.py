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
        return self._bound(-1)

    @property
    def upper(self) -> float | None:
        return self._bound(1)

    def _bound(self, side: int) -> float | None:
        if not self.total:
            return None
        share, square = self.hits / self.total, Z_95**2 / self.total
        width = Z_95 * math.sqrt(share * (1 - share) / self.total + square / (4 * self.total))
        return min(1.0, max(0.0, (share + square / 2 + side * width) / (1 + square)))


def percentile_5(values: Sequence[float]) -> float | None:
    """Nineteen of twenty are above it."""
    return sorted(values)[int(0.05 * (len(values) - 1))] if values else None
