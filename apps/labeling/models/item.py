"""Which items a version of a dataset has: a manifest that is brought once, and a row for each item."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class ItemManifestQuerySet(HouseQuerySet["ItemManifest"]):
    def visible_to(self, actor: Actor) -> ItemManifestQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))


class ItemManifest(BaseModel):
    """`items` is how many were brought. The database refuses to change or delete it (migration 0004)."""

    version = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, related_name="+")
    items = models.PositiveIntegerField()
    file_sha256 = models.CharField(max_length=64)
    addresses_removed = models.PositiveIntegerField()
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ItemManifestQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of items")
        verbose_name_plural = _("lists of items")
        constraints = [
            models.CheckConstraint(
                condition=Q(file_sha256__regex=r"^[0-9a-f]{64}$"), name="item_manifest_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"items of {self.version_id}"


class DatasetItem(models.Model):
    """An item as the labeling tool names it. `subject` is a pseudonym of whom it is about; `groups` by the
    name of the grouping. What is empty was not said."""

    manifest = models.ForeignKey(ItemManifest, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=1000)
    sha256 = models.CharField(max_length=64, blank=True)
    split = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    groups = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("item")
        constraints = [
            models.UniqueConstraint("manifest", MD5("name"), name="dataset_item_once"),
            models.CheckConstraint(condition=~Q(name=""), name="dataset_item_named"),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"), name="dataset_item_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.manifest_id}"
