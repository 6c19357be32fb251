"""A file of labels from its first byte to its last row, beside a bare COPY of the same rows."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import IO, Any

from django.db import connection, transaction

from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import (
    LABELING_POLICIES,
    LabelingPolicyContent,
    LabelRow,
    LabelTask,
    PolicyStage,
)
from apps.kernel.actor import SYSTEM
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.commands import bring_labels, bring_labels_file, review_label_set
from apps.labeling.facts import around_of, terms_of
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.schema import held_to_schema
from apps.labeling.models import Label, LabelImport, LabelSet
from apps.labeling.queries import policy_in_force
from apps.labeling.rendering.changes import changes_between
from apps.labeling.work.job import worked
from portal.benchmarks import Row, benchmark
from portal.benchmarks.registers import House

ANNOTATIONS = 1_000_000
MOST_SECONDS = 90.0
"""For a million."""
MOST_MIB = 1536
CLASSES = ("sandstone", "shale", "limestone", "dolomite", "salt")
ANNOTATORS = 10
MEMORY = "memory"
GRADES = 101
OF_GRADES = "grades: brought by the command"
BY_A_WORKER, MEASURED_ANEW = "read and kept by a worker", "measured anew"
KEEPS = (BY_A_WORKER, MEASURED_ANEW)
NOT_TWICE = frozenset({"id", "uid", "asset_version"})
MIB = 1024
CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@benchmark("labels")
def labels(annotations: int = ANNOTATIONS, *, has_grades: bool = True) -> list[Row]:
    """By the clock, with the database; nothing of it is kept. The ratios are to the bare COPY."""
    with transaction.atomic():
        rows = measured(b"".join(lines(annotations)), annotations)
        rows += of_grades(annotations) if has_grades else []
        transaction.set_rollback(True)
    return rows


def lines(annotations: int, seed: int = 1) -> Iterator[bytes]:
    """Three or four of ten people an item; one of ten answers is drawn anew, one of fifty items is gold."""
    yield b"item,annotator,label,seconds,ground_truth\n"
    yield from islice(_answers(random.Random(seed)), annotations)  # noqa: S311 - the same file each time


def _answers(dice: random.Random) -> Iterator[bytes]:
    item = 0
    while True:
        true = dice.choice(CLASSES)
        for who in dice.sample(range(ANNOTATORS), 3 if item % 50 == 0 else 4):
            said = true if dice.random() < 0.9 else dice.choice(CLASSES)
            took = f"{60 * dice.random():.2f}"
            yield f"survey/core-{item:07}.png,person{who}@example.org,{said},{took},0\n".encode()
        if item % 50 == 0:
            yield f"survey/core-{item:07}.png,expert,{true},,1\n".encode()
        item += 1


def grades(annotations: int, seed: int = 1) -> Iterator[bytes]:
    """Three people an item and 101 grades, which stand by size, so that hardly two items are graded alike."""
    yield b"item,annotator,label,seconds,ground_truth\n"
    yield from islice(_graded(random.Random(seed)), annotations)  # noqa: S311 - the same file each time


def _graded(dice: random.Random) -> Iterator[bytes]:
    item = 0
    while True:
        true = dice.randrange(GRADES)
        for who in dice.sample(range(ANNOTATORS), 3):
            said = min(GRADES - 1, max(0, round(true + dice.gauss(0, 4))))
            yield f"survey/core-{item:07}.png,person{who}@example.org,{said},5,0\n".encode()
        item += 1


def of_grades(annotations: int) -> list[Row]:
    bench = _Bench.made("BENCH-GRADES", LabelTask.ORDINAL, ())
    file = b"".join(grades(annotations))
    CLEAR.write_text("5")
    given = {"asset_version_id": bench.version.uid, "policy": bench.policy, "content": file}
    began = perf_counter()
    bring_labels(actor=SYSTEM, **given)
    whole, memory = perf_counter() - began, _most_held("of grades")
    _reading, measuring = bench.stages(file)
    return [
        memory,
        Row(what="grades: measuring, with its bounds", seconds=measuring, ratio=0.0),
        Row(what=OF_GRADES, seconds=whole, ratio=0.0, most_seconds=_goal(annotations)),
    ]


def _goal(annotations: int) -> float | None:
    """Few take about as long to be measured as many."""
    return MOST_SECONDS * annotations / ANNOTATIONS if annotations >= ANNOTATIONS else None


def measured(file: bytes, annotations: int) -> list[Row]:
    """Inside a transaction that is undone."""
    bench = _Bench.made()
    CLEAR.write_text("5")  # forgets the most that was held before
    before, began = _held("VmRSS"), perf_counter()
    made: LabelSet = bring_labels(
        actor=SYSTEM, asset_version_id=bench.version.uid, policy=bench.policy, content=file
    )
    whole, most = perf_counter() - began, _held("VmHWM")
    with TemporaryFile() as rows:
        bare = _bare_copy(made, rows)
    reading, measuring = bench.stages(file)
    goal = _goal(annotations)
    told = f", {before / MIB:.0f} MiB of them before"
    del file
    later = [
        row if row.most_ratio is not None else _beside(row, bare, goal)
        for row in bench.later(made, b"".join(lines(annotations, seed=2)))
    ]
    return [
        Row(what=f"bare COPY of {annotations} rows", seconds=bare, ratio=1.0),
        Row(what="reading the file", seconds=reading, ratio=reading / bare),
        Row(what="measuring, with its bounds", seconds=measuring, ratio=measuring / bare),
        Row(what="brought by the command", seconds=whole, ratio=whole / bare, most_seconds=goal),
        _memory(most, told),
        *later,
    ]


def _beside(row: Row, bare: float, goal: float | None) -> Row:
    return replace(
        row, ratio=row.seconds / bare, most_seconds=goal if row.what in KEEPS else row.most_seconds
    )


@dataclass(frozen=True, kw_only=True)
class _Bench:
    version: AssetVersion
    policy: str

    @classmethod
    def made(
        cls,
        name: str = "BENCH-LABELS",
        task: LabelTask = LabelTask.CLASSIFICATION,
        labels: tuple[str, ...] = CLASSES,
    ) -> _Bench:
        house = House(name)
        version = AssetVersion.objects.select_related("asset__organization").get(asset=house.assets[0])
        record = house.record(
            LABELING_POLICIES, "LP", 1, _policy(version, task, labels), stage=PolicyStage.ACTIVE
        )
        return cls(version=version, policy=record.ref)

    def stages(self, file: bytes) -> tuple[float, float]:
        """Seconds of reading and of measuring, by themselves."""
        organization = self.version.asset.organization
        now = self.version.created_at.date()
        policy = policy_in_force(actor=SYSTEM, organization=organization, ref=self.policy, on=now)
        terms = terms_of(policy.content)
        began = perf_counter()
        export = held_to_schema(read_export(file), terms)
        read = perf_counter()
        found = measure(export.annotations, export.items, terms)
        findings_of(found, terms, around_of(self.version, policy))
        return read - began, perf_counter() - read

    def later(self, made: LabelSet, file: bytes) -> Iterator[Row]:
        """Another file by way of a worker, the first set measured anew, and both held against each other."""
        began = perf_counter()
        given = {"asset_version_id": self.version.uid, "policy": self.policy, "content": io.BytesIO(file)}
        taken: LabelImport = bring_labels_file(actor=SYSTEM, **given)
        yield Row(what="taken in, to be read later", seconds=perf_counter() - began, ratio=0.0)
        CLEAR.write_text("5")
        began = perf_counter()
        worked(taken.uid)
        yield Row(what=BY_A_WORKER, seconds=perf_counter() - began, ratio=0.0)
        yield _most_held("of the worker")
        CLEAR.write_text("5")
        began = perf_counter()
        review_label_set(actor=SYSTEM, label_set_id=made.uid)
        yield Row(what=MEASURED_ANEW, seconds=perf_counter() - began, ratio=0.0)
        yield _most_held("of measuring anew")
        other = LabelSet.objects.filter(version=self.version).latest("number")
        began = perf_counter()
        changes_between(made, other)
        yield Row(what="two sets, item by item", seconds=perf_counter() - began, ratio=0.0)


def _bare_copy(made: LabelSet, rows: IO[bytes]) -> float:
    """Seconds: what was kept is taken out as it is, and put in again beside it."""
    fields = [each.attname for each in LabelSet._meta.concrete_fields if each.name not in NOT_TWICE]
    given: dict[str, Any] = {name: getattr(made, name) for name in fields}
    beside = LabelSet.objects.create(**{**given, "number": made.number + 1, "file_sha256": "0" * 64})
    columns = [
        each.column
        for each in Label._meta.concrete_fields
        if not each.primary_key and each.name != "label_set"
    ]
    named = ", ".join(f'"{name}"' for name in columns)
    table = Label._meta.db_table
    with connection.cursor() as cursor:
        select = f'SELECT {beside.pk}, {named} FROM "{table}" WHERE label_set_id = {made.pk}'  # noqa: S608
        with cursor.copy(f"COPY ({select}) TO STDOUT") as taken:
            for block in taken:
                rows.write(block)
        rows.seek(0)
        began = perf_counter()
        with cursor.copy(f'COPY "{table}" (label_set_id, {named}) FROM STDIN') as into:
            while block := rows.read(io.DEFAULT_BUFFER_SIZE * 8):
                into.write(block)
        return perf_counter() - began


def _most_held(whose: str) -> Row:
    return _memory(_held("VmHWM"), f", {whose}")


def _memory(kib: int, told: str) -> Row:
    """Its ratio is to the goal."""
    what = f"{MEMORY}: {kib / MIB:.0f} MiB at most{told}"
    return Row(what=what, seconds=0.0, ratio=kib / MIB / MOST_MIB, most_ratio=1.0)


def _held(what: str) -> int:
    """In KiB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(what))
    return int(line.split()[1])


def _policy(version: AssetVersion, task: LabelTask, labels: tuple[str, ...]) -> LabelingPolicyContent:
    rows = tuple(
        LabelRow(id=each, definition=f"What is {each}.", is_sensitive=False, leaves_it_open=False)
        for each in labels
    )
    return LabelingPolicyContent(
        name="Kinds of rock",
        datasets=(version.asset.uid,),
        task=task,
        labels=rows,
        annotations_per_item=3,
        are_raw_kept=True,
    )
