"""How well what names people was taken out of the items of a version before anybody labeled them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class RedactionCheckQuerySet(HouseQuerySet["RedactionCheck"]):
    def visible_to(self, actor: Actor) -> RedactionCheckQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))


class RedactionCheck(BaseModel):
    """`seeds` were planted and `seeds_found` taken out again; people looked through `audited` items and met
    `direct_identifiers`. The newest of a version counts."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    seeds = models.PositiveIntegerField()
    seeds_found = models.PositiveIntegerField()
    audited = models.PositiveIntegerField()
    direct_identifiers = models.PositiveIntegerField()
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RedactionCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("redaction check")
        verbose_name_plural = _("redaction checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(seeds_found__lte=F("seeds")), name="redaction_finds_what_was_planted"
            ),
        ]
        indexes = [models.Index(fields=["version", "-id"], name="redaction_check_newest")]

    def __str__(self) -> str:
        return f"{self.seeds_found} of {self.seeds} in {self.version_id}"
