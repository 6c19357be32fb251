"""A file of labels that was read and measured, before anything of it is kept. It takes long, and no lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from apps.kernel.errors import InvalidInput, rule_broken
from apps.labeling import errors
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.reading import Export, held_to, read_export
from apps.labeling.imports.source import Told
from apps.policy.reason import Reason

FAULTS_TOLD = 100


@dataclass(frozen=True, kw_only=True)
class Examined:
    export: Export
    measured: Measured


def examined(
    content: bytes | BinaryIO, terms: Terms, *, leave_out_faults: bool, told: Told | None = None
) -> Examined:
    """Raises: InvalidInput (each fault with its line), RuleBroken (no export, or words for numbers)."""
    export = held_to(read_export(content, told), terms.labels)
    if export.faulty and not leave_out_faults:
        raise InvalidInput(*_reasons(export))
    try:
        measured = measure(export.annotations, export.items, terms)
    except ValueError as fault:
        raise rule_broken(errors.NUMBERS_NEEDED, field="content") from fault
    return Examined(export=export, measured=measured)


def _reasons(export: Export) -> tuple[Reason, ...]:
    """Each fault at its line, and how many more there are."""
    told = [
        Reason(
            code=each.reason.code,
            facts=each.reason.facts,
            field=".".join(filter(None, ("content", str(each.line), each.place))),
        )
        for each in export.faults[:FAULTS_TOLD]
    ]
    more = export.faulty - len(told)
    if more:
        told.append(Reason(code=errors.MORE_FAULTS, field="content", facts={"more": more}))
    return tuple(told)
