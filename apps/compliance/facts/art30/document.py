"""What a register document says: activities as of a day, and everything they rest on, by number and name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Subquery

from apps.accounts.models import Organization
from apps.catalog.models import Asset, AssetVersion
from apps.classification.commands.categories import LOCAL
from apps.classification.models import DataCategory
from apps.compliance.exports.document import packed
from apps.compliance.facts.art30.entries import UID, held_activities, in_chunks
from apps.compliance.facts.records import purpose_content
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    PurposeConcept,
    PurposeVersion,
    RecordStep,
    held_on,
)
from apps.compliance.taxonomy.terms import Facet, terms
from apps.kernel.events import plain
from apps.policy.snapshot import moment

KINDS_OF_REGISTER = tuple(KINDS)
"""Also those that stand in no cell of a register: whoever moves it moves all of it."""
OWN_TERMS: dict[Facet, Any] = {Facet.PURPOSES: PurposeConcept, Facet.CATEGORIES: DataCategory}
ABOUT_TERMS = ("code", "iri", "label", "definition")
ABOUT_KINDS_OF_DATA = ("special_kind", "is_criminal", "is_personal")
ABOUT_ENTITIES = ("name", "country", "address", "contact")
LENGTH_OF_UID = 36
SIGNERS = ("submitted_by", "approved_by")
Section = tuple[str, Iterable[list[dict[str, Any]]]]


def register_sections(organization: Organization, on: date) -> Iterator[Section]:
    """In the order in which they can be restored. A few queries for each chunk.

    Last comes what is named without holding on that day: by number alone.
    """
    names = _Names(organization)
    yield "terms", _terms(on)
    yield "assets", names.noted(_assets(organization, on), lambda row: {"asset": [row["kind"], row["name"]]})
    yield "purposes", names.noted(_purposes(organization, on), lambda row: {"purpose": row["ref"]})
    yield "records", names.noted(_records(organization, on, names), lambda row: {"record": row["ref"]})
    yield (
        "activities",
        names.noted(_activities(organization, on, names), lambda row: {"activity": row["ref"]}),
    )
    yield "named", iter([names.without_holding()])


def _assets(organization: Organization, on: date) -> Iterator[list[dict[str, Any]]]:
    """Those that activities cover: their names and newest versions, with the hash of what these hold. What
    that is, is the catalog's."""
    covered = ActivityVersion.assets.through.objects.filter(
        asset=OuterRef("pk"), activityversion__in=held_activities(organization, on)
    )
    before = _day_after(on)
    versions = AssetVersion.objects.filter(asset=OuterRef("pk"), created_at__lt=before).order_by("-number")
    rows = Asset.objects.filter(Exists(covered), organization=organization).annotate(
        newest=Subquery(versions.values("number")[:1]), hashed=Subquery(versions.values("content_sha256")[:1])
    )
    for chunk in in_chunks(rows.select_related("domain"), "pk"):
        yield [
            {
                "kind": row.kind,
                "name": row.name,
                "domain": row.domain.name,
                "version": row.newest,
                "content_sha256": row.hashed,
            }
            for row in chunk
        ]


def _terms(on: date) -> Iterator[list[dict[str, Any]]]:
    """Words of the installation's own, without which its records cannot be read elsewhere."""
    for facet, table in OWN_TERMS.items():
        own = table._default_manager.filter(scheme=LOCAL, since__lte=on).exclude(code__in=terms(facet))
        for chunk in in_chunks(own.select_related("replaced_by").prefetch_related("parents"), "code"):
            yield [_term(facet, term, on) for term in chunk]


def _term(facet: Facet, term: Any, on: date) -> dict[str, Any]:
    is_over = term.deprecated_on is not None and term.deprecated_on <= on
    return {
        "facet": facet.value,
        "parents": sorted(parent.code for parent in term.parents.all()),
        "since": term.since.isoformat(),
        "deprecated_on": term.deprecated_on.isoformat() if is_over else None,
        "replaced_by": term.replaced_by.code if is_over and term.replaced_by else None,
        **{name: getattr(term, name) for name in (*ABOUT_TERMS, *ABOUT_KINDS_OF_DATA) if hasattr(term, name)},
    }


def _purposes(organization: Organization, on: date) -> Iterator[list[dict[str, Any]]]:
    versions = PurposeVersion.objects.filter(purpose__organization=organization)
    held = held_on(versions, "purpose", "valid_from", on).select_related("purpose", "concept", *SIGNERS)
    for chunk in in_chunks(held, "purpose__ref"):
        yield [
            {
                "ref": version.purpose.ref,
                "standing": version.purpose.standing,
                "standing_reason": version.purpose.standing_reason,
                **_signed(version),
                "content": plain(asdict(purpose_content(version))),
            }
            for version in chunk
        ]


def _records(organization: Organization, on: date, names: _Names) -> Iterator[list[dict[str, Any]]]:
    versions = LegalRecordVersion.objects.filter(
        legal_record__organization=organization, legal_record__kind__in=KINDS_OF_REGISTER
    )
    steps = RecordStep.objects.select_related("taken_by").order_by("number")
    held = (
        held_on(versions, "legal_record", "effective_from", on)
        .select_related("legal_record", *SIGNERS)
        .prefetch_related(Prefetch("legal_record__steps", queryset=steps))
    )
    for chunk in in_chunks(held, "legal_record__ref"):
        rows = [
            {
                "kind": version.legal_record.kind,
                "ref": version.legal_record.ref,
                **_signed(version),
                "content": version.content,
                "steps": [
                    _step(step)
                    for step in version.legal_record.steps.all()
                    if step.created_at < _day_after(on)
                ],
            }
            for version in chunk
        ]
        yield names.instead(rows)


