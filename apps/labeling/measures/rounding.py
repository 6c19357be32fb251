"""Bounds in three digits: what just misses a goal must not look like it."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

DIGITS = Decimal("0.001")


def down(value: float | None) -> float | None:
    """As a lower bound is told. By the digits of the number: 0.57 is 0.570, whatever it is in binary."""
    return None if value is None else float(Decimal(repr(value)).quantize(DIGITS, ROUND_FLOOR))


def up(value: float | None) -> float | None:
    """As an upper bound is told."""
    return None if value is None else float(Decimal(repr(value)).quantize(DIGITS, ROUND_CEILING))
