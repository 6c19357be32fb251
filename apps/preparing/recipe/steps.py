"""What may be done to a column."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SHORTEST, LONGEST = 1, 20
"""Letters that a beginning may have."""
FEW, MANY = 2, 1000
"""Values that may be left of a column of words."""


class StepKind(StrEnum):
    KEEP = "keep"
    DROP = "drop"
    MASK = "mask"
    BINS = "bins"
    PERIOD = "period"
    BEGINNING = "beginning"
    MOST = "most"


class Span(StrEnum):
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Keep:
    """As it is."""

    kind: StepKind = StepKind.KEEP


@dataclass(frozen=True, kw_only=True)
class Drop:
    """Gone."""

    kind: StepKind = StepKind.DROP


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Each value under a pseudonym: equal values stay equal, and nobody tells which without the key."""

    kind: StepKind = StepKind.MASK


@dataclass(frozen=True, kw_only=True)
class Bins:
    """Numbers become the lower end of their bin."""

    width: Decimal
    kind: StepKind = StepKind.BINS


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days and moments become their month or year."""

    span: Span
    kind: StepKind = StepKind.PERIOD


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Texts are cut after so many letters."""

    letters: int
    kind: StepKind = StepKind.BEGINNING


@dataclass(frozen=True, kw_only=True)
class Most:
    """The `count` most frequent values stay; all others become one."""

    count: int
    kind: StepKind = StepKind.MOST


Step = Keep | Drop | Mask | Bins | Period | Beginning | Most
