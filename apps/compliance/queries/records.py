"""Reads of purposes, processing activities, permitted purposes and origins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)

from apps.accounts.authorization import Resource, may
from apps.accounts.operations import Operation
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.facts import purpose_content
from apps.compliance.facts.purposes import STATE_OF_RECORD, STATE_OF_STANDING
from apps.compliance.facts.records import described
from apps.compliance.lifecycle import (
    ActivityContent,
    PurposeStanding,
    RecordStatus,
)
from apps.compliance.lifecycle.activity import Completeness, completeness
from apps.compliance.lifecycle.purpose import warnings
from apps.compliance.models import (
    OPEN,
    ActivityVersion,
    DataOrigin,
    PermittedPurpose,
    ProcessingActivity,
    Purpose,
    PurposeConcept,
    PurposeVersion,
)
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found
from apps.kernel.models import HouseQuerySet
from apps.policy.reason import Reason
from apps.policy.vocabulary import (
    PurposeState,
)

_SIGNERS = ("submitted_by", "approved_by", "rejected_by")
NOBODY = UUID(int=0)
"""Stands for what is named, where only whether something is named matters."""


@dataclass(frozen=True, kw_only=True)
class PurposeSheet:
    """A purpose with the versions the actor may see, the newest first, and what a reviewer of that one
    should look at."""

    purpose: Purpose
    versions: tuple[PurposeVersion, ...]
    warnings: tuple[Reason, ...]

    @property
    def uid(self) -> UUID:
        return self.purpose.uid

    @property
    def newest(self) -> PurposeVersion:
        return self.versions[0]

    @property
    def row_version(self) -> int:
        return self.newest.row_version


@dataclass(frozen=True, kw_only=True)
class ActivitySheet:
    """A processing activity with the versions the actor may see, the newest first; each with the purposes
    and assets among those the actor may see."""

    activity: ProcessingActivity
    versions: tuple[ActivityVersion, ...]

    @property
    def uid(self) -> UUID:
        return self.activity.uid

    @property
    def newest(self) -> ActivityVersion:
        return self.versions[0]

    @property
    def row_version(self) -> int:
        return self.newest.row_version


def concepts_in_use(actor: Actor) -> QuerySet[PurposeConcept]:
    return PurposeConcept.objects.visible_to(actor).in_use().prefetch_related("parents")


def purposes(actor: Actor, *, as_of: date | None = None) -> HouseQuerySet[Purpose]:
    """With the versions the actor may see, the newest first, under `seen_versions`. Two queries.

    `name`, `concept_code` and `lawful_basis` are of the one that counts: the approved one, else the newest.
    With `as_of` only purposes that held on that day, with the version that did.
    """
    versions = PurposeVersion.objects.visible_to(actor)
    if as_of is not None:
        versions = versions.as_of(as_of)
    related = versions.with_lia().select_related("concept", *_SIGNERS).order_by("-number")
    seen = Prefetch("versions", queryset=related, to_attr="seen_versions")
    counting = _counting(versions.filter(purpose=OuterRef("pk")))
    found = Purpose.objects.visible_to(actor).select_related("organization").prefetch_related(seen)
    if as_of is not None:
        found = found.filter(Exists(versions.filter(purpose=OuterRef("pk"))))
    return found.annotate(
        name=Subquery(counting.values("name")[:1]),
        concept_code=Subquery(counting.values("concept__code")[:1]),
        lawful_basis=Subquery(counting.values("lawful_basis")[:1]),
        state=_purpose_state(counting),
    ).order_by("ref")


def purpose_sheet(actor: Actor, purpose_id: UUID) -> PurposeSheet:
    """Raises: NotFound."""
    purpose: Any = purposes(actor).one(purpose_id)
    versions: tuple[PurposeVersion, ...] = tuple(purpose.seen_versions)
    return PurposeSheet(purpose=purpose, versions=versions, warnings=purpose_warnings(versions[0]))


def _counting(versions: QuerySet[Any]) -> QuerySet[Any]:
    is_approved = Case(When(record_status=RecordStatus.APPROVED, then=0), default=1)
    return versions.order_by(is_approved, "-number")


def _purpose_state(counting: QuerySet[Any]) -> Case:
    """In the word by which the policy hears of it."""
    by_record = _words("record_status", STATE_OF_RECORD)
    newest = counting.annotate(word=Case(*by_record)).values("word")[:1]
    return Case(*_words("standing", STATE_OF_STANDING), default=Subquery(newest))


def _words(field: str, states: Mapping[Any, PurposeState]) -> list[When]:
    return [When(**{field: word.value}, then=Value(state.value)) for word, state in states.items()]


def purposes_in_force(actor: Actor, *, at: datetime) -> QuerySet[PurposeVersion]:
    """The approved versions one may ask for access with today, by name."""
    day = at.date()
    found = (
        PurposeVersion.objects.visible_to(actor)
        .with_lia()
        .filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
            record_status=RecordStatus.APPROVED,
            purpose__standing=PurposeStanding.STANDING,
            valid_from__lte=day,
        )
    )
    return found.select_related("purpose", "concept").order_by("name")


def approved_purpose(purpose: Purpose) -> PurposeVersion | None:
    found = PurposeVersion.objects.filter(purpose=purpose, record_status=RecordStatus.APPROVED)
    return found.with_lia().select_related("concept").first()


def purpose_warnings(version: PurposeVersion) -> tuple[Reason, ...]:
    """What a reviewer should look at: a vague name (V-24), no lawful basis."""
    return warnings(purpose_content(version))


def activities(actor: Actor, *, as_of: date | None = None) -> HouseQuerySet[ProcessingActivity]:
    """With the versions the actor may see, the newest first, under `seen_versions`. Two queries.

    `name`, `state` and `clearance` are of the one that counts: the approved one, else the newest. With
    `as_of` only activities that were in force on that day, with the version that was; the clearance is that
    of today.
    """
    versions = ActivityVersion.objects.visible_to(actor)
    if as_of is not None:
        versions = versions.as_of(as_of)
    related = versions.select_related("controller", *_SIGNERS).annotate(**_is_named()).order_by("-number")
    seen = Prefetch("versions", queryset=related, to_attr="seen_versions")
    counting = _counting(versions.filter(activity=OuterRef("pk")))
    found = ProcessingActivity.objects.visible_to(actor).select_related("organization").prefetch_related(seen)
    if as_of is not None:
        found = found.filter(Exists(versions.filter(activity=OuterRef("pk"))))
    return found.annotate(
        name=Subquery(counting.values("name")[:1]),
        state=Subquery(counting.values("record_status")[:1]),
        clearance=Subquery(counting.values("clearance")[:1]),
    ).order_by("ref")


def _is_named() -> dict[str, Exists]:
    """Whether a version names purposes and assets at all, for `completeness_of`."""
    purposes, assets = ActivityVersion.purposes.through.objects, ActivityVersion.assets.through.objects
    return {
        "has_purposes": Exists(purposes.filter(activityversion=OuterRef("pk"))),
        "has_assets": Exists(assets.filter(activityversion=OuterRef("pk"))),
    }


def completeness_of(version: Any) -> Completeness:
    """Of a version read by `activities`. No query."""
    named = {"purpose_ids": version.has_purposes, "asset_ids": version.has_assets}
    return completeness(described(version, **{name: (NOBODY,) if has else () for name, has in named.items()}))


def described_alone(version: ActivityVersion) -> ActivityContent:
    """What a version says, without its purposes and assets. No query."""
    return described(version, purpose_ids=(), asset_ids=())


def activity_sheet(actor: Actor, activity_id: UUID) -> ActivitySheet:
    """Raises: NotFound."""
    activity: Any = activities(actor).one(activity_id)
    versions: tuple[ActivityVersion, ...] = tuple(activity.seen_versions)
    named = Prefetch("purposes", queryset=purposes(actor).prefetch_related(None))
    visible = Asset.objects.visible_to(actor).select_related("domain")
    assets = Prefetch("assets", queryset=visible.order_by("pk"))
    prefetch_related_objects(versions, named, assets)
    return ActivitySheet(activity=activity, versions=versions)


def activities_naming(actor: Actor, purpose: Purpose) -> HouseQuerySet[ProcessingActivity]:
    """Those of which an approved or open version the actor may see names the purpose. Two queries."""
    alive = (*OPEN, RecordStatus.APPROVED)
    naming = ActivityVersion.objects.visible_to(actor).filter(purposes=purpose, record_status__in=alive)
    return activities(actor).filter(pk__in=naming.values("activity"))


def may_write_records(actor: Actor) -> bool:
    """In the actor's own organization."""
    if actor.organization_id is None:
        return False
    resource = Resource(kind="organization", organization_id=actor.organization_id)
    return may(actor=actor, operation=Operation.EDIT_RECORD, resource=resource)


