"""The register of five thousand activities as a file, beside the register of five hundred."""

from __future__ import annotations

from resource import RUSAGE_SELF, getrusage
from time import perf_counter

from django.db import transaction

from apps.compliance.commands import export_register
from apps.compliance.queries import Articles, Format
from apps.kernel.actor import SYSTEM
from portal.benchmarks import Row, benchmark
from portal.benchmarks.registers import House

FEW, MANY = 500, 5000
MOST_SECONDS = 10.0
FORMATS = (Format.CSV, Format.JSON, Format.JSONLD, Format.XLSX)
GOALS = {Format.CSV: MOST_SECONDS, Format.JSON: MOST_SECONDS}
MIB = 1024


@benchmark("register")
def register() -> list[Row]:
    """By the clock, with the database; nothing of it is kept. The ratio of memory is of the whole process,
    at most, after the large register to that after the small one."""
    rows = []
    with transaction.atomic():
        small, large = House("BENCH-FEW"), House("BENCH-MANY")
        small.activities(FEW)
        large.activities(MANY)
        for kind in FORMATS:
            few, before = _seconds(small, kind), _peak()
            many, after = _seconds(large, kind), _peak()
            rows.append(Row(what=f"{FEW} activities as {kind.value}", seconds=few, ratio=1.0))
            most = GOALS.get(kind)
            rows.append(
                Row(
                    what=f"{MANY} activities as {kind.value}",
                    seconds=many,
                    ratio=many / few,
                    most_seconds=most,
                )
            )
            grown = f"memory, {after / MIB:.0f} MiB, grown by {(after - before) / MIB:.0f}"
            rows.append(Row(what=grown, seconds=0.0, ratio=after / before))
        transaction.set_rollback(True)
    return rows


def _seconds(house: House, format: Format) -> float:
    began = perf_counter()
    organization_id = house.organization.uid
    exported = export_register(
        actor=SYSTEM, organization_id=organization_id, articles=Articles.CONTROLLER, format=format
    )
    exported.file.close()
    return perf_counter() - began


def _peak() -> int:
    """In KiB."""
    return getrusage(RUSAGE_SELF).ru_maxrss
