"""Reads of files that were brought, and of kept mappings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.compliance.facts.art30.known import known_to
from apps.compliance.facts.art30.trial import TriedLine, trial_of
from apps.compliance.models import ColumnMapping, RegisterImport
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A file with what would become of its lines."""

    brought: RegisterImport
    lines: tuple[TriedLine, ...]

    @property
    def uid(self) -> UUID:
        return self.brought.uid

    @property
    def faults(self) -> int:
        return sum(len(line.faults) for line in self.lines)

    @property
    def schedules(self) -> int:
        """How many time limits would become drafts of schedules."""
        return len({key for line in self.lines for key in line.said.schedules})


def register_imports(actor: Actor) -> HouseQuerySet[RegisterImport]:
    """The newest first, without their lines."""
    found: Any = RegisterImport.objects.visible_to(actor).select_related("organization", "brought_by")
    rows: HouseQuerySet[RegisterImport] = found.defer("lines").order_by("-pk")
    return rows


def column_mappings(actor: Actor) -> HouseQuerySet[ColumnMapping]:
    return ColumnMapping.objects.visible_to(actor).select_related("organization").order_by("pk")


def trial(actor: Actor, register_import_id: UUID) -> Trial:
    """A dry run. Five queries besides.  Raises: NotFound."""
    brought = RegisterImport.objects.visible_to(actor).select_related("organization").one(register_import_id)
    return Trial(brought=brought, lines=trial_of(brought, known_to(actor, brought.organization)))
