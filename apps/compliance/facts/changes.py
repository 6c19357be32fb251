"""What changed about an activity since it was assessed."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from apps.compliance.facts.records import activity_content
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.activity.material import material_changes
from apps.compliance.lifecycle.dpia import APPROVED_STAGES, DPIAS
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    RecordStep,
)
from apps.compliance.models.record import is_signed


def changes_of(activity: ProcessingActivity) -> tuple[ActivityVersion, tuple[str, ...]] | None:
    """The version in force, and what is material in it beside the one before; nothing where nothing is."""
    signed = ActivityVersion.objects.filter(is_signed(), activity=activity)
    versions = list(signed.select_related("activity", "controller").order_by("-number")[:2])
    if len(versions) < 2 or versions[0].record_status != RecordStatus.APPROVED:
        return None
    after, before = versions
    changes = material_changes(activity_content(before), activity_content(after))
    return (after, changes) if changes else None


def assessed_before(version: ActivityVersion) -> QuerySet[LegalRecord]:
    """Approved impact assessments of the activity that were decided before anybody wrote down the change.

    One that was decided since knew of it: an assessment comes before what it is about is signed off (V-12).
    """
    named = LegalRecordVersion.objects.filter(
        record_status=RecordStatus.APPROVED,
        content__contains={"activities": [str(version.activity.uid)]},
    )
    decided = RecordStep.objects.filter(legal_record=OuterRef("pk"), step="decide").order_by("-number")
    found = LegalRecord.objects.alias(decided_at=Subquery(decided.values("created_at")[:1])).filter(
        kind=DPIAS.slug,
        stage__in=APPROVED_STAGES,
        pk__in=named.values("legal_record"),
        decided_at__lt=version.created_at,
    )
    return found.order_by("pk")
