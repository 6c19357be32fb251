"""Reads of the trail."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.audit.models import AuditEvent, Outcome


def events_of(organization_ids: frozenset[int]) -> QuerySet[AuditEvent]:
    """What people and programs of these organizations did, with what of it may be personal."""
    return AuditEvent.objects.filter(organization_id__in=organization_ids).prefetch_related("personal")


__all__ = ["Outcome", "events_of"]
