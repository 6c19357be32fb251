"""Releases of versions of models, with who gave them free and who took that back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class ModelReleaseQuerySet(HouseQuerySet["ModelRelease"]):
    def visible_to(self, actor: Actor) -> ModelReleaseQuerySet:
        """Those of the models one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))

    def standing(self) -> ModelReleaseQuerySet:
        """Those that nobody withdrew; some may have lost their ground since."""
        return self.filter(withdrawn_at__isnull=True)


class ModelRelease(BaseModel):
    """A version that may be used outside of trials, from `created_at` on.

    `fell_at`: since then one of its conditions is no longer met. It is withdrawn by somebody, never deleted.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    fell_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)

    objects = ModelReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(withdrawn_at__isnull=True), name="model_release_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(why=""), name="model_release_withdrawn_why"
            ),
        ]
        indexes = [models.Index("version", F("id").desc(), name="model_release_of_version")]

    @property
    def state(self) -> str:
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "released" if self.fell_at is None else "fallen"

    def __str__(self) -> str:
        return f"{self.version_id} released {self.created_at:%Y-%m-%d}"
