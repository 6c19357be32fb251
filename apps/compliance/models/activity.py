"""Processing activities: the entries of the record of processing (GDPR Art. 30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.compliance.lifecycle import DataSubjectCategory, Role, SecurityMeasure
from apps.compliance.lifecycle.activity import Particulars
from apps.compliance.lifecycle.reading import read
from apps.compliance.models.purpose import Purpose
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
from apps.policy.vocabulary import Clearance


class ProcessingActivityQuerySet(HouseQuerySet["ProcessingActivity"]):
    def visible_to(self, actor: Actor) -> ProcessingActivityQuerySet:
        """Activities once signed off, for everybody of the organization; drafts for those at work on them."""
        if actor.is_system:
            return self
        signed = ActivityVersion.objects.filter(is_signed(), activity=OuterRef("pk"))
        return self.filter(
            Q(organization_id__in=sees_drafts_in(actor)) | Q(Exists(signed), organization_id=home_of(actor))
        )


class ProcessingActivity(BaseModel):
    """An entry of the record of processing through all its versions; `ref` is PA-0001."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=20)

    objects = ProcessingActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("processing activity")
        verbose_name_plural = _("processing activities")
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="activity_ref_once")]

    def __str__(self) -> str:
        return self.ref


class ActivityVersionQuerySet(HouseQuerySet["ActivityVersion"]):
    def visible_to(self, actor: Actor) -> ActivityVersionQuerySet:
        """Signed versions, for everybody of the organization; all, for those who work on them."""
        if actor.is_system:
            return self
        return self.filter(
            Q(activity__organization_id__in=sees_drafts_in(actor))
            | (is_signed() & Q(activity__organization_id=home_of(actor)))
        )

    def as_of(self, on: date) -> ActivityVersionQuerySet:
        """Those that held on that day, also if they were replaced since; drafts never hold."""
        return self.filter(ended_after(on), is_signed(), effective_from__lte=on)


class ActivityVersion(RecordVersion):
    """What an activity says, as of one version; the fields are those of `ActivityContent`.

    `clearance` is apart from `record_status`: a true description may be signed off of a processing that
    must not run. It is derived, and derived anew while the version stays as it is.
    """

    activity = models.ForeignKey(ProcessingActivity, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    controller = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    art26_arrangement = models.CharField(max_length=300, blank=True)
    purposes = models.ManyToManyField(Purpose, related_name="+")
    assets = models.ManyToManyField(Asset, related_name="+")
    data_subject_categories = ArrayField(
        models.CharField(max_length=40, choices=[(each.value, each.value) for each in DataSubjectCategory]),
        default=list,
        blank=True,
    )
    recipients = models.JSONField(default=list, blank=True)
    no_recipients_confirmed = models.BooleanField(default=False)
    transfers = models.JSONField(default=list, blank=True)
    no_transfers_confirmed = models.BooleanField(default=False)
    security_measures = ArrayField(
        models.CharField(max_length=20, choices=[(each.value, each.value) for each in SecurityMeasure]),
        default=list,
        blank=True,
    )
    is_running = models.BooleanField(default=False)
    effective_from = models.DateField()
    particulars = models.JSONField(default=dict, blank=True)
    clearance = models.CharField(
        max_length=12,
        choices=[(each.value, each.value) for each in Clearance],
        default=Clearance.NOT_ASSESSED.value,
    )
    clearance_reasons = models.JSONField(default=list, blank=True)

    objects = ActivityVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a processing activity")
        constraints = constraints_of("activity", "activity_version")

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def remedy(self) -> Remedy | None:
        """Who puts right what keeps the processing blocked, and by when."""
        said = read(Particulars, self.particulars)
        if self.clearance != Clearance.BLOCKED or said.remedy_due is None:
            return None
        return Remedy(plan=said.remedy_plan, owner=said.remedy_owner, due=said.remedy_due)


@dataclass(frozen=True, kw_only=True)
class Remedy:
    plan: str
    owner: str
    due: date
