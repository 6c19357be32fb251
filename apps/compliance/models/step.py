"""Steps that were taken with a record: a log that only grows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.compliance.models.legal import LegalRecord, LegalRecordVersion
from apps.kernel.models import BaseModel


class RecordStep(BaseModel):
    """One step of a record from stage to stage, with what was said. Never changed or deleted.

    `version` is what the record said then, where the step rests on it.
    """

    legal_record = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=40)
    stage_before = models.CharField(max_length=30)
    stage_after = models.CharField(max_length=30)
    said = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(
        LegalRecordVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("step of a record")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["legal_record", "number"], name="record_step_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.legal_record_id}"