def _step(step: RecordStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "before": step.stage_before,
        "after": step.stage_after,
        "said": step.said,
        "taken_by": step.taken_by.name if step.taken_by else None,
        "taken_at": moment(step.created_at),
    }


AS_KEPT = (
    *("name", "description", "role", "art26_arrangement", "data_subject_categories"),
    *("recipients", "no_recipients_confirmed", "transfers", "no_transfers_confirmed"),
    *("security_measures", "is_running", "particulars"),
)
"""Columns of a version that are JSON as they are kept."""


def _activities(organization: Organization, on: date, names: _Names) -> Iterator[list[dict[str, Any]]]:
    held = held_activities(organization, on).select_related("activity")
    related = held.prefetch_related("controller", *SIGNERS)  # few, and each is read once for many
    for chunk in in_chunks(related, "activity__ref"):
        covered = _covered(chunk)
        rows = [
            {
                "ref": version.activity.ref,
                "clearance": version.clearance,
                "clearance_reasons": version.clearance_reasons,
                **_signed(version),
                "content": {
                    **{name: getattr(version, name) for name in AS_KEPT},
                    "controller_id": str(version.controller.uid),
                    "effective_from": version.effective_from.isoformat(),
                    **covered[version.pk],
                },
            }
            for version in chunk
        ]
        yield names.instead(rows)


def _covered(versions: Iterable[ActivityVersion]) -> dict[int, dict[str, list[str]]]:
    """The uids of purposes and assets, by version. Two queries."""
    found: dict[int, dict[str, list[str]]] = {
        version.pk: {"purpose_ids": [], "asset_ids": []} for version in versions
    }
    purposes = ActivityVersion.purposes.through.objects.filter(activityversion__in=list(found))
    for key, uid in purposes.order_by("purpose__ref").values_list("activityversion_id", "purpose__uid"):
        found[key]["purpose_ids"].append(str(uid))
    assets = ActivityVersion.assets.through.objects.filter(activityversion__in=list(found))
    named = assets.order_by("asset__kind", "asset__name").values_list("activityversion_id", "asset__uid")
    for key, uid in named:
        found[key]["asset_ids"].append(str(uid))
    return found


def _signed(version: Any) -> dict[str, Any]:
    return {
        "version": version.number,
        "submitted_by": version.submitted_by.name if version.submitted_by else None,
        "submitted_at": moment(version.submitted_at) if version.submitted_at else None,
        "approved_at": moment(version.approved_at),
        "approved_by": version.approved_by.name if version.approved_by else None,
    }


def _day_after(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), UTC)


class _Names:
    """What names things for good, in place of their keys; and which of them were told, which only named."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.told: set[bytes] = set()
        self.named: dict[bytes, dict[str, Any]] = {}
        self.before: dict[str, Any] = {}
        """Of the chunk before: what it named is not looked up again."""

    def noted(
        self, chunks: Iterable[list[dict[str, Any]]], name: Callable[[dict[str, Any]], Any]
    ) -> Iterator[list[dict[str, Any]]]:
        for chunk in chunks:
            self.told.update(packed(name(row)) for row in chunk)
            yield chunk

    def instead(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows, with names for uids. Six queries, for what the chunk before did not name."""
        texts = set(_uids(rows))
        names: dict[str, Any] = {text: self.before[text] for text in texts & self.before.keys()}
        uids = {UUID(text) for text in texts - names.keys()}
        for row in Purpose.objects.filter(uid__in=uids):
            names[str(row.uid)] = self._note({"purpose": row.ref})
        for record in LegalRecord.objects.filter(uid__in=uids):
            names[str(record.uid)] = self._note({"record": record.ref}, kind=record.kind)
        for activity in ProcessingActivity.objects.filter(uid__in=uids):
            names[str(activity.uid)] = self._note({"activity": activity.ref})
        for asset in Asset.objects.filter(uid__in=uids).select_related("domain"):
            named = {"asset": [asset.kind, asset.name]}
            names[str(asset.uid)] = self._note(named, domain=asset.domain.name)
        for version in AssetVersion.objects.filter(uid__in=uids).select_related("asset__domain"):
            asset = version.asset
            numbered = {"version": [asset.kind, asset.name, version.number]}
            hashed = version.content_sha256
            names[str(version.uid)] = self._note(numbered, domain=asset.domain.name, content_sha256=hashed)
        for other in Organization.objects.filter(uid__in=uids).exclude(pk=self.organization.pk):
            entity = {name: getattr(other, name) for name in ABOUT_ENTITIES}
            names[str(other.uid)] = self._note({"organization": other.code}, **entity)
        names[str(self.organization.uid)] = {"organization": None}  # the one that keeps the register
        self.before = names
        return [replaced(row, lambda text: names.get(text, text)) for row in rows]

    def _note(self, name: dict[str, Any], /, **more: str) -> dict[str, Any]:
        self.named[packed(name)] = {**name, **more}
        return name

    def without_holding(self) -> list[dict[str, Any]]:
        return [self.named[key] for key in sorted(set(self.named) - self.told)]


def _is_uid(text: str) -> bool:
    return len(text) == LENGTH_OF_UID and UID.fullmatch(text) is not None


def _uids(value: Any) -> Iterator[str]:
    match value:
        case str() if _is_uid(value):
            yield value
        case list():
            for member in value:
                yield from _uids(member)
        case dict():
            for member in value.values():
                yield from _uids(member)


def replaced(value: Any, replace: Callable[[str], Any]) -> Any:
    """The same, with texts that are uids put through `replace`."""
    match value:
        case str():
            return replace(value) if _is_uid(value) else value
        case list():
            return [replaced(member, replace) for member in value]
        case dict():
            return {name: replaced(member, replace) for name, member in value.items()}
    return value
