"""Which versions a record is about: those of the assets it names, or of the activities it names."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from apps.catalog.models import AssetVersion
from apps.compliance.facts.agreements import counting_of
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.models import ActivityVersion, LegalRecord


def versions_named_by(source: LegalRecord, *, on: date) -> QuerySet[AssetVersion]:
    """All versions there are, of what its version in force names, or those that it names one by one; of an
    agreement that is over, its last."""
    version = source.versions.in_force(on).first()
    if version is None and source.kind == USE_AGREEMENTS.slug:
        version = counting_of(source)
    content = version.content if version is not None else {}
    through = ActivityVersion.assets.through.objects.filter(
        activityversion__record_status="approved",
        activityversion__activity__uid__in=content.get("activities", ()),
    )
    named = Q(asset__uid__in=content.get("assets", ())) | Q(asset__in=through.values("asset"))
    found = AssetVersion.objects.filter(named)
    one_by_one = content.get("versions")
    return found.filter(uid__in=one_by_one) if one_by_one else found
