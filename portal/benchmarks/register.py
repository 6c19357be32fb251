"""The register of five thousand activities as a file, beside the register of five hundred."""

from __future__ import annotations

from pathlib import Path
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
CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@benchmark("register")
def register() -> list[Row]:
    """By the clock, with the database; nothing of it is kept. The ratio of memory is of the most that the
    process took during the large register to that during the small one."""
    rows = []
    with transaction.atomic():
        small, large = House("BENCH-FEW"), House("BENCH-MANY")
        small.activities(FEW)
        large.activities(MANY)
        for kind in FORMATS:
            few, before = _spent(small, kind)
            many, after = _spent(large, kind)
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
            grown = f"memory: {before / MIB:.0f} and {after / MIB:.0f} MiB"
            rows.append(Row(what=grown, seconds=0.0, ratio=after / before))
        transaction.set_rollback(True)
    return rows


def _spent(house: House, kind: Format) -> tuple[float, int]:
    """Seconds, and the most memory the process held meanwhile, in KiB."""
    CLEAR.write_text("5")  # forgets the most that was held before
    began = perf_counter()
    exported = export_register(
        actor=SYSTEM,
        organization_id=house.organization.uid,
        articles=Articles.CONTROLLER,
        format=kind,
    )
    exported.file.close()
    seconds = perf_counter() - began
    held = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return seconds, int(held.split()[1])
