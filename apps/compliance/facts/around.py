"""What a content names, as its checks may look at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from apps.catalog.models import Asset, AssetVersion
from apps.compliance.facts.above import ABOVE
from apps.compliance.facts.records import activity_content, purpose_content
from apps.compliance.lifecycle import ActivityContent, PurposeStanding
from apps.compliance.lifecycle.activity.particulars import PARTIES
from apps.compliance.lifecycle.declaration import Around, Content, Referred, Shape, Spec, specs_of
from apps.compliance.lifecycle.judging import is_overdue
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
)
from apps.kernel.actor import Actor

PURPOSE, ACTIVITY, ASSET, VERSION = "purpose", "activity", "asset", "version"
RECIPIENT_PARTY = Spec(shape=Shape.ONE, label="", of=PARTIES)


def references(content: Any, place: str = "") -> Iterator[tuple[str, Spec, UUID]]:
    """Everything that a content names by uid: the field, its declaration, and what is named."""
    for name, spec in specs_of(type(content)).items():
        value, at = getattr(content, name), f"{place}{name}"
        if spec.shape is Shape.ONE and value is not None:
            yield at, spec, value
        elif spec.shape is Shape.SOME:
            yield from ((at, spec, uid) for uid in value)
        elif spec.shape is Shape.ROWS:
            for number, row in enumerate(value):
                yield from references(row, f"{at}.{number}.")


Named = Iterable[tuple[str, Spec, UUID]]


def references_of_activity(content: ActivityContent) -> Iterator[tuple[str, Spec, UUID]]:
    """The records that an activity names; its purposes and assets have tables of their own."""
    for number, recipient in enumerate(content.recipients):
        if recipient.party_id is not None:
            yield f"recipients.{number}.party_id", RECIPIENT_PARTY, recipient.party_id
    yield from references(content.particulars, "particulars.")


def unknown_references(
    named: Named, organization_id: int, actor: Actor
) -> tuple[tuple[str, Spec, UUID], ...]:
    """Those that name nothing the actor may see in that organization. One query a kind of thing named."""
    named = list(named)
    there: set[tuple[str, UUID]] = set()
    for of in {spec.of for _, spec, _ in named}:
        wanted = {uid for _, spec, uid in named if spec.of == of}
        there |= {(of, uid) for uid in _there(of, wanted, organization_id, actor)}
    return tuple(each for each in named if (each[1].of, each[2]) not in there)


def _there(of: str, wanted: Collection[UUID], organization_id: int, actor: Actor) -> Iterator[UUID]:
    tables: dict[str, Any] = {
        PURPOSE: Purpose,
        ACTIVITY: ProcessingActivity,
        ASSET: Asset,
        VERSION: AssetVersion,
    }
    if of in ABOVE:
        seen = ABOVE[of].seen_by(actor, wanted).filter(**{ABOVE[of].organization: organization_id})
        yield from seen.values_list("uid", flat=True)
        return
    found = tables.get(of, LegalRecord).objects.visible_to(actor).filter(uid__in=wanted)
    whose = "asset__organization_id" if of == VERSION else "organization_id"
    found = found.filter(**{whose: organization_id})
    if of not in tables:
        found = found.filter(kind=of)
    yield from found.values_list("uid", flat=True)


def around(content: Content, *, on: date) -> Around:
    """At most three queries: the records, purposes and activities it names, as they are in force that day."""
    return around_named(references(content), on=on)


def around_named(named_there: Named, *, on: date) -> Around:
    wanted: dict[str, set[UUID]] = {}
    for _, spec, uid in named_there:
        wanted.setdefault(spec.of, set()).add(uid)
    purposes, activities = wanted.pop(PURPOSE, set()), wanted.pop(ACTIVITY, set())
    for of in (ASSET, VERSION, *ABOVE):
        wanted.pop(of, None)
    records: set[UUID] = set().union(*wanted.values())
    named = {**_records(records, on), **_purposes(purposes, on), **_activities(activities, on)}
    return Around(today=on, named=named)


def _records(wanted: Collection[UUID], on: date) -> Mapping[UUID, Referred]:
    if not wanted:
        return {}
    found = LegalRecordVersion.objects.filter(legal_record__uid__in=wanted)
    newest: dict[UUID, Referred] = {}
    for version in found.select_related("legal_record").order_by("number"):
        record = version.legal_record
        if record.uid not in newest or not newest[record.uid].is_in_force:
            newest[record.uid] = referred(version, on)
    return newest


def referred(version: LegalRecordVersion, on: date) -> Referred:
    """With its content only where it is in force that day."""
    record, due = version.legal_record, version.review_due_on
    holds = (
        version.record_status == "approved"
        and version.effective_from <= on
        and (version.effective_to is None or version.effective_to > on)
    )
    return Referred(
        kind=record.kind,
        ref=record.ref,
        name=version.name,
        number=version.number,
        content=version.said if holds else None,
        approved_on=version.approved_at.date() if version.approved_at else None,
        is_overdue=due is not None and is_overdue(due, on),
    )


def _purposes(wanted: Collection[UUID], on: date) -> Mapping[UUID, Referred]:
    if not wanted:
        return {}
    found = PurposeVersion.objects.filter(purpose__uid__in=wanted).select_related("purpose", "concept")
    named: dict[UUID, Referred] = {}
    for version in found.order_by("number"):
        purpose = version.purpose
        if purpose.uid in named and named[purpose.uid].is_in_force:
            continue
        stands = purpose.standing == PurposeStanding.STANDING and version.record_status == "approved"
        holds = stands and (version.valid_to is None or version.valid_to > on)
        named[purpose.uid] = Referred(
            kind=PURPOSE,
            ref=purpose.ref,
            name=version.name,
            number=version.number,
            content=purpose_content(version) if holds else None,
            approved_on=version.approved_at.date() if version.approved_at else None,
        )
    return named


def _activities(wanted: Collection[UUID], on: date) -> Mapping[UUID, Referred]:
    if not wanted:
        return {}
    found = ActivityVersion.objects.filter(activity__uid__in=wanted).select_related("activity", "controller")
    named: dict[UUID, Referred] = {}
    for version in found.order_by("number"):
        activity = version.activity
        if activity.uid in named and named[activity.uid].is_in_force:
            continue
        holds = version.record_status == "approved"
        named[activity.uid] = Referred(
            kind=ACTIVITY,
            ref=activity.ref,
            name=version.name,
            number=version.number,
            content=activity_content(version) if holds else None,
            approved_on=version.approved_at.date() if version.approved_at else None,
        )
    return named
