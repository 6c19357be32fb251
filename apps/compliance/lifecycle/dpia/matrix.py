"""Risks by how severe and how likely they are, before and after the measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.compliance.lifecycle.dpia.content import Level, Risk

LEVELS = tuple(Level)


class Zone(StrEnum):
    """How much a place in the matrix asks for."""

    LOW = "low"
    RAISED = "raised"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`numbers` are those of the risks in it, as the table of risks counts them."""

    severity: Level
    likelihood: Level
    zone: Zone
    numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The severest row first, the least likely column first. `unplaced` risks were not judged."""

    rows: tuple[tuple[Cell, ...], ...]
    unplaced: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.numbers for row in self.rows for cell in row)


def matrix_of(risks: Sequence[Risk], *, is_residual: bool) -> Matrix:
    """As they are without the measures, or as they remain."""
    placed = {number: _place(risk, is_residual) for number, risk in enumerate(risks, start=1)}

    def cell(severity: Level, likelihood: Level) -> Cell:
        return Cell(
            severity=severity,
            likelihood=likelihood,
            zone=zone_of(severity, likelihood),
            numbers=tuple(number for number, place in placed.items() if place == (severity, likelihood)),
        )

    return Matrix(
        rows=tuple(tuple(cell(severity, each) for each in LEVELS) for severity in reversed(LEVELS)),
        unplaced=tuple(number for number, place in placed.items() if None in place),
    )


def zone_of(severity: Level, likelihood: Level) -> Zone:
    """Never lower for more of either."""
    weight = LEVELS.index(severity) + LEVELS.index(likelihood)
    return Zone.HIGH if weight >= 4 else Zone.RAISED if weight >= 2 else Zone.LOW


def _place(risk: Risk, is_residual: bool) -> tuple[Level | None, Level | None]:
    if is_residual:
        return risk.severity_after, risk.likelihood_after
    return risk.severity, risk.likelihood
