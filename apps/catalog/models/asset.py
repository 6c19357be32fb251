"""The one table of assets, and what one kind has beyond the others."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Domain, Organization
from apps.accounts.models.acl import SeenThroughKeys
from apps.accounts.roles import ObjectPermission
from apps.catalog.lifecycle import AssetState
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class AssetKind(models.TextChoices):
    DATASET = "dataset", _("dataset")
    MODEL = "model", _("model")
    LABEL_SET = "label_set", _("label set")


class AssetQuerySet(HouseQuerySet["Asset"]):
    def visible_to(self, actor: Actor) -> AssetQuerySet:
        """What the actor may see, by whatever way: one statement, through the index."""
        return self.where_may(actor, ObjectPermission.VIEW)

    def where_may(self, actor: Actor, permission: ObjectPermission) -> AssetQuerySet:
        """Assets on which the actor holds the permission."""
        if actor.is_system:
            return self
        return self.filter(pk__in=SeenThroughKeys.assets(actor, permission))


class Asset(BaseModel):
    """A catalogued dataset, model or label set."""

    kind = models.CharField(max_length=12, choices=AssetKind.choices)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in AssetState],
        default=AssetState.DRAFT.value,
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(state="retired")
                | models.Q(published_at__isnull=False),
                name="asset_published_at",
            ),
        ]
        indexes = [
            models.Index("organization", "domain", name="asset_place"),
            models.Index("domain", "kind", Lower("name"), name="asset_by_name"),
        ]
        default_permissions = ()
        permissions = [
            ("view_asset", "may see the asset"),
            ("edit_asset", "may edit the asset"),
            ("classify_asset", "may classify the asset"),
            ("own_asset", "is accountable for the asset"),
            ("steward_asset", "keeps the asset right"),
            ("approve_asset", "may be asked to approve access to the asset"),
        ]

    def __str__(self) -> str:
        return self.name


class ModelDetails(models.Model):
    """What a model has beyond other assets."""

    asset = models.OneToOneField(
        Asset, on_delete=models.CASCADE, primary_key=True, related_name="model_details"
    )
    task = models.CharField(max_length=100, blank=True)
    framework = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.task} ({self.framework})"
