"""Pilots: what labels of a few items measured when a guideline was tried out. None ever changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.compliance.models import LegalRecordVersion
from apps.compliance.models.record import sees_drafts_in
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.imports.annotation import Format
from apps.labeling.models.annotator import policies_of_data


class PilotQuerySet(HouseQuerySet["Pilot"]):
    def visible_to(self, actor: Actor) -> PilotQuerySet:
        """Of policies that one works on or whose data one looks after."""
        if actor.is_system:
            return self
        return self.filter(
            Q(policy__legal_record__organization_id__in=sees_drafts_in(actor))
            | Q(policy__legal_record__in=policies_of_data(actor))
        )


class Pilot(BaseModel):
    """The labels themselves are not kept. `policy` is the version by whose rules they were measured, and
    `file_sha256` of the file, or where there were several of their hashes in their order. `items` were
    answered by as many people as the policy asks for; `lower` is the lower bound of the agreement, and empty
    where that is undefined. The database refuses to change or delete it (migration 0015)."""

    policy = models.ForeignKey(LegalRecordVersion, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Format])
    files = models.PositiveSmallIntegerField()
    file_sha256 = models.CharField(max_length=64)
    annotations = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    lower = models.FloatField(null=True)
    findings = models.JSONField()
    figures = models.JSONField()
    measured_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = _("pilot")
        constraints = [
            models.CheckConstraint(condition=Q(file_sha256__regex=r"^[0-9a-f]{64}$"), name="pilot_hashed")
        ]
        indexes = [models.Index("policy", F("id").desc(), name="pilot_newest")]

    def __str__(self) -> str:
        return f"pilot {self.uid}"
