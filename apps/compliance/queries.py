"""Reads of purposes, processing activities, permitted purposes and origins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from apps.catalog.models import Asset, AssetVersion
from apps.compliance.facts import purpose_content
from apps.compliance.lifecycle import PurposeStanding, RecordStatus
from apps.compliance.lifecycle.purpose import warnings
from apps.compliance.models import (
    ActivityVersion,
    DataOrigin,
    PermittedPurpose,
    ProcessingActivity,
    Purpose,
    PurposeConcept,
    PurposeVersion,
)
from apps.kernel.actor import Actor
from apps.policy.reason import Reason


def concepts_in_use(actor: Actor) -> QuerySet[PurposeConcept]:
    return PurposeConcept.objects.visible_to(actor).in_use().prefetch_related("parents")


def purposes(actor: Actor) -> QuerySet[Purpose]:
    """With the versions the actor may see, the newest first, under `seen_versions`. Two queries."""
    versions = PurposeVersion.objects.visible_to(actor).select_related("concept").order_by("-number")
    seen = Prefetch("versions", queryset=versions, to_attr="seen_versions")
    return Purpose.objects.visible_to(actor).order_by("ref").prefetch_related(seen)


def purposes_in_force(actor: Actor, *, at: datetime) -> QuerySet[PurposeVersion]:
    """The approved versions one may ask for access with today, by name."""
    day = at.date()
    found = PurposeVersion.objects.visible_to(actor).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        record_status=RecordStatus.APPROVED,
        purpose__standing=PurposeStanding.STANDING,
        valid_from__lte=day,
    )
    return found.select_related("purpose", "concept").order_by("name")


def approved_purpose(purpose: Purpose) -> PurposeVersion | None:
    found = purpose.versions.filter(record_status=RecordStatus.APPROVED)
    return found.select_related("concept").first()


def purpose_warnings(version: PurposeVersion) -> tuple[Reason, ...]:
    """What a reviewer should look at: a vague name (V-24), no lawful basis."""
    return warnings(purpose_content(version))


def activities(actor: Actor) -> QuerySet[ProcessingActivity]:
    """With the versions the actor may see, the newest first, under `seen_versions`. Two queries."""
    versions = ActivityVersion.objects.visible_to(actor).select_related("controller").order_by("-number")
    seen = Prefetch("versions", queryset=versions, to_attr="seen_versions")
    return ProcessingActivity.objects.visible_to(actor).order_by("ref").prefetch_related(seen)


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


def origin_of(actor: Actor, version: AssetVersion) -> DataOrigin | None:
    found = DataOrigin.objects.visible_to(actor).current().filter(version=version)
    return found.select_related("original_purpose", "research_area", "stated_by").first()


__all__ = [
    "activities",
    "activities_covering",
    "activities_to_review",
    "approved_purpose",
    "concepts_in_use",
    "origin_of",
    "permitted_purposes",
    "purpose_warnings",
    "purposes",
    "purposes_in_force",
    "purposes_to_review",
]
