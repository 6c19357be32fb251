"""Making a view: read, choose rows, do the steps, write, never holding more than a piece of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from apps.kernel.errors import rule_broken
from apps.lakes.providers.s3.objects import StoredObject
from apps.preparing.errors import NO_FILES, TOO_MANY_FILES
from apps.preparing.recipe import Most, Recipe
from apps.preparing.work.choosing import chosen
from apps.preparing.work.pseudonyms import Pseudonyms
from apps.preparing.work.reading import Format, Numbered, format_of, opened
from apps.preparing.work.stepping import Stepping, Tally

MOST_FILES = 10_000
ROWS_IN_A_GROUP = 65_536
BYTES_IN_A_GROUP = 32 << 20


class Shelf(Protocol):
    """A place in a lake."""

    def listed(self, at_most: int) -> list[StoredObject]: ...
    def opened(self, stored: StoredObject) -> BinaryIO: ...
    def written(self, name: str) -> AbstractContextManager[BinaryIO]: ...


@dataclass(kw_only=True)
class Made:
    """What came of it."""

    files: int = 0
    rows_in: int = 0
    rows_out: int = 0
    types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Making:
    """The recipe, what it needs besides, and where to read and to write."""

    recipe: Recipe
    source: Shelf
    target: Shelf
    pseudonyms: Mapping[str, Pseudonyms]
    still: Callable[[], None]
    """Asked between batches; raises where the work is to end."""

    def carried_out(self) -> Made:
        """Raises: RuleBroken (the data are not fit for it), ProviderFailure, NotFound."""
        files = self._files()
        stepping = Stepping(self.recipe.steps, pseudonyms=self.pseudonyms, most=self._most(files))
        made = Made(files=len(files))
        for numbered, stored in files:
            self._make(numbered, stored, stepping, made)
        return made

    def _files(self) -> list[tuple[Numbered, StoredObject]]:
        listed = self.source.listed(MOST_FILES)
        if len(listed) > MOST_FILES:
            raise rule_broken(TOO_MANY_FILES, most=MOST_FILES)
        holding = [each for each in listed if not _holds_nothing(each)]
        if not holding:
            raise rule_broken(NO_FILES)
        count = len(holding)
        return [
            (Numbered(place=place, files=count, format=format_of(each.name, place=place, files=count)), each)
            for place, each in enumerate(holding, start=1)
        ]

    def _most(self, files: list[tuple[Numbered, StoredObject]]) -> Mapping[str, frozenset[str]]:
        """The values that stay of columns of which the most frequent do: all files are read once for them."""
        wanted = {name: step.count for name, step in self.recipe.steps.items() if isinstance(step, Most)}
        if not wanted:
            return {}
        tallies = {name: Tally(name) for name in wanted}
        for numbered, stored in files:
            with self._read(numbered, stored) as (_schema, batches):
                for batch in batches:
                    left = chosen(self.recipe.rows, batch)
                    for name, tally in tallies.items():
                        tally.add(left.column(name))
        return {name: tally.most(wanted[name]) for name, tally in tallies.items()}

    def _make(self, numbered: Numbered, stored: StoredObject, stepping: Stepping, made: Made) -> None:
        """The files of a view are numbered: the names of the others may tell what was to be dropped."""
        ending = numbered.format.value.lower()
        with self._read(numbered, stored) as (read, batches):
            schema = stepping.schema(read)
            made.types.update({name: str(schema.field(name).type) for name in schema.names})
            with (
                self.target.written(f"part-{numbered.place:05d}.{ending}") as file,
                _writer(file, schema, numbered.format) as write,
            ):
                for batch in batches:
                    left = chosen(self.recipe.rows, batch)
                    made.rows_in += batch.num_rows
                    made.rows_out += left.num_rows
                    if left.num_rows:
                        write(stepping.done(left, schema))

    @contextmanager
    def _read(self, numbered: Numbered, stored: StoredObject) -> Iterator[tuple[Any, Iterator[Any]]]:
        known, needed = tuple(self.recipe.steps), self.recipe.needed
        with (
            self.source.opened(stored) as file,
            opened(file, numbered, known=known, needed=needed) as found,
        ):
            yield found.schema, self._watched(found.batches)

    def _watched(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            self.still()
            yield batch


def _holds_nothing(stored: StoredObject) -> bool:
    """Folders, and what tools leave beside the data by the custom of their names."""
    last = stored.name.rsplit("/", 1)[-1]
    return not last or last.startswith(("_", "."))


@contextmanager
def _writer(file: BinaryIO, schema: Any, format: Format) -> Iterator[Callable[[Any], None]]:
    sink = pa.PythonFile(file, mode="w")
    if format is Format.CSV:
        with pacsv.CSVWriter(sink, schema) as writer:
            yield writer.write
        return
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        group = _Group(writer, schema)
        yield group.add
        group.end()


class _Group:
    """Batches that are written as one row group."""

    def __init__(self, writer: Any, schema: Any) -> None:
        self._writer, self._schema = writer, schema
        self._waiting: list[Any] = []

    def add(self, batch: Any) -> None:
        self._waiting.append(batch)
        rows = sum(each.num_rows for each in self._waiting)
        size = sum(each.nbytes for each in self._waiting)
        if rows >= ROWS_IN_A_GROUP or size >= BYTES_IN_A_GROUP:
            self.end()

    def end(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema))
            self._waiting = []
