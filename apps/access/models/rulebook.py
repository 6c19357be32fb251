"""The rulebooks that have been in force, and every answer policy gave under them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.models import BaseModel, HouseQuerySet


class Rulebook(BaseModel):
    """A published rulebook, immutable. The newest is in force."""

    name = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("rulebook")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="rulebook_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Decision(BaseModel):
    """Policy's answer to one revision at one moment: the facts it saw, the rulebook, the trace. Immutable.

    `substance` is the SHA-256 of facts and rulebook without the moment: two answers with the same substance
    were given to the same question.
    """

    revision = models.ForeignKey("access.Revision", on_delete=models.PROTECT, related_name="decisions")
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=8)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    substance = models.CharField(max_length=64)
    trace = models.JSONField()

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")

    def __str__(self) -> str:
        return f"{self.effect} for revision {self.revision_id}"
