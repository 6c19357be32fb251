"""What happens by itself after changes of the catalog and of impact assessments."""

from __future__ import annotations

from celery import shared_task

from apps.catalog.models import Asset
from apps.compliance import commands
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.models import LegalRecord, ProcessingActivity
from apps.kernel.actor import SYSTEM


@shared_task
def inherit_permissions(asset_id: str) -> None:
    asset = Asset.objects.get(uid=asset_id)
    commands.inherit_permissions(actor=SYSTEM, asset_id=asset.uid)


@shared_task
def reassess_named(legal_record_id: str) -> None:
    """The approved activities that an impact assessment names."""
    row = LegalRecord.objects.get(uid=legal_record_id)
    if row.kind != DPIAS.slug:
        return
    named = {uid for version in row.versions.all() for uid in version.content.get("activities", ())}
    found = ProcessingActivity.objects.filter(uid__in=named, versions__record_status="approved")
    for activity in found.order_by("pk").distinct():
        commands.reassess_activity(actor=SYSTEM, processing_activity_id=activity.uid)
