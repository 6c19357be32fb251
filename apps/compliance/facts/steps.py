"""What was done with a record, step by step, as its checks and its page look at it."""

from __future__ import annotations

from apps.compliance.lifecycle.cycle import Cycle, NothingSaid, Taken
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import LegalRecord, RecordStep


def log_of(row: LegalRecord) -> tuple[Taken, ...]:
    """The first step first. One query."""
    cycle = row.declared.cycle
    return tuple(taken(cycle, each) for each in row.steps.order_by("number")) if cycle else ()


def taken(cycle: Cycle, row: RecordStep) -> Taken:
    kinds = {step.slug: step.said for step in cycle.steps}
    return Taken(
        step=row.step,
        before=row.stage_before,
        after=row.stage_after,
        said=read(kinds.get(row.step, NothingSaid), row.said),
        at=row.created_at,
    )
