"""The files of a version, batch by batch: never more in memory than a piece of one.

The messages of the libraries quote cells, so none of them leaves this room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from apps.kernel.errors import rule_broken
from apps.preparing import errors

ROWS_AT_ONCE = 4096
BLOCK = 1 << 20
"""Bytes of a CSV file read at once; no row is longer."""
LARGEST_ROW_GROUP = 512 << 20
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
            parquet = _parquet(file)
            schema = parquet.schema_arrow
            names = schema.names
            _check_row_groups(parquet, numbered, needed)
            batches = parquet.iter_batches(ROWS_AT_ONCE, columns=list(needed), use_threads=False)
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


def _parquet(file: BinaryIO) -> Any:
    return pq.ParquetFile(
        pa.PythonFile(file, mode="r"),
        buffer_size=BLOCK,
        pre_buffer=False,
        thrift_string_size_limit=64 * MEGABYTE,
        thrift_container_size_limit=1_000_000,
    )


def _check_row_groups(parquet: Any, numbered: Numbered, needed: Sequence[str]) -> None:
    for number in range(parquet.metadata.num_row_groups):
        group = parquet.metadata.row_group(number)
        parts = (group.column(index) for index in range(group.num_columns))
        size = sum(
            part.total_uncompressed_size
            for part in parts
            if any(f"{part.path_in_schema}.".startswith(f"{name}.") for name in needed)
        )
        if size > LARGEST_ROW_GROUP:
            raise rule_broken(
                errors.ROW_GROUP_TOO_LARGE,
                file=numbered.place,
                size=size // MEGABYTE,
                most=LARGEST_ROW_GROUP // MEGABYTE,
            )


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
