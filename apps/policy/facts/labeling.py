"""Who labels what, by the rosters of labeling policies, and what labels are good for."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.law_words import LabelerGap, LabelerPart, LabelsVerdict
from apps.policy.stated import Stated


@dataclass(frozen=True, kw_only=True)
class LabelingFacts(Stated):
    """A labeling policy about an asset, and how the people who would label stand on its roster.

    `is_open`: labels are given or tried out under it. `parts`: what their part is; `gaps`: what one of them
    at least lacks. `None`: not known.
    """

    asset: str
    policy: str
    version: int
    is_open: bool | None
    parts: frozenset[LabelerPart]
    gaps: frozenset[LabelerGap] | None


@dataclass(frozen=True, kw_only=True)
class LabelsFacts(Stated):
    """The newest labels of an asset under a labeling policy; `number` is nought where there are none."""

    asset: str
    policy: str
    number: int
    verdict: LabelsVerdict
