"""Sets of labels that were brought for versions of datasets, with what they measured. None ever changes."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.checks.terms import Verdict
from apps.labeling.imports.annotation import Format

SAID_OF_FILE = ("labeled_by", "is_gold", "all_items_seen", "together_with")
"""By these the same bytes are not the same labels."""


class LabelSetQuerySet(HouseQuerySet["LabelSet"]):
    def visible_to(self, actor: Actor) -> LabelSetQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))

    def with_verdict(self) -> LabelSetQuerySet:
        """`current_verdict` is that of the newest review, or what it was brought with where there is none."""
        reviews = apps.get_model("labeling", "LabelSetReview")._default_manager
        newest = reviews.filter(label_set=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
        return self.annotate(current_verdict=Coalesce(Subquery(newest), F("verdict")))

    def with_measure(self, on: date) -> LabelSetQuerySet:
        """`measured_at`, `measured_by`: when the set was measured last, and the number of the version of its
        policy that it was measured by; `in_force`: the number of the version that is in force that day, if
        one is."""
        reviews = apps.get_model("labeling", "LabelSetReview")._default_manager
        newest = reviews.filter(label_set=OuterRef("pk")).order_by("-pk")
        versions = LegalRecordVersion.objects.in_force(on).filter(
            legal_record=OuterRef("policy__legal_record")
        )
        return self.annotate(
            measured_at=Coalesce(Subquery(newest.values("created_at")[:1]), F("created_at")),
            measured_by=Coalesce(Subquery(newest.values("policy__number")[:1]), F("policy__number")),
            in_force=Subquery(versions.order_by("-number").values("number")[:1]),
        )

    def behind(self, on: date) -> LabelSetQuerySet:
        """Those that were measured by another version of their policy than the one in force that day."""
        is_other = Q(in_force__isnull=False) & ~Q(measured_by=F("in_force"))
        found: LabelSetQuerySet = self.with_measure(on).filter(is_other)
        return found


class LabelSet(BaseModel):
    """The labels of one file, and with `together_with` what that earlier set held then as well. `labeled_by`
    stands for whoever labeled what the file leaves unnamed, where that may be kept.

    `policy` is the version of the labeling policy that they cite; `asset_version` what the set is in the
    catalog, which the first ones are not; `findings` are the reasons of the verdict as data, and `figures`
    what they rest on. The database refuses to change or delete it (migration 0002).
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    asset_version = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    policy = models.ForeignKey(LegalRecordVersion, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Format])
    file_sha256 = models.CharField(max_length=64)
    annotations = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    addresses_removed = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Verdict])
    findings = models.JSONField()
    figures = models.JSONField()
    labeled_by = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_gold = models.BooleanField(default=False, db_default=False)
    all_items_seen = models.BooleanField(default=False, db_default=False)
    together_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LabelSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("label set")
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="label_set_number_once"),
            models.UniqueConstraint(
                fields=["version", "policy", "file_sha256", *SAID_OF_FILE],
                nulls_distinct=False,
                name="label_set_file_once",
            ),
            models.CheckConstraint(
                condition=Q(file_sha256__regex=r"^[0-9a-f]{64}$"), name="label_set_hashed"
            ),
        ]
        indexes = [models.Index("version", F("number").desc(), name="label_set_newest")]

    def __str__(self) -> str:
        return f"{self.version_id} labels {self.number}"


class Label(models.Model):
    """One label of a set. `annotator` is empty where the policy does not let it be kept; `answer` then tells
    apart those who answered one item, and nothing beyond that item. A box has all four of its places, a part
    of a text or a recording begins at `left` and is `width` long, and `area` holds what else covers
    something."""

    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="labels")
    line = models.PositiveIntegerField()
    item = models.CharField(max_length=1000)
    annotator = models.CharField(max_length=300, blank=True)
    answer = models.BigIntegerField(default=0)
    label = models.CharField(max_length=300, blank=True)
    left = models.FloatField(null=True)
    top = models.FloatField(null=True)
    width = models.FloatField(null=True)
    height = models.FloatField(null=True)
    area = models.BinaryField(null=True)
    is_region = models.BooleanField()
    is_gold = models.BooleanField()
    is_machine = models.BooleanField()
    is_settled = models.BooleanField(default=False, db_default=False)
    was_cancelled = models.BooleanField()
    seconds = models.FloatField(null=True)

    class Meta:
        verbose_name = _("label")

    def __str__(self) -> str:
        return f"{self.item}: {self.label}"
