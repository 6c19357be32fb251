"""Faults of a file as reasons of a refusal."""

from __future__ import annotations

from collections.abc import Sequence

from apps.labeling.errors import MORE_FAULTS
from apps.labeling.imports.annotation import Fault
from apps.policy.reason import Reason

FAULTS_TOLD = 100


def reasons_of(faults: Sequence[Fault], faulty: int) -> tuple[Reason, ...]:
    """Each fault at its line, and how many more there are."""
    told = [
        Reason(
            code=each.reason.code,
            facts=each.reason.facts,
            field=".".join(filter(None, ("content", str(each.line), each.place))),
        )
        for each in faults[:FAULTS_TOLD]
    ]
    more = faulty - len(told)
    if more:
        told.append(Reason(code=MORE_FAULTS, field="content", facts={"more": more}))
    return tuple(told)
