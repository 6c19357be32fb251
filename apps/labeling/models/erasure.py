"""Items that were erased because people asked for it: what is gone, where, and what must not come back."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import Duty
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.models.label_set import LabelSet

WITHIN = timedelta(hours=24)
"""Of the demand, items leave the labels [POLICY]."""


class ItemErasureQuerySet(HouseQuerySet["ItemErasure"]):
    def that_answer(self) -> ItemErasureQuerySet:
        """What met nothing answers no duty, unless whoever recorded it says that nothing is here."""
        return self.filter(Q(items__gt=0) | Q(labels__gt=0) | Q(none_here=True))

    def visible_to(self, actor: Actor) -> ItemErasureQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))


class ItemErasure(BaseModel):
    """Done when it was recorded: that many `items` left the lists and `labels` the label sets of the version,
    of the other versions of its dataset, and of what was made from them.

    `duty` is what it answers, where that is on record; `none_here` says that it answers it though nothing was
    met. The database refuses to change or delete it, and lets labels and items go by it alone (migration
    0007).
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField()
    demanded_at = models.DateTimeField()
    due_at = models.DateTimeField()
    items = models.PositiveIntegerField()
    labels = models.PositiveIntegerField()
    none_here = models.BooleanField(default=False, db_default=False)
    erased_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ItemErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure of items")
        verbose_name_plural = _("erasures of items")
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="item_erasure_says_why"),
            models.CheckConstraint(
                condition=Q(demanded_at__lte=F("created_at")), name="item_erasure_after_demand"
            ),
            models.CheckConstraint(
                condition=Q(due_at__lte=F("demanded_at") + WITHIN), name="item_erasure_within_a_day"
            ),
            models.CheckConstraint(
                condition=Q(none_here=False) | Q(duty__isnull=False, items=0, labels=0),
                name="item_erasure_none_here",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk} of items of {self.version_id}"

    @property
    def is_late(self) -> bool:
        return self.created_at > self.due_at


class ErasedVersion(models.Model):
    """A version that an erasure reached."""

    erasure = models.ForeignKey(ItemErasure, on_delete=models.PROTECT, related_name="reached")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["erasure", "version"], name="erased_version_once")]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.erasure_id}"


class ErasedFrom(models.Model):
    """How much of a label set an erasure took."""

    erasure = models.ForeignKey(ItemErasure, on_delete=models.PROTECT, related_name="taken")
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="erased")
    items = models.PositiveIntegerField()
    labels = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["erasure", "label_set"], name="erased_from_once")]

    def __str__(self) -> str:
        return f"{self.labels} labels of {self.label_set_id}"


class Erased(StrEnum):
    ITEM = "item"
    SUBJECT = "subject"


class Tombstone(models.Model):
    """What stays of a name: a keyed hash, by which it is known again when it is brought anew."""

    erasure = models.ForeignKey(ItemErasure, on_delete=models.PROTECT, related_name="tombstones")
    kind = models.CharField(max_length=7, choices=[(each.value, each.value) for each in Erased])
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["erasure", "kind", "digest"], name="tombstone_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="tombstone_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.erasure_id}"
