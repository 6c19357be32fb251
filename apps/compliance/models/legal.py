"""Records of every declared kind: what each says is JSON, read and checked by its declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.judging import review_due_on
from apps.compliance.lifecycle.kinds import KINDS, OPEN_KINDS
from apps.compliance.lifecycle.reading import read_kept
from apps.compliance.models.record import (
    RecordVersion,
    constraints_of,
    ended_after,
    home_of,
    is_signed,
    sees_drafts_in,
)
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class LegalRecordQuerySet(HouseQuerySet["LegalRecord"]):
    def visible_to(self, actor: Actor) -> LegalRecordQuerySet:
        """Once signed off, for everybody of the organization, where the kind is open; else, and while they
        are drafts, for those who work on records."""
        if actor.is_system:
            return self
        signed = LegalRecordVersion.objects.filter(is_signed(), legal_record=OuterRef("pk"))
        return self.filter(
            Q(organization_id__in=sees_drafts_in(actor))
            | Q(Exists(signed), organization_id=home_of(actor), kind__in=OPEN_KINDS)
        )


class LegalRecord(BaseModel):
    """A record through all its versions; `ref` is its name in the records, such as LIA-0001.

    `stage` is where it stands in the cycle of its kind, if the kind has one; versions know nothing of it.
    """

    kind = models.CharField(max_length=40)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=20)
    stage = models.CharField(max_length=30, blank=True)

    objects = LegalRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="legal_record_ref_once"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z-]+$"), name="legal_record_kind_named"),
        ]
        indexes = [models.Index(fields=["organization", "kind"], name="legal_record_of_kind")]

    def __str__(self) -> str:
        return self.ref

    @property
    def declared(self) -> Kind:
        return KINDS[self.kind]


class LegalRecordVersionQuerySet(HouseQuerySet["LegalRecordVersion"]):
    def visible_to(self, actor: Actor) -> LegalRecordVersionQuerySet:
        """Signed versions of open kinds, for all of the organization; all of them, for those at work."""
        if actor.is_system:
            return self
        return self.filter(
            Q(legal_record__organization_id__in=sees_drafts_in(actor))
            | (
                is_signed()
                & Q(legal_record__organization_id=home_of(actor), legal_record__kind__in=OPEN_KINDS)
            )
        )

    def in_force(self, on: date) -> LegalRecordVersionQuerySet:
        """Approved, begun and not ended on that day."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=on),
            record_status=RecordStatus.APPROVED,
            effective_from__lte=on,
        )

    def as_of(self, on: date) -> LegalRecordVersionQuerySet:
        """Those that held on that day, also if they were replaced since; drafts never hold."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=on),
            ended_after(on),
            is_signed(),
            effective_from__lte=on,
        )


class LegalRecordVersion(RecordVersion):
    """What a record says, as of one version. `content` leaves out what is empty; `name` and the days stand
    beside it too, for searching. `content_sha256` is of its canonical JSON."""

    legal_record = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    next_review = models.DateField(null=True, blank=True)

    objects = LegalRecordVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a record")
        constraints = [
            *constraints_of("legal_record", "legal_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="legal_version_period",
            ),
            models.CheckConstraint(
                condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="legal_version_hashed"
            ),
        ]
        indexes = [GinIndex(fields=["content"], opclasses=["jsonb_path_ops"], name="legal_version_content")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def said(self) -> Any:
        """The content, as its declaration reads it."""
        return read_kept(self.legal_record.declared.content, self.content)

    @property
    def review_due_on(self) -> date | None:
        """Only of the version in force."""
        if self.record_status != RecordStatus.APPROVED or self.approved_at is None:
            return None
        return review_due_on(self.legal_record.declared, self.said, self.approved_at.date())
