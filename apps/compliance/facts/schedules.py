"""What schedules of retention come to on a day: data that may be kept no longer, and data that are held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.compliance.lifecycle.retention import RETENTIONS, ends_on
from apps.compliance.models import LegalRecordVersion


@dataclass(frozen=True, kw_only=True)
class Schedules:
    """Uids of assets. `held` with the case for which deletion is suspended (GDPR Art. 17(3)(e))."""

    over: frozenset[UUID]
    held: dict[UUID, str]


def schedules_on(on: date, *assets: UUID) -> Schedules:
    """Of those in force that day; about these assets alone, where some are named. One query."""
    found = LegalRecordVersion.objects.in_force(on).filter(legal_record__kind=RETENTIONS.slug)
    for uid in assets:
        found = found.filter(content__contains={"assets": [str(uid)]})
    over: set[UUID] = set()
    held: dict[UUID, str] = {}
    for version in found.select_related("legal_record").order_by("pk"):
        said = version.said
        end = ends_on(said)
        if said.hold_ref.strip():
            held.update(dict.fromkeys(said.assets, said.hold_ref))
        elif end is not None and end <= on:
            over.update(said.assets)
    return Schedules(over=frozenset(over), held=held)
