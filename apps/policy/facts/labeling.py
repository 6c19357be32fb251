"""Who labels what, by the rosters of labeling policies, and what labels are good for."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.policy import snapshot
from apps.policy.law_words import LabelerGap, LabelerPart, LabelsVerdict
from apps.policy.stated import Stated


@dataclass(frozen=True, kw_only=True)
class RedactionFacts(Stated):
    """Whether what names people was taken out of a version, as the policy asks before anybody labels:
    `is_met` where it asks nothing.

    The figures are those of the newest check: `found` of the `planted` names were taken out, which with 95
    percent is a share of `recall` at least; `left` were met in the items that people looked through.
    """

    is_met: bool
    is_checked: bool
    planted: int
    found: int
    recall: str
    recall_needed: str
    audited: int
    audited_needed: int
    left: int


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
    redaction: RedactionFacts | None = field(default=None, metadata=snapshot.OF_LAW)


@dataclass(frozen=True, kw_only=True)
class LabelsFacts(Stated):
    """The newest labels of an asset under a labeling policy; `number` is nought where there are none."""

    asset: str
    policy: str
    number: int
    verdict: LabelsVerdict
