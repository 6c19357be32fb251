"""A place in memory, and files to lay there."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from apps.lakes.providers.s3.objects import StoredObject
from apps.preparing.recipe import Mask, Recipe, Span, StepDraft, StepKind, recipe_from
from apps.preparing.work.making import Made, Making
from apps.preparing.work.pseudonyms import Pseudonyms

ASSET = UUID(int=7)
SECRET = "a secret of the organization, long enough"
CANARY = "canary-4711"
"""In cells: nothing that is told of a file may hold it."""
TWO = ("id", "x")
KEEP, MASK = {"step": "keep"}, {"step": "mask"}


class Shelf:
    """What `Objects` is in a lake. A file appears when it was written whole."""

    def __init__(self, **files: bytes) -> None:
        self.files = {name.replace("__", "."): content for name, content in files.items()}

    def listed(self, at_most: int) -> list[StoredObject]:
        names = sorted(self.files)[: at_most + 1]
        return [StoredObject(name=name, size=len(self.files[name]), tag=name) for name in names]

    def opened(self, stored: StoredObject) -> BinaryIO:
        return io.BytesIO(self.files[stored.name])

    @contextmanager
    def written(self, name: str) -> Iterator[BinaryIO]:
        sink = _Kept()
        yield sink
        self.files[name] = sink.getvalue()


class _Kept(io.BytesIO):
    """A writer that closes its file does not lose it."""

    def close(self) -> None:
        self.flush()


def steps(columns: Iterable[Mapping[str, Any]]) -> list[StepDraft]:
    """As people would write them."""
    return [StepDraft(**{**each, "step": StepKind(each["step"]), "span": _span(each)}) for each in columns]


def _span(given: Mapping[str, Any]) -> Span | None:
    return Span(given["span"]) if "span" in given else None


def parquet(columns: Mapping[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), sink, **options)
    return sink.getvalue()


def made(recipe: Recipe, source: Shelf, *, secret: str = SECRET, asset: UUID = ASSET) -> tuple[Shelf, Made]:
    target = Shelf()
    pseudonyms = {
        name: Pseudonyms(secret, asset_id=asset, column=name)
        for name, step in recipe.steps.items()
        if isinstance(step, Mask)
    }
    making = Making(recipe=recipe, source=source, target=target, pseudonyms=pseudonyms, still=lambda: None)
    return target, making.carried_out()


def rows_of(target: Shelf, name: str = "part-00001.parquet") -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = pq.read_table(io.BytesIO(target.files[name])).to_pydict()
    return found


def recipe_of(known: tuple[str, ...], rows: str = "", **columns: dict[str, Any]) -> Recipe:
    return recipe_from(steps({"column": name, **step} for name, step in columns.items()), rows, known)
