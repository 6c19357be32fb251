"""Recalls: whoever had access is told what became of the data, and perhaps to delete copies and say so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.access.models.grant import Grant
from apps.accounts.models import Person
from apps.compliance.models import Occurrence
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class RecallQuerySet(HouseQuerySet["Recall"]):
    def visible_to(self, actor: Actor) -> RecallQuerySet:
        """Those of the grants one may see."""
        if actor.is_system:
            return self
        return self.filter(grant__in=Grant.objects.visible_to(actor))


class Recall(BaseModel):
    """`due_on` None: there is nothing to attest, it was only told (GDPR Art. 19)."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    attested_at = models.DateTimeField(null=True)
    attested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    attestation = models.TextField(blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        constraints = [
            models.UniqueConstraint(fields=["grant", "occurrence"], name="recall_once"),
            models.CheckConstraint(
                condition=Q(attested_at__isnull=True, attestation="")
                | (
                    Q(attested_at__isnull=False, attested_by__isnull=False, due_on__isnull=False)
                    & ~Q(attestation="")
                ),
                name="recall_attested",
            ),
        ]

    def __str__(self) -> str:
        return f"recall of {self.grant_id}"
