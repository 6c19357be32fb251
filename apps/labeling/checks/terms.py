"""What labels have to reach before models may learn from them, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.labeling.measures.agreement import Scale
from apps.policy.reason import Reason


class Verdict(StrEnum):
    """In this order from good to bad."""

    RELEASE = "release"
    RESEARCH_ONLY = "research_only"
    BLOCKED = "blocked"


class Outcome(StrEnum):
    """`noted` asks for somebody's eyes and hinders nothing; `unmeasured`: what it needs is not there."""

    PASSED = "passed"
    NOTED = "noted"
    RESEARCH_ONLY = "research_only"
    FAILED = "failed"
    UNMEASURED = "unmeasured"


class Place(StrEnum):
    """What a label is put on."""

    WHOLE = "whole"
    PART = "part"
    """Of a text or a recording."""
    AREA = "area"


@dataclass(frozen=True, kw_only=True)
class Finding:
    check: str
    outcome: Outcome
    reason: Reason

    def as_json(self) -> dict[str, Any]:
        return {"check": self.check, "outcome": self.outcome.value, "reason": self.reason.as_json()}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Defaults are ours; a labeling policy says otherwise where it has a reason.

    Shares are of 1; `labels` is the schema, where there is one. Conclusions rest on an alpha of 0.800,
    tentative ones on 0.667 (K. Krippendorff).
    """

    scale: Scale = Scale.NOMINAL
    order: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    put_on: Place | None = None
    """Where the task of a policy asks for it."""
    is_by_label: bool = False
    """Whether an item takes any number of labels, so that each is measured by itself."""
    takes_one: bool = False
    """Whether it takes one alone."""
    is_free: bool = False
    """Whether labels are words of one's own, of which no two need be the same."""
    is_dice: bool = False
    """Whether regions are held against each other by the areas that each label covers."""
    is_nameless: bool = False
    """Whether it is not kept who labeled."""
    unsure: tuple[str, ...] = ("unsure", "other")
    annotations_per_item: int = 2
    is_high_risk: bool = False
    overlap_items: int = 100
    overlap_share: float = 0.10
    release_agreement: float = 0.80
    research_agreement: float = 0.667
    dominant_share: float = 0.90
    gold_accuracy: float = 0.90
    gold_tolerance: Decimal | None = None
    """By how much a number may differ from gold; none where labels are held against it letter by letter."""
    gold_items: int = 50
    gold_items_per_class: int = 10
    coverage: float = 0.98
    unsure_share: float = 0.05
    verified_share: float = 0.10
    machine_share: float = 1.0
    is_preceded: bool = False
    """Whether a machine labels first, so that an export has to say which labels are its."""
    subgroups: str = ""
    is_redacted: bool = False
    was_redacted: bool = True
    """Whether that was asked when it was labeled."""
    redaction_recall: float = 0.99
    audited_items: int = 300
    subgroup_items: int = 30
    subgroup_gap: float = 0.10
    subgroup_ratio: float = 0.80
    team_people: int = 3
    same_answers: int = 20
    same_chance: float = 0.01
    alone_share: float = 0.10
    seed: int = 1
    resamples: int = 1000


CHECKS = frozenset({"L03", "L04", "L05", "L06", "L07", "L08", "L10", "L14"})
"""Those that an export answers. None of them may be silent."""

RECORDED = frozenset({"L01", "L02", "L09", "L11", "L12", "L13", "L15"})
"""Those that records answer, for what is kept here: beside the others none of them may be silent."""


OF_PEOPLE = frozenset({"L02", "L10", "L15"})
"""Those that ask who labeled: what they find may be about single people."""


def verdict_of(findings: tuple[Finding, ...], needed: frozenset[str] = CHECKS) -> Verdict:
    """The worst of them decides. A check that says nothing, or could not be measured, is not met."""
    return verdict_of_outcomes([(each.check, each.outcome) for each in findings], needed)


def verdict_of_outcomes(found: Sequence[tuple[str, Outcome]], needed: frozenset[str] = CHECKS) -> Verdict:
    """The same of checks and what came of them."""
    outcomes = {outcome for _check, outcome in found}
    is_complete = {check for check, _outcome in found} >= needed
    if not is_complete or outcomes & {Outcome.FAILED, Outcome.UNMEASURED}:
        return Verdict.BLOCKED
    return Verdict.RESEARCH_ONLY if Outcome.RESEARCH_ONLY in outcomes else Verdict.RELEASE
