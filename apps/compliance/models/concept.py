"""The hierarchy of purposes, in the terms of the Data Privacy Vocabulary."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class PurposeConceptQuerySet(HouseQuerySet["PurposeConcept"]):
    def visible_to(self, actor: Actor) -> PurposeConceptQuerySet:
        """Everybody: the hierarchy hides nothing."""
        return self if actor.is_system or standing_of(actor).is_active else self.none()

    def in_use(self) -> PurposeConceptQuerySet:
        return self.filter(deprecated_on__isnull=True)


class PurposeConcept(BaseModel):
    """A kind of purpose. It may have several parents; the root has none. Codes never change."""

    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=80, unique=True)
    iri = models.CharField(max_length=200, unique=True)
    label = models.CharField(max_length=120)
    definition = models.TextField()
    parents = models.ManyToManyField("self", symmetrical=False, related_name="+", blank=True)
    since = models.DateField()
    deprecated_on = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PurposeConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("purpose concept")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label
