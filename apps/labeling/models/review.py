"""Label sets that were measured anew, because what belongs to them or what is known of them changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Asset
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.checks.terms import Verdict
from apps.labeling.models.label_set import LabelSet


class LabelSetReviewQuerySet(HouseQuerySet["LabelSetReview"]):
    def visible_to(self, actor: Actor) -> LabelSetReviewQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(label_set__version__asset__in=Asset.objects.visible_to(actor))


class LabelSetReview(BaseModel):
    """The newest counts. `figures` are `None` while it is still to be measured: it is blocked until then.

    `policy` is the version of the labeling policy that it was measured by; the one that the labels cite where
    none is named.
    """

    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Verdict])
    findings = models.JSONField()
    figures = models.JSONField(null=True)
    policy = models.ForeignKey(LegalRecordVersion, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LabelSetReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a label set")
        verbose_name_plural = _("reviews of label sets")
        indexes = [models.Index(fields=["label_set", "-id"], name="label_set_review_newest")]

    def __str__(self) -> str:
        return f"{self.verdict} for {self.label_set_id}"
