"""The records on which an access rested, each in the version that was in force at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from apps.compliance.facts import activity_content, purpose_content
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS
from apps.compliance.lifecycle.compatibility import COMPATIBILITIES
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.interests import INTERESTS
from apps.compliance.lifecycle.parties import PARTIES
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.models import (
    ActivityVersion,
    LegalRecordVersion,
    Purpose,
    PurposeVersion,
    RecordStep,
    RecordVersion,
)
from apps.compliance.models.record import is_signed
from apps.kernel.events import plain
from apps.policy.snapshot import canonical_bytes

CARRYING = (
    INTERESTS,
    COMPATIBILITIES,
    CONSENTS,
    DPIAS,
    TRANSFERS,
    RETENTIONS,
    USE_AGREEMENTS,
    AI_SYSTEMS,
    PARTIES,
)
"""Kinds on which a decision may rest. Breaches and requests of people are not among them."""
HOPS = 2
"""A transfer names its activity, and the party it goes to is named by the transfer."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """`content` is canonical JSON. For a declared kind, its SHA-256 is the one that was signed off."""

    kind: str
    uid: UUID
    ref: str
    number: int
    name: str
    content: bytes
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    stage: str = ""
    steps: tuple[dict[str, Any], ...] = ()
    signed_sha256: str = ""


def records_behind(
    purpose: Purpose, assets: Collection[UUID], personal_assets: Collection[int], *, at: datetime
) -> tuple[Behind, ...]:
    """The purpose, the activities that cover it with one of the assets, and what names these or is named."""
    versions = _held(PurposeVersion.objects.filter(purpose=purpose), at).select_related("concept", "purpose")
    purposes = list(versions)
    covering = _held(ActivityVersion.objects.filter(purposes=purpose, assets__in=personal_assets), at)
    activities = list(covering.select_related("activity", "controller").distinct())
    found = [_purpose(version) for version in purposes]
    found += [_activity(version) for version in activities]
    words = {str(purpose.uid), *map(str, assets), *(str(version.activity.uid) for version in activities)}
    refs = {ref for version in purposes for ref in (version.lia_ref, version.consent_ref) if ref}
    return (*found, *_legal(purpose.organization_id, words, refs, on=at.date()))


def _legal(organization_id: int, words: set[str], refs: set[str], *, on: date) -> Iterable[Behind]:
    """Records that name one of the things, or are named by their number; then those that these name."""
    held = LegalRecordVersion.objects.as_of(on).filter(
        legal_record__organization=organization_id, legal_record__kind__in=[kind.slug for kind in CARRYING]
    )
    held = held.annotate(told=Cast("content", TextField()))
    wanted = Q(legal_record__ref__in=refs)
    for word in words:
        wanted |= Q(told__contains=word)
    found: dict[int, LegalRecordVersion] = {}
    for _hop in range(HOPS):
        rows = held.filter(wanted).exclude(pk__in=found).select_related("legal_record", "approved_by")
        fresh = {row.pk: row for row in rows}
        found |= fresh
        wanted = Q(legal_record__uid__in=[uid for row in fresh.values() for uid in _uids_in(row.content)])
    steps = RecordStep.objects.filter(legal_record__in=[row.legal_record_id for row in found.values()])
    taken: dict[int, list[RecordStep]] = {}
    for step in steps.select_related("taken_by").order_by("number"):
        taken.setdefault(step.legal_record_id, []).append(step)
    ordered = sorted(found.values(), key=lambda row: (row.legal_record.kind, row.legal_record.ref))
    return [_declared(row, taken.get(row.legal_record_id, [])) for row in ordered]


def _uids_in(value: Any) -> Iterable[UUID]:
    match value:
        case dict():
            return [uid for member in value.values() for uid in _uids_in(member)]
        case list():
            return [uid for member in value for uid in _uids_in(member)]
        case str() if len(value) == 36:
            try:
                return [UUID(value)]
            except ValueError:
                return []
    return []


def _held(versions: Any, at: datetime) -> Any:
    """Signed off by then, and neither replaced nor ended before."""
    still = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    return versions.filter(is_signed(), still, approved_at__lte=at).select_related("approved_by")


def _purpose(version: PurposeVersion) -> Behind:
    content = canonical_bytes(plain(asdict(purpose_content(version))))
    return _behind("purposes", version.purpose, version, content)


def _activity(version: ActivityVersion) -> Behind:
    content = canonical_bytes(plain(asdict(activity_content(version))))
    return _behind("processing-activities", version.activity, version, content)


def _declared(version: LegalRecordVersion, steps: Iterable[RecordStep]) -> Behind:
    row = version.legal_record
    content = canonical_bytes({"kind": row.kind, "content": version.content})
    told = tuple(
        {
            "step": step.step,
            "from": step.stage_before,
            "to": step.stage_after,
            "at": step.created_at.isoformat(),
            "by": step.taken_by.name if step.taken_by else "",
            "said": step.said,
        }
        for step in steps
    )
    more = {"stage": row.stage, "steps": told, "signed_sha256": version.content_sha256}
    return _behind(row.kind, row, version, content, **more)


def _behind(kind: str, row: Any, version: RecordVersion, content: bytes, **more: Any) -> Behind:
    name: str = version.name  # type: ignore[attr-defined]
    return Behind(
        kind=kind,
        uid=row.uid,
        ref=row.ref,
        number=version.number,
        name=name,
        content=content,
        approved_by=version.approved_by.name if version.approved_by else "",
        approved_at=version.approved_at,
        ended_at=version.ended_at,
        **more,
    )
