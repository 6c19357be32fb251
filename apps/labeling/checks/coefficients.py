"""What agreement comes to: the coefficient that decides with its bounds, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from apps.labeling.measures.agreement import Scale
from apps.labeling.measures.resampling import Interval


class Coefficient(StrEnum):
    ALPHA = "krippendorff_alpha"
    COHEN = "cohen_kappa"
    FLEISS = "fleiss_kappa"
    ICC = "icc_2_1"
    F1 = "f1_at_half_overlap"
    DICE = "mean_dice"


OF_REGIONS = frozenset({Coefficient.F1, Coefficient.DICE})


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """`value` is held against the terms by its bounds; `beside` are others that fit the design; `label`:
    which one it is of, where each label is measured by itself."""

    coefficient: Coefficient
    scale: Scale
    value: float | None
    interval: Interval
    raw: float | None = None
    ac1: float | None = None
    beside: Mapping[Coefficient, float | None] = field(default_factory=dict)
    label: str = ""
