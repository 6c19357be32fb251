"""What stands beside activities in records of their own: purposes, assessments, transfers, retention."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from apps.compliance.exports.entry import Aim, Assessment, Retention
from apps.compliance.lifecycle.dpia import DPIAS, DpiaContent, DpiaStage
from apps.compliance.lifecycle.dpia.content import screening_of
from apps.compliance.lifecycle.interests import INTERESTS
from apps.compliance.lifecycle.parties import PARTIES, PartyContent
from apps.compliance.lifecycle.reading import read
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionContent, Trigger
from apps.compliance.lifecycle.transfers import TRANSFERS, TransferContent
from apps.compliance.models import LegalRecordVersion, Purpose, PurposeVersion, RecordStep, held_on
from apps.policy.vocabulary import Art10Basis

ART10 = {
    Art10Basis.OFFICIAL_AUTHORITY.value: "Official authority",
    Art10Basis.LAW.value: "Law",
    Art10Basis.NONE.value: "None",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A transfer with its importer, as recorded."""

    ref: str
    content: TransferContent
    importer: PartyContent | None


def _held(organization: int, kind: str, on: date) -> Any:
    """Versions of records of a kind that held on the day, with what names them."""
    versions = LegalRecordVersion.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=on),
        legal_record__organization=organization,
        legal_record__kind=kind,
    )
    return held_on(versions, "legal_record", "effective_from", on).select_related("legal_record")


def _by_name(found: Iterable[Any], field: str) -> dict[str, list[Any]]:
    """By each thing that the content names in `field`."""
    named: dict[str, list[Any]] = {}
    for version in found:
        for uid in version.content.get(field, ()):
            named.setdefault(uid, []).append(version)
    return named


def aims_of(keys: Collection[int], organization: int, *, on: date) -> Mapping[int, Aim]:
    """Purposes in the version that held; of one without, its name in the records alone. Three queries."""
    refs = dict(Purpose.objects.filter(pk__in=keys).values_list("pk", "ref"))
    versions = held_on(PurposeVersion.objects.filter(purpose__in=keys), "purpose", "valid_from", on)
    versions = versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).select_related("concept")
    held = {version.purpose_id: version for version in versions}
    wanted = {version.lia_ref.strip() for version in held.values() if version.lia_ref.strip()}
    weighed = _held(organization, INTERESTS.slug, on).filter(legal_record__ref__in=wanted)
    lias = {row.legal_record.ref: f"{row.legal_record.ref} v{row.number}" for row in weighed}
    return {key: _aim(ref, held.get(key), lias) for key, ref in refs.items()}


def _aim(ref: str, version: Any, lias: Mapping[str, str]) -> Aim:
    if version is None:
        return Aim(ref=ref, version=None, name=ref)
    law = version.art10_law_ref.strip()
    return Aim(
        ref=ref,
        version=version.number,
        name=version.name,
        description=version.description,
        basis=version.lawful_basis or "",
        art9_conditions=tuple(sorted(version.art9_conditions)),
        art10_authority=law or ART10.get(version.art10_basis or "", ""),
        lia=lias.get(version.lia_ref.strip(), version.lia_ref.strip()),
        concept=version.concept.code,
        iri=version.concept.iri,
    )


def assessments_of(
    activities: Collection[str], organization: int, *, on: date, before: datetime
) -> Mapping[str, list[Assessment]]:
    """By the activity they name. Two queries."""
    named = list(
        _held(organization, DPIAS.slug, on).filter(content__activities__has_any_keys=list(activities))
    )
    last: dict[int, Any] = {}
    steps = RecordStep.objects.filter(legal_record__in=[each.legal_record_id for each in named])
    for step in steps.filter(created_at__lt=before).order_by("number"):
        last[step.legal_record_id] = step
    told = {version.pk: _assessment(version, last.get(version.legal_record_id)) for version in named}
    return {
        uid: [told[version.pk] for version in sorted(versions, key=lambda each: each.legal_record.ref)]
        for uid, versions in _by_name(named, "activities").items()
    }


def _assessment(version: Any, step: Any) -> Assessment:
    stage = DpiaStage(step.stage_after if step else DpiaStage.SCREENING)
    content = read(DpiaContent, version.content)
    met = len(screening_of(content).criteria)
    reason = content.reasons_for_not_doing.strip() or f"{met} of the nine criteria are met"
    return Assessment(
        ref=version.legal_record.ref,
        version=version.number,
        is_required=stage is not DpiaStage.NOT_REQUIRED,
        state=str(stage.label).lower(),
        decided_on=step.created_at.date() if step else None,
        reason=reason,
    )


def parties_of(uids: Collection[str], names: Collection[str], organization: int, *, on: date) -> list[Any]:
    """Versions of those named by uid, or by the name an activity gives. One query."""
    wanted = Q(legal_record__uid__in=uids) | Q(name__in=names)
    return list(_held(organization, PARTIES.slug, on).filter(wanted))


@dataclass(frozen=True, kw_only=True)
class Transfers:
    """As recorded: by the activity they name, and by their own uid."""

    by_activity: Mapping[str, list[Sent]]
    by_uid: Mapping[str, Sent]


def transfers_of(
    activities: Collection[str], uids: Collection[str], organization: int, *, on: date
) -> Transfers:
    """Two queries."""
    wanted = Q(content__activities__has_any_keys=list(activities)) | Q(legal_record__uid__in=uids)
    named = list(_held(organization, TRANSFERS.slug, on).filter(wanted))
    importers = {version.content["importer"] for version in named if "importer" in version.content}
    known = {
        str(version.legal_record.uid): read(PartyContent, version.content)
        for version in parties_of(importers, (), organization, on=on)
    }
    sent = {
        str(version.legal_record.uid): Sent(
            ref=version.legal_record.ref,
            content=read(TransferContent, version.content),
            importer=known.get(version.content.get("importer", "")),
        )
        for version in named
    }
    by_activity = {
        uid: [sent[str(version.legal_record.uid)] for version in versions]
        for uid, versions in _by_name(named, "activities").items()
    }
    return Transfers(by_activity=by_activity, by_uid=sent)


@dataclass(frozen=True, kw_only=True)
class Retentions:
    """By the asset they name, and by their own uid."""

    by_asset: Mapping[str, list[Retention]]
    by_uid: Mapping[str, Retention]


def retentions_of(
    assets: Collection[str], uids: Collection[str], organization: int, *, on: date
) -> Retentions:
    """One query."""
    wanted = Q(content__assets__has_any_keys=list(assets)) | Q(legal_record__uid__in=uids)
    named = list(_held(organization, RETENTIONS.slug, on).filter(wanted))
    kept = {str(version.legal_record.uid): _retention(version) for version in named}
    by_asset = {
        uid: [kept[str(version.legal_record.uid)] for version in versions]
        for uid, versions in _by_name(named, "assets").items()
    }
    return Retentions(by_asset=by_asset, by_uid=kept)


def _retention(version: Any) -> Retention:
    content = read(RetentionContent, version.content)
    trigger = ""
    if content.trigger is Trigger.FIXED_DATE:
        trigger = content.trigger_on.isoformat() if content.trigger_on else ""
    elif content.trigger is not None:
        trigger = str(content.trigger.label).lower()
    return Retention(
        ref=version.legal_record.ref,
        data=content.data.strip() or version.name,
        duration=content.duration.strip(),
        trigger=trigger,
        criterion=content.criterion.strip(),
        at_most=content.max_cap.strip(),
        action=str(content.action.label) if content.action else "",
    )
