"""Places on a roster that are paused, because of what labels showed, until somebody lifts that."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.models.annotator import Annotator
from apps.labeling.models.label_set import LabelSet


class AnnotatorPauseQuerySet(HouseQuerySet["AnnotatorPause"]):
    def visible_to(self, actor: Actor) -> AnnotatorPauseQuerySet:
        """Those of the rows one may see."""
        return self.filter(annotator__in=Annotator.objects.visible_to(actor))

    def standing(self) -> AnnotatorPauseQuerySet:
        return self.filter(lifted_at__isnull=True)

    def of(self, row: Annotator) -> AnnotatorPauseQuerySet:
        """Also under another number, where it is known who they are: another row does not lift a pause."""
        same = Q(code=row.code)
        if row.person_id is not None:
            same |= Q(annotator__person=row.person_id)
        return self.filter(same, policy=row.policy_id)


class AnnotatorPause(BaseModel):
    """`annotator` is the row that held then; `findings` are the reasons that the label set told as data."""

    policy = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    annotator = models.ForeignKey(Annotator, on_delete=models.PROTECT, related_name="+")
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="pauses")
    findings = models.JSONField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)

    objects = AnnotatorPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of an annotator")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "code"], condition=Q(lifted_at__isnull=True), name="annotator_pause_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(why=""), name="annotator_pause_lifted_why"
            ),
        ]
        indexes = [models.Index("policy", F("id").desc(), name="annotator_pause_of_policy")]

    def __str__(self) -> str:
        return f"{self.code} paused {self.created_at:%Y-%m-%d}"
