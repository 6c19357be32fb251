"""Label sets of which it is kept no longer who gave which label."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.compliance.models import LegalRecord
from apps.kernel.models import BaseModel
from apps.labeling.models.label_set import LabelSet


class NamesForgotten(BaseModel):
    """From `due_on` on they were not to be kept, by the retention schedule. The database refuses to change or
    delete it, and lets names go from the labels of a set by it alone (migration 0017)."""

    label_set = models.OneToOneField(LabelSet, on_delete=models.PROTECT, related_name="names_forgotten")
    schedule = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()

    class Meta:
        verbose_name = _("names that were forgotten")
        verbose_name_plural = _("names that were forgotten")

    def __str__(self) -> str:
        return f"names of {self.label_set_id}"
