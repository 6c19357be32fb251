"""What was said about a column of a version: class, categories, identifiability, by whom and why."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models.sensitivity import SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.vocabulary import Identifiability

WHOLE_VERSION = "*"
"""The one column of a version without columns."""


class ClassificationSource(models.TextChoices):
    HUMAN = "human", _("by a person")
    INHERITED = "inherited", _("from the version before")
    DERIVED = "derived", _("from what it was made from")
    SCAN = "scan", _("by a scan that found personal data")


class ClassificationQuerySet(HouseQuerySet["Classification"]):
    def visible_to(self, actor: Actor) -> ClassificationQuerySet:
        """The classifications of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))

    def current(self) -> ClassificationQuerySet:
        return self.filter(status=ClassificationStatus.CURRENT)

    def proposed(self) -> ClassificationQuerySet:
        return self.filter(status=ClassificationStatus.PROPOSED)


class Classification(BaseModel):
    """One saying about one column. It is never changed or deleted, only superseded (migration 0002).

    `is_confirmed`: a person vouches for it, who is named; what a machine says is not confirmed.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    column_name = models.CharField(max_length=200, default=WHOLE_VERSION)
    sensitivity_class = models.ForeignKey(SensitivityClass, on_delete=models.PROTECT, related_name="+")
    category_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    identifiability = models.CharField(
        max_length=15, choices=[(word.value, word.value) for word in Identifiability]
    )
    source = models.CharField(max_length=10, choices=ClassificationSource.choices)
    reason = models.TextField(blank=True)
    assessment_ref = models.CharField(max_length=200, blank=True)
    classified_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_confirmed = models.BooleanField(default=False)
    inherited_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=[(word.value, word.value) for word in ClassificationStatus]
    )
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    rejection_reason = models.TextField(blank=True)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("classification")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "column_name"],
                condition=Q(status="current"),
                name="classification_current",
            ),
            models.UniqueConstraint(
                fields=["version", "column_name"],
                condition=Q(status="proposed"),
                name="classification_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(identifiability="not_personal")
                | (Q(classified_by__isnull=False) & ~Q(reason="")),
                name="classification_not_personal_vouched",
            ),
            models.CheckConstraint(
                condition=~Q(identifiability="anonymised") | ~Q(assessment_ref=""),
                name="classification_anonymised_assessed",
            ),
            models.CheckConstraint(
                condition=Q(is_confirmed=False)
                | Q(classified_by__isnull=False)
                | Q(decided_by__isnull=False),
                name="classification_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index("version", "status", name="classification_version"),
            GinIndex(fields=["category_codes"], name="classification_categories"),
        ]

    def __str__(self) -> str:
        return f"{self.column_name} of {self.version_id}: {self.status}"
