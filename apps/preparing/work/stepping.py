"""What becomes of the values of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from apps.kernel.errors import RuleBroken, rule_broken
from apps.preparing.errors import COLUMN_UNFIT, TOO_MANY_VALUES
from apps.preparing.recipe import Beginning, Bins, Drop, Keep, Mask, Most, Period, Span, Step
from apps.preparing.work.choosing import EXACT
from apps.preparing.work.pseudonyms import Pseudonyms

OTHERS = "(other)"
MOST_VALUES = 10_000
"""Different values of a column that are counted."""

_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ].*)?$"
_KEPT_LETTERS = {Span.MONTH: 7, Span.YEAR: 4}


class Tally:
    """How often the values of a column occur, for those of which the most frequent stay."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._counts: Counter[str] = Counter()

    def add(self, values: Any) -> None:
        """Raises: RuleBroken where there are too many different ones."""
        for each in pc.value_counts(texts(self._column, values)).to_pylist():
            if each["values"] is not None:
                self._counts[each["values"]] += each["counts"]
        if len(self._counts) > MOST_VALUES:
            raise rule_broken(TOO_MANY_VALUES, column=self._column, most=MOST_VALUES)

    def most(self, count: int) -> frozenset[str]:
        """The most frequent; of equally frequent ones those that sort first."""
        ranked = sorted(self._counts, key=lambda value: (-self._counts[value], value))
        return frozenset(ranked[:count])


class Stepping:
    """Does the steps of a recipe to batches of rows."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        *,
        pseudonyms: Mapping[str, Pseudonyms],
        most: Mapping[str, Collection[str]],
    ) -> None:
        self._steps = {name: step for name, step in steps.items() if not isinstance(step, Drop)}
        self._pseudonyms = pseudonyms
        self._most = most

    def schema(self, read: Any) -> Any:
        """What the view's columns are called and are; nothing else of the file is carried over.

        Raises: RuleBroken where a step does not fit its column.
        """
        return pa.schema(
            [pa.field(name, shape(name, step, read.field(name).type)) for name, step in self._steps.items()]
        )

    def done(self, batch: Any, schema: Any) -> Any:
        """Raises: RuleBroken where a step does not fit a value."""
        columns = [
            _fitted(name, step, batch.column(name), schema.field(name).type, self._of(name))
            for name, step in self._steps.items()
        ]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _of(self, name: str) -> Any:
        return self._pseudonyms.get(name) or self._most.get(name)


def shape(name: str, step: Step, read: Any) -> Any:
    """The type of a column after its step.  Raises: RuleBroken."""
    plain = read.value_type if types.is_dictionary(read) else read
    is_text = types.is_string(plain) or types.is_large_string(plain)
    is_whole = types.is_integer(plain)
    is_fit = True
    result = pa.string()
    match step:
        case Keep():
            result = plain
        case Bins():
            is_fit = is_text or is_whole or types.is_floating(plain) or types.is_decimal(plain)
            width = step.width
            result = pa.int64() if is_whole and width == width.to_integral_value() else pa.float64()
        case Period():
            is_fit = is_text or types.is_date(plain) or types.is_timestamp(plain)
            result = pa.string() if is_text else pa.date32()
        case Mask() | Beginning() | Most():
            is_fit = not types.is_null(plain)
        case Drop():
            is_fit = False
    if not is_fit:
        raise _unfit(name, step, read)
    return result


def texts(name: str, values: Any) -> Any:
    """Every value as one text, the same for the number 1 and the text 1.  Raises: RuleBroken."""
    try:
        plain = values.dictionary_decode() if types.is_dictionary(values.type) else values
        return pc.cast(plain, pa.string())
    except pa.ArrowException:
        raise rule_broken(COLUMN_UNFIT, column=name, step="text", type=str(values.type)) from None


def _fitted(name: str, step: Step, values: Any, shaped: Any, by: Any) -> Any:
    try:
        plain = values.dictionary_decode() if types.is_dictionary(values.type) else values
        return pc.cast(_stepped(name, step, plain, by), shaped)
    except (pa.ArrowException, ValueError, OverflowError):
        raise _unfit(name, step, values.type) from None


def _stepped(name: str, step: Step, values: Any, by: Any) -> Any:
    match step:
        case Mask():
            return _masked(texts(name, values), by)
        case Bins():
            return _binned(values, step.width)
        case Period():
            return _period(values, step.span)
        case Beginning():
            return pc.utf8_slice_codeunits(texts(name, values), 0, step.letters)
        case Most():
            return _most(texts(name, values), by)
        case _:
            return values


def _masked(values: Any, pseudonyms: Pseudonyms) -> Any:
    """Each different value is looked at once; a missing one stays missing."""
    coded = pc.dictionary_encode(values)
    names = pa.array([pseudonyms.of(each.encode()) for each in coded.dictionary.to_pylist()], pa.string())
    return pc.take(names, coded.indices)


def _binned(values: Any, width: Decimal) -> Any:
    if types.is_integer(values.type) and width == width.to_integral_value():
        whole = pc.cast(values, pa.int64())
        size = pa.scalar(int(width), pa.int64())
        towards_zero = pc.multiply_checked(pc.divide(whole, size), size)
        below = pc.subtract_checked(towards_zero, size)
        return pc.if_else(pc.greater(towards_zero, whole), below, towards_zero)
    numbers = pc.cast(values, pa.float64(), safe=not types.is_integer(values.type))
    if types.is_integer(values.type) and pc.any(pc.greater(pc.abs(numbers), float(EXACT))).as_py():
        raise ValueError(width)
    size = pa.scalar(float(width))
    return pc.multiply(pc.floor(pc.divide(numbers, size)), size)


def _period(values: Any, span: Span) -> Any:
    if types.is_string(values.type) or types.is_large_string(values.type):
        if not pc.all(pc.match_substring_regex(values, _DAY)).as_py():
            raise ValueError(span)
        return pc.utf8_slice_codeunits(values, 0, _KEPT_LETTERS[span])
    local = values
    if types.is_timestamp(values.type) and values.type.tz is not None:
        local = pc.local_timestamp(values)
    return pc.cast(pc.floor_temporal(local, unit=span.value), pa.date32())


def _most(values: Any, kept: Collection[str]) -> Any:
    is_kept = pc.is_in(values, value_set=pa.array(sorted(kept), pa.string()))
    return pc.if_else(pc.or_(is_kept, pc.is_null(values)), values, OTHERS)


def _unfit(name: str, step: Step, read: Any) -> RuleBroken:
    return rule_broken(COLUMN_UNFIT, column=name, step=step.kind.value, type=str(read))
