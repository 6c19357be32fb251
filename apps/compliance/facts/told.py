"""Records with all that a report on them tells, as far as whoever exports it may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from apps.accounts.models import Organization
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.facts.above import ABOVE
from apps.compliance.facts.steps import taken
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.controls import CONTROLS
from apps.compliance.lifecycle.declaration import Shape
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    PurposeVersion,
    RecordStep,
)
from apps.compliance.rendering.listings import control_rows, rights_row
from apps.compliance.rendering.words import Told
from apps.kernel.actor import Actor


def told_of(actor: Actor, row: LegalRecord) -> Told | None:
    """In the version in force, else in the newest that the actor may see. At most six queries."""
    seen = LegalRecordVersion.objects.visible_to(actor).filter(legal_record=row)
    versions = list(seen.select_related("approved_by", "legal_record").order_by("-number"))
    version = next((each for each in versions if each.record_status == RecordStatus.APPROVED), None)
    version = version or next(iter(versions), None)
    if version is None:
        return None
    steps = RecordStep.objects.filter(legal_record=row).select_related("taken_by").order_by("number")
    return Told(
        record=row,
        version=version,
        versions=tuple(versions),
        steps=tuple(steps),
        names=_names(actor, row, version.said),
    )


def _names(actor: Actor, row: LegalRecord, content: Any) -> dict[UUID, str]:
    """What the content names, by uid; what the actor may not see stays an id."""
    wanted: dict[str, set[UUID]] = {}
    for name, spec in row.declared.specs.items():
        value = getattr(content, name)
        if spec.shape is Shape.ONE and value:
            wanted.setdefault(spec.of, set()).add(value)
        elif spec.shape is Shape.SOME:
            wanted.setdefault(spec.of, set()).update(value)
    found: dict[UUID, str] = {}
    for of, uids in wanted.items():
        found |= dict(_named(actor, of, uids)) if uids else {}
    return found


def _named(actor: Actor, of: str, uids: set[UUID]) -> Iterable[tuple[UUID, str]]:
    if of == "asset":
        return Asset.objects.visible_to(actor).filter(uid__in=uids).values_list("uid", "name")
    if of == "version":
        found = AssetVersion.objects.visible_to(actor).filter(uid__in=uids).select_related("asset")
        return [(each.uid, f"{each.asset.name} v{each.number}") for each in found]
    if of in ABOVE:
        rows = ABOVE[of].seen_by(actor, uids).annotate(said=ABOVE[of].name)
        return list(rows.values_list("uid", "said"))
    if of == "activity":
        seen: Any = ActivityVersion.objects.visible_to(actor).filter(activity__uid__in=uids)
        refs = seen.order_by("number").values_list("activity__uid", "activity__ref", "name")
    elif of == "purpose":
        seen = PurposeVersion.objects.visible_to(actor).filter(purpose__uid__in=uids)
        refs = seen.order_by("number").values_list("purpose__uid", "purpose__ref", "name")
    else:
        seen = LegalRecordVersion.objects.visible_to(actor).filter(legal_record__uid__in=uids)
        refs = seen.order_by("number").values_list("legal_record__uid", "legal_record__ref", "name")
    return [(uid, f"{ref}, {name}") for uid, ref, name in refs]


def _rows(actor: Actor, place: Organization, kind: str) -> list[Any]:
    """Records of a kind with the versions the actor may see, newest first, and their steps. Three queries."""
    seen = LegalRecordVersion.objects.visible_to(actor).select_related("legal_record").order_by("-number")
    rows = LegalRecord.objects.visible_to(actor).filter(organization=place, kind=kind).order_by("ref")
    return list(
        rows.prefetch_related(
            Prefetch("versions", queryset=seen, to_attr="seen_versions"),
            Prefetch("steps", queryset=RecordStep.objects.order_by("number"), to_attr="log"),
        )
    )


def _counting(row: Any) -> LegalRecordVersion | None:
    versions: list[LegalRecordVersion] = row.seen_versions
    in_force = next((each for each in versions if each.record_status == RecordStatus.APPROVED), None)
    return in_force or next(iter(versions), None)


def rights_log(actor: Actor, place: Organization, *, at: datetime) -> list[tuple[str, ...]]:
    """Every request of a person, with when it was due and when it was answered."""
    rows = []
    for row in _rows(actor, place, RIGHTS.slug):
        version, cycle = _counting(row), RIGHTS.cycle
        if version is not None and cycle is not None:
            log = tuple(taken(cycle, step) for step in row.log)
            rows.append(rights_row(row.ref, row.stage, version.said, log, at=at))
    return rows


def applicability(actor: Actor, place: Organization, *, at: datetime) -> list[tuple[str, ...]]:
    """Controls as they are stated in versions in force; drafts state nothing."""
    stated = []
    for row in _rows(actor, place, CONTROLS.slug):
        version = _counting(row)
        if version is not None and version.record_status == RecordStatus.APPROVED:
            stated.append((row.ref, version.said))
    return control_rows(stated)
