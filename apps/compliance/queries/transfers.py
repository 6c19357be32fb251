"""Where personal data go, and on what that rests: a table, country by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

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
from apps.compliance.models import LegalRecord, LegalRecordVersion, Occurrence
from apps.compliance.models.record import SIGNED
from apps.compliance.queries.due import counting
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet
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


def with_what_was_lost(found: HouseQuerySet[LegalRecord]) -> Any:
    """Transfers, each with whether what it rests on has fallen: itself, or its country as a whole."""
    approved = LegalRecordVersion.objects.filter(record_status=RecordStatus.APPROVED)
    said = approved.filter(legal_record=OuterRef("pk"))
    party = approved.filter(
        legal_record__kind=PARTIES.slug, legal_record__uid=Cast(OuterRef("importer"), UUIDField())
    )
    lost = Occurrence.objects.in_effect().filter(
        Q(source=OuterRef("pk"))
        | Q(source__isnull=True, organization=OuterRef("organization"), country=OuterRef("place")),
        happening=Happening.INSTRUMENT_INVALID,
    )
    return found.annotate(
        importer=Subquery(said.values(named=KeyTextTransform("importer", "content"))[:1]),
        place=Subquery(party.values(named=KeyTextTransform("country", "content"))[:1]),
        is_basis_lost=Exists(lost),
    )


def stage_of_record(row: Any) -> str:
    """Where it stands in the cycle of its kind, or, of a transfer, what follows from its days. It was read by
    `legal_records`, with its versions."""
    if row.kind != TRANSFERS.slug:
        return str(row.stage)
    version: Any = counting(row.seen_versions)
    is_approved = version.record_status in SIGNED
    ends_on = version.ended_at.date() if is_approved and version.ended_at else version.effective_to
    return stage_of(
        version.said,
        is_approved=is_approved,
        ends_on=ends_on,
        is_suspended=row.is_basis_lost,
        on=timezone.now().date(),
    )


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
