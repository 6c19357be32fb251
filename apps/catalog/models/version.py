"""Versions: immutable states of an asset, with their columns and what they were made from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models.asset import Asset
from apps.catalog.models.location import StorageLocation
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class AssetVersionQuerySet(HouseQuerySet["AssetVersion"]):
    def visible_to(self, actor: Actor) -> AssetVersionQuerySet:
        """The versions of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(asset__in=Asset.objects.visible_to(actor))


class AssetVersion(BaseModel):
    """An immutable state of an asset: the database refuses to change or delete it (migration 0003)."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=100, blank=True)
    location = models.OneToOneField(
        StorageLocation, on_delete=models.PROTECT, null=True, related_name="version"
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AssetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="asset_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.number}"


class Column(models.Model):
    """A column of a version."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="columns")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    data_type = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("column")
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="column_name_once"),
            models.UniqueConstraint(fields=["version", "position"], name="column_position_once"),
        ]

    def __str__(self) -> str:
        return self.name


class InputRole(models.TextChoices):
    """What an input was used for."""

    SOURCE = "source", _("made from")
    TRAINING = "training", _("trained on")
    VALIDATION = "validation", _("validated with")
    BASE_MODEL = "base_model", _("fine-tuned from")


class VersionInput(models.Model):
    """Lineage: a version was derived from another.

    `carried` is known where the house made the one from the other: by column those of the input that it tells
    something about. Nobody may merely say so.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="inputs")
    input = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="outputs")
    role = models.CharField(max_length=12, choices=InputRole.choices)
    carried = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "input", "role"], name="version_input_once"),
            models.CheckConstraint(
                condition=~models.Q(version=models.F("input")), name="version_input_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.role} {self.input_id}"
