"""The files of a version, batch by batch: never more in memory than a piece of one.

The messages of the libraries quote cells, so none of them leaves this room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pyarrow.types as pat

from apps.kernel.errors import rule_broken
from apps.preparing import errors

ROWS_AT_ONCE = 4096
BLOCK = 1 << 20
"""Bytes of a CSV file read at once; no row is longer."""
LARGEST_ROW_GROUP = 512 << 20
LARGEST_FILE = 64 << 30
"""Both unpacked, of the columns that are read."""
LARGEST_BATCH = 256 << 20
"""Of the texts in so many rows as are read at once, and of the values that all take the same room."""
MOST_ROWS = 1_000_000_000
MOST_COLUMNS = 10_000
"""Of one file."""
MEGABYTE = 1 << 20
MOST_NAMED = 5


class Format(StrEnum):
    PARQUET = "Parquet"
    CSV = "CSV"


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A file by its place among the others: its name may tell something about the data."""

    place: int
    files: int
    format: Format


def format_of(name: str, *, place: int, files: int) -> Format:
    """Raises: RuleBroken where the name says of no format that is read."""
    for ending, known in ((".parquet", Format.PARQUET), (".csv", Format.CSV)):
        if name.lower().endswith(ending):
            return known
    raise rule_broken(errors.FILE_FORMAT, file=place, files=files)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file whose columns were compared with those of the version."""

    schema: Any
    batches: Iterator[Any]


@contextmanager
def opened(
    file: BinaryIO, numbered: Numbered, *, known: Sequence[str], needed: Sequence[str]
) -> Iterator[Opened]:
    """`known` are the columns that the version is said to have, `needed` those that are read.

    Raises: RuleBroken where the file is no sound one, or has other columns.
    """
    with _told_without_cells(numbered):
        if numbered.format is Format.CSV:
            reader = _csv(file, known)
            names, schema, batches = reader.schema.names, reader.schema, iter(reader)
        else:
            source = pa.PythonFile(file, mode="r")
            parquet = _parquet(source)
            schema = parquet.schema_arrow
            names = schema.names
            _check_types(schema, needed)
            _check_size(parquet, numbered, needed)
            batches = _batches(source, parquet, needed)
        _compare(names, known)
        yield Opened(schema=schema, batches=(batch.select(list(needed)) for batch in batches))


def _csv(file: BinaryIO, known: Sequence[str]) -> Any:
    """Everything is text; what stands between two commas is missing, what stands in quotes is there."""
    return pacsv.open_csv(
        pa.PythonFile(file, mode="r"),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in known},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _parquet(file: Any, **options: Any) -> Any:
    return pq.ParquetFile(
        file,
        buffer_size=BLOCK,
        pre_buffer=False,
        thrift_string_size_limit=64 * MEGABYTE,
        thrift_container_size_limit=1_000_000,
        **options,
    )


def _batches(file: Any, parquet: Any, needed: Sequence[str]) -> Iterator[Any]:
    """Texts arrive as the places of values in a list, for one long value that a million rows repeat takes no
    room in the file; they are written out only where they find room."""
    schema = parquet.schema_arrow
    texts = [name for name in needed if name in schema.names and _is_text(schema.field(name).type)]
    reader = _parquet(file, metadata=parquet.metadata, read_dictionary=texts)
    types = {name: schema.field(name).type for name in texts}
    for batch in reader.iter_batches(ROWS_AT_ONCE, columns=list(needed), use_threads=False):
        yield _written_out(batch, types)


def _is_text(kind: Any) -> bool:
    return any(of(kind) for of in (pat.is_string, pat.is_large_string, pat.is_binary, pat.is_large_binary))


_SMALL = (
    pat.is_null,
    pat.is_boolean,
    pat.is_integer,
    pat.is_floating,
    pat.is_date,
    pat.is_time,
    pat.is_timestamp,
    pat.is_duration,
)
"""Types whose values take a few bytes each."""


def _is_read(kind: Any) -> bool:
    """Whether it is known how much room so many values of the type take, before they take it."""
    if pat.is_dictionary(kind):
        return _is_text(kind.value_type)
    return _is_text(kind) or _is_of_one_width(kind) or any(of(kind) for of in _SMALL)


def _is_of_one_width(kind: Any) -> bool:
    """Every value takes the same room, and what the file repeats or leaves out takes it as well."""
    return bool(pat.is_fixed_size_binary(kind) or pat.is_decimal(kind))


def _check_types(schema: Any, needed: Sequence[str]) -> None:
    """Raises: RuleBroken where a column that is read has parts, or a type that is not read."""
    wanted = frozenset(needed)
    for field in schema:
        if field.name not in wanted or _is_read(field.type):
            continue
        code = errors.COLUMN_NESTED if pat.is_nested(field.type) else errors.COLUMN_TYPE
        raise rule_broken(code, column=field.name, type=str(field.type))


def _written_out(batch: Any, types: Mapping[str, Any]) -> Any:
    """Raises: RuleBroken where the values of so few rows take more room than there is."""
    listed = [name for name in batch.schema.names if pat.is_dictionary(batch.column(name).type)]
    size = sum(_size_of(batch.column(name)) for name in listed)
    _check_room(size, batch.num_rows)
    for name in listed:
        if name in types:
            place = batch.schema.get_field_index(name)
            texts = batch.column(name).dictionary_decode().cast(types[name])
            batch = batch.set_column(place, pa.field(name, types[name]), texts)
    return batch


def _size_of(column: Any) -> int:
    """In bytes, were every row written out."""
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0)


def _check_room(size: int, rows: int) -> None:
    """Raises: RuleBroken where the values of so few rows take more room than there is."""
    if size > LARGEST_BATCH:
        raise rule_broken(
            errors.VALUES_TOO_LARGE, rows=rows, size=size // MEGABYTE, most=LARGEST_BATCH // MEGABYTE
        )


def _check_size(parquet: Any, numbered: Numbered, needed: Sequence[str]) -> None:
    """What a file is by its own account, before any of it is unpacked.  Raises: RuleBroken."""
    metadata = parquet.metadata
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    rows = max(metadata.num_rows, sum(group.num_rows for group in groups))
    if metadata.num_columns > MOST_COLUMNS:
        raise rule_broken(
            errors.TOO_MANY_COLUMNS, file=numbered.place, columns=metadata.num_columns, most=MOST_COLUMNS
        )
    if rows > MOST_ROWS:
        raise rule_broken(errors.TOO_MANY_ROWS, file=numbered.place, rows=rows, most=MOST_ROWS)
    at_once = min(rows, ROWS_AT_ONCE)
    wanted = frozenset(needed)
    kinds = [field.type for field in parquet.schema_arrow if field.name in wanted]
    _check_room(at_once * sum(kind.byte_width for kind in kinds if _is_of_one_width(kind)), at_once)
    sizes = [_unpacked(group, needed) for group in groups]
    if max(sizes, default=0) > LARGEST_ROW_GROUP:
        raise rule_broken(
            errors.ROW_GROUP_TOO_LARGE,
            file=numbered.place,
            size=max(sizes) // MEGABYTE,
            most=LARGEST_ROW_GROUP // MEGABYTE,
        )
    if sum(sizes) > LARGEST_FILE:
        raise rule_broken(
            errors.FILE_UNPACKS_TOO_LARGE,
            file=numbered.place,
            size=sum(sizes) // MEGABYTE,
            most=LARGEST_FILE // MEGABYTE,
        )


def _unpacked(group: Any, needed: Sequence[str]) -> int:
    """In bytes, of the columns that are read."""
    parts = (group.column(index) for index in range(group.num_columns))
    starts = tuple(f"{name}." for name in needed)
    return sum(part.total_uncompressed_size for part in parts if f"{part.path_in_schema}.".startswith(starts))


def _compare(names: Sequence[str], known: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise rule_broken(errors.COLUMN_TWICE_IN_FILE)
    unexpected, missing = set(names) - set(known), sorted(set(known) - set(names))
    if unexpected or missing:
        # The first line of a file without a header is data, so what nobody expected is counted, not shown.
        few = ", ".join(missing[:MOST_NAMED]) or "–"
        raise rule_broken(errors.COLUMNS_DIFFER, unexpected=len(unexpected), missing=few)


@contextmanager
def _told_without_cells(numbered: Numbered) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError, ValueError):
        raise rule_broken(
            errors.FILE_UNREADABLE, file=numbered.place, files=numbered.files, format=numbered.format.value
        ) from None