def activities_covering(
    assets: Collection[Asset], purpose: Purpose, *, at: datetime
) -> QuerySet[ActivityVersion]:
    """Approved activities in effect that name the purpose and at least one of the assets.

    For the policy, not for screens: it does not ask who is looking.
    """
    found = ActivityVersion.objects.filter(
        record_status=RecordStatus.APPROVED,
        effective_from__lte=at.date(),
        purposes=purpose,
        assets__in=assets,
    )
    return found.select_related("activity").prefetch_related("assets").order_by("activity__ref").distinct()


def purposes_to_review(actor: Actor) -> QuerySet[PurposeVersion]:
    """Versions that wait for approval and that the actor had no hand in, the oldest first."""
    found = PurposeVersion.objects.visible_to(actor).filter(record_status=RecordStatus.IN_REVIEW)
    others = found.exclude(editors=actor.person_id) if actor.person_id else found
    return others.select_related("purpose", "concept", "submitted_by").order_by("submitted_at")


def activities_to_review(actor: Actor) -> QuerySet[ActivityVersion]:
    """Versions that wait for approval and that the actor had no hand in, the oldest first."""
    found = ActivityVersion.objects.visible_to(actor).filter(record_status=RecordStatus.IN_REVIEW)
    others = found.exclude(editors=actor.person_id) if actor.person_id else found
    return others.select_related("activity", "submitted_by").order_by("submitted_at")


def permitted_purposes(actor: Actor, version: AssetVersion) -> QuerySet[PermittedPurpose]:
    """What is permitted now, those for all columns first."""
    found = PermittedPurpose.objects.visible_to(actor).in_force().filter(version=version)
    return found.select_related("concept", "permitted_by").order_by("column_name", "concept__code")


def with_names(rows: Sequence[PermittedPurpose]) -> Sequence[PermittedPurpose]:
    """The same rows, with what showing them takes. Two queries."""
    prefetch_related_objects(rows, "concept", "permitted_by")
    return rows


def origin_of(actor: Actor, version: AssetVersion) -> DataOrigin | None:
    found = DataOrigin.objects.visible_to(actor).current().filter(version=version)
    return found.select_related("original_purpose", "research_area", "stated_by").first()


def origin_stated(actor: Actor, version: AssetVersion) -> DataOrigin:
    """Raises: NotFound, also where nobody has stated it."""
    origin = origin_of(actor, version)
    if origin is None:
        raise not_found(str(DataOrigin._meta.verbose_name))
    return origin
