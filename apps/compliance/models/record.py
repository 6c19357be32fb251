"""What every record of compliance has: numbered versions, who wrote them, who signed them off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.accounts.authorization import standing_of
from apps.accounts.models import Person
from apps.accounts.roles import Role
from apps.compliance.lifecycle import RecordStatus, review_due
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel

OPEN = (RecordStatus.DRAFT, RecordStatus.IN_REVIEW)
SIGNED = (RecordStatus.APPROVED, RecordStatus.SUPERSEDED, RecordStatus.RETIRED)
SEES_DRAFTS = frozenset({Role.STEWARD, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})


def sees_drafts_in(actor: Actor) -> set[int]:
    """The organizations whose unsigned records the actor may read."""
    return {held.organization_id for held in standing_of(actor).roles if held.role in SEES_DRAFTS}


def home_of(actor: Actor) -> int:
    """The organization whose signed records the actor may read; 0 for somebody who may not act."""
    return (actor.organization_id or 0) if standing_of(actor).is_active else 0


class RecordVersion(BaseModel):
    """One version of a record. Only a draft is edited; what is signed off or rejected never changes
    (migrations 0002 and 0018). `returned_reason` is of whoever sent it back or rejected it.

    `editors` are all who wrote or submitted it: none of them approves it.
    """

    number = models.PositiveIntegerField()
    record_status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value) for status in RecordStatus],
        default=RecordStatus.DRAFT.value,
    )
    editors = models.ManyToManyField(Person, related_name="+")
    submitted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def review_due_on(self) -> date | None:
        """Only of the version in force."""
        if self.record_status != RecordStatus.APPROVED or self.approved_at is None:
            return None
        return review_due(self.approved_at.date())


def is_signed() -> Q:
    return Q(record_status__in=[status.value for status in SIGNED])


def ended_after(on: date) -> Q:
    """Not ended yet, or only later than that day."""
    return Q(ended_at__isnull=True) | Q(ended_at__date__gt=on)


def constraints_of(identity: str, prefix: str) -> list[models.BaseConstraint]:
    """At most one version is worked on, at most one is approved; each verdict is somebody's."""
    open_ones = [status.value for status in OPEN]
    return [
        models.UniqueConstraint(fields=[identity, "number"], name=f"{prefix}_number_once"),
        models.UniqueConstraint(
            fields=[identity], condition=Q(record_status__in=open_ones), name=f"{prefix}_one_open"
        ),
        models.UniqueConstraint(
            fields=[identity], condition=Q(record_status="approved"), name=f"{prefix}_one_approved"
        ),
        models.CheckConstraint(
            condition=Q(record_status__in=[*open_ones, "rejected"])
            | Q(approved_by__isnull=False, approved_at__isnull=False),
            name=f"{prefix}_approved_by_somebody",
        ),
        models.CheckConstraint(
            condition=Q(rejected_by__isnull=True) & ~Q(record_status="rejected")
            | Q(record_status="rejected", rejected_by__isnull=False, ended_at__isnull=False)
            & Q(approved_by__isnull=True)
            & ~Q(returned_reason=""),
            name=f"{prefix}_rejected_with_reason",
        ),
    ]


def held_on(versions: Any, identity: str, begins: str, on: date) -> Any:
    """Of each record the version that held on that day, also if it was replaced since; drafts never hold.

    A version holds from its first day until a later one begins, or until the record is retired.
    """
    day_after = datetime.combine(on + timedelta(days=1), time(), UTC)
    same = versions.model._default_manager.filter(**{identity: OuterRef(identity)})
    later = same.filter(is_signed(), number__gt=OuterRef("number"), **{f"{begins}__lte": on})
    ended = same.filter(
        record_status=RecordStatus.RETIRED, number__gte=OuterRef("number"), ended_at__lt=day_after
    )
    found = versions.filter(is_signed(), **{f"{begins}__lte": on})
    return found.filter(~Exists(later), ~Exists(ended))
