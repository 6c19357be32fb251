"""For which purposes a version, or one column of it, may be used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models.concept import PurposeConcept
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class PermittedPurposeQuerySet(HouseQuerySet["PermittedPurpose"]):
    def visible_to(self, actor: Actor) -> PermittedPurposeQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))

    def in_force(self) -> PermittedPurposeQuerySet:
        return self.filter(ended_at__isnull=True)


class PermittedPurpose(BaseModel):
    """A kind of purpose is permitted for a column; for every column, where `column_name` is empty.

    It is ended, never deleted.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    column_name = models.CharField(max_length=200, blank=True)
    concept = models.ForeignKey(PurposeConcept, on_delete=models.PROTECT, related_name="+")
    permitted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    inherited_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PermittedPurposeQuerySet.as_manager()

    class Meta:
        verbose_name = _("permitted purpose")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "column_name", "concept"],
                condition=Q(ended_at__isnull=True),
                name="permitted_purpose_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concept_id} for {self.column_name or 'all columns'} of {self.version_id}"
