"""Which rows of a batch remain."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from apps.kernel.errors import RuleBroken, rule_broken
from apps.preparing.errors import ROWS_UNFIT
from apps.preparing.recipe.filtering import Comparing, Comparison, Joined, Missing, Rows

EXACT = 2**53
"""Up to here a floating number names every whole one."""

_COMPARING = {
    Comparing.EQUAL: pc.equal,
    Comparing.UNEQUAL: pc.not_equal,
    Comparing.LESS: pc.less,
    Comparing.AT_MOST: pc.less_equal,
    Comparing.MORE: pc.greater,
    Comparing.AT_LEAST: pc.greater_equal,
}


def chosen(rows: Rows | None, batch: Any) -> Any:
    """The batch with the rows that remain.  Raises: RuleBroken where a comparison fits no value."""
    return batch if rows is None else batch.filter(_holds(rows, batch))


def _holds(rows: Rows, batch: Any) -> Any:
    """True or false for every row, never unknown: what compares with nothing does not hold."""
    match rows:
        case Missing():
            column = batch.column(rows.column)
            return pc.is_valid(column) if rows.is_there else pc.is_null(column)
        case Comparison():
            return _compared(rows, batch.column(rows.column))
        case Joined():
            join = pc.and_ if rows.takes_all else pc.or_
            return reduce(join, (_holds(part, batch) for part in rows.parts))


def _compared(rows: Comparison, column: Any) -> Any:
    try:
        column, constant = _alike(column, rows.value)
        return pc.fill_null(_COMPARING[rows.how](column, constant), False)
    except (pa.ArrowException, ValueError, OverflowError):
        raise _unfit(rows, column) from None


def _alike(column: Any, value: str | Decimal) -> tuple[Any, Any]:
    """Both in one type.  Raises: ValueError, ArrowInvalid where there is none."""
    kind = column.type
    if isinstance(value, Decimal):
        return _as_numbers(column, value)
    if types.is_boolean(kind):
        return column, pa.scalar({"true": True, "false": False}[value.lower()])
    if types.is_date(kind):
        return pc.cast(column, pa.date32()), pa.scalar(date.fromisoformat(value))
    if types.is_timestamp(kind):
        return column, pa.scalar(_moment(value, has_zone=kind.tz is not None), kind)
    if types.is_string(kind) or types.is_large_string(kind):
        return column, pa.scalar(value, kind)
    raise ValueError(kind)


def _as_numbers(column: Any, value: Decimal) -> tuple[Any, Any]:
    kind = column.type
    is_whole = value == value.to_integral_value()
    if types.is_integer(kind) and is_whole:
        return pc.cast(column, pa.int64()), pa.scalar(int(value), pa.int64())
    is_text = types.is_string(kind) or types.is_large_string(kind)
    if not (is_text or types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)):
        raise ValueError(kind)
    if abs(value) > EXACT:
        raise ValueError(kind)
    if types.is_decimal(kind):
        column = pc.cast(column, pa.decimal128(38, kind.scale)) if kind.bit_width > 128 else column
    return pc.cast(column, pa.float64(), safe=not types.is_integer(kind)), pa.scalar(float(value))


def _moment(value: str, *, has_zone: bool) -> datetime:
    moment = datetime.fromisoformat(value)
    if has_zone:
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment.tzinfo:
        raise ValueError(value)
    return moment


def _unfit(rows: Comparison, column: Any) -> RuleBroken:
    return rule_broken(ROWS_UNFIT, field="rows", column=rows.column, type=str(column.type))
