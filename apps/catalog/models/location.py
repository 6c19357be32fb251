"""Where the data of assets lie."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.asset import Asset
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.lakes.models import Lake


class StorageLocationQuerySet(HouseQuerySet["StorageLocation"]):
    def visible_to(self, actor: Actor) -> StorageLocationQuerySet:
        """The locations of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(asset__in=Asset.objects.visible_to(actor))


class StorageLocation(BaseModel):
    """A lake, a bucket and a prefix that belong to one version of an asset.

    Active locations never overlap on one endpoint, not even those of one asset: a key for a version would
    open the other. The database refuses it with an exclusion constraint (migration 0003), whatever
    connection they were registered through.
    """

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="locations")
    lake = models.ForeignKey(Lake, on_delete=models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=300, editable=False)
    bucket = models.CharField(max_length=63)
    prefix = models.CharField(max_length=512)
    is_active = models.BooleanField(default=True)

    objects = StorageLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("storage location")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "bucket", "prefix"],
                condition=Q(is_active=True),
                name="storage_location_once",
            ),
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^[^/].*/$") & ~Q(prefix__regex=r"[*?$\\]|//|(^|/)\.+/"),
                name="storage_location_prefix",
            ),
        ]

    def __str__(self) -> str:
        return self.lake.place(self.bucket, self.prefix)
