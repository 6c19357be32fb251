"""What would become of the lines of a file: read as they would be imported, and nothing written."""

from __future__ import annotations

from dataclasses import dataclass

from apps.compliance.imports.cells import Known
from apps.compliance.imports.targets import Field, Understood, understood
from apps.compliance.lifecycle import ActivityContent
from apps.compliance.models import RegisterImport
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class TriedLine:
    """`faults` keep the whole file from being imported; `gaps` are what the draft would still lack."""

    number: int
    said: Understood

    @property
    def content(self) -> ActivityContent:
        return self.said.content

    @property
    def faults(self) -> tuple[Reason, ...]:
        return self.said.faults

    @property
    def gaps(self) -> tuple[Field, ...]:
        return self.said.gaps

    @property
    def name(self) -> str:
        return self.content.name


def trial_of(brought: RegisterImport, known: Known) -> tuple[TriedLine, ...]:
    places = {name: position for position, name in enumerate(brought.head)}
    mapped = {Field(target): column for target, column in brought.columns.items()}
    tried = []
    for number, cells in brought.lines:
        told = {target: (column, cells[places[column]]) for target, column in mapped.items()}
        tried.append(TriedLine(number=number, said=understood(told, number, known)))
    return tuple(tried)
