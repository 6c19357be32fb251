"""Reads of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from apps.audit.models import AuditEvent, Outcome
from apps.policy.reason import Reason, Value, declared_codes


def events_of(organization_ids: frozenset[int]) -> QuerySet[AuditEvent]:
    """What people and programs of these organizations did, with what of it may be personal."""
    return AuditEvent.objects.filter(organization_id__in=organization_ids).prefetch_related("personal")


def reasons_of(event: AuditEvent) -> tuple[Reason, ...]:
    """Why it was refused; empty where it was done. A reason whose code has no wording any more is left out:
    it still stands in what was recorded.
    """
    if event.outcome != Outcome.REFUSED:
        return ()
    stated = event.data.get("reasons", ())
    return tuple(_reason(each) for each in stated if each["code"] in declared_codes())


def _reason(stated: Mapping[str, Any]) -> Reason:
    return Reason(
        code=stated["code"],
        rule=stated["rule"],
        articles=tuple(stated["articles"]),
        facts={name: _value(value) for name, value in stated["facts"].items()},
        field=stated["field"],
    )


def _value(stored: Any) -> Value:
    """JSON knows lists only, where a reason holds tuples."""
    return tuple(_value(member) for member in stored) if isinstance(stored, list) else stored


__all__ = ["Outcome", "events_of", "reasons_of"]
