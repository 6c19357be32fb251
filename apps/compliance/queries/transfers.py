"""Where personal data go, and on what that rests: a table, country by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.declaration import Around, Referred
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.parties import PARTIES, PartyContent
from apps.compliance.lifecycle.transfers import (
    TRANSFERS,
    TransferContent,
    TransferStage,
    is_restricted,
    stage_of,
)
from apps.compliance.models import LegalRecordVersion, Occurrence
from apps.kernel.actor import Actor
from apps.policy.reason import Reason

MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One transfer in force. `gaps` are what it lacks today, not when it was signed off."""

    uid: UUID
    ref: str
    name: str
    importer: str
    country: str
    is_restricted: bool
    content: TransferContent
    ends_on: date | None
    stage: TransferStage
    gaps: tuple[Reason, ...]


def passages(actor: Actor, *, on: date) -> tuple[Passage, ...]:
    """By country, then by importer. Three queries."""
    approved = LegalRecordVersion.objects.visible_to(actor).filter(record_status=RecordStatus.APPROVED)
    found = approved.filter(legal_record__kind=TRANSFERS.slug).select_related("legal_record")
    versions = list(found.order_by("legal_record__ref")[:MOST])
    importers = {version.said.importer for version in versions} - {None}
    parties = approved.filter(legal_record__kind=PARTIES.slug, legal_record__uid__in=importers)
    named = {version.legal_record.uid: version for version in parties.select_related("legal_record")}
    lost = list(
        Occurrence.objects.in_effect()
        .filter(happening=Happening.INSTRUMENT_INVALID)
        .values_list("source", "organization", "country")
    )
    told = [_passage(version, named, on, lost) for version in versions]
    return tuple(sorted(told, key=lambda each: (each.country or "~", each.importer, each.ref)))


Lost = Sequence[tuple[int | None, int, str]]


def _passage(version: LegalRecordVersion, named: dict[UUID, Any], on: date, lost: Lost) -> Passage:
    content: TransferContent = version.said
    party = named.get(content.importer) if content.importer else None
    referred = {}
    if party is not None:
        other = party.legal_record
        referred[other.uid] = Referred(
            kind=other.kind, ref=other.ref, name=party.name, number=party.number, content=party.said
        )
    said: PartyContent | None = party.said if party is not None else None
    row = version.legal_record
    country = said.country if said else ""
    is_suspended = any(
        source == row.pk or (source is None and (place, where) == (row.organization_id, country))
        for source, place, where in lost
    )
    return Passage(
        uid=version.legal_record.uid,
        ref=version.legal_record.ref,
        name=version.name,
        importer=party.name if party is not None else "",
        country=country,
        is_restricted=said is not None and is_restricted(said, on),
        content=content,
        ends_on=version.effective_to,
        stage=stage_of(
            content, is_approved=True, ends_on=version.effective_to, is_suspended=is_suspended, on=on
        ),
        gaps=tuple(TRANSFERS.gaps(content, Around(today=on, named=referred))),
    )
