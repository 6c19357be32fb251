"""Where the data of a version come from: on what basis and for what they were collected."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models.concept import PurposeConcept
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.vocabulary import LawfulBasis


class DataOriginQuerySet(HouseQuerySet["DataOrigin"]):
    def visible_to(self, actor: Actor) -> DataOriginQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))

    def current(self) -> DataOriginQuerySet:
        return self.filter(ended_at__isnull=True)


class DataOrigin(BaseModel):
    """What is known of the collection of the data. Stated anew, never changed or deleted.

    `research_area` is the kind of research that a broad consent names (rec. 33). `retention_ends_on` and
    `agreement_ends_on` are the first days on which the data may no longer be kept or used; an agreement that
    is named without an end has an end nobody knows, and without an agreement there is none to end.
    """

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    original_basis = models.CharField(
        max_length=8, choices=[(basis.value, basis.value) for basis in LawfulBasis], null=True, blank=True
    )
    original_purpose = models.ForeignKey(
        PurposeConcept, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    research_area = models.ForeignKey(
        PurposeConcept, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=300, blank=True)
    retention_ends_on = models.DateField(null=True, blank=True)
    agreement_ref = models.CharField(max_length=200, blank=True)
    agreement_ends_on = models.DateField(null=True, blank=True)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    inherited_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DataOriginQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of data")
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(ended_at__isnull=True), name="data_origin_current"
            ),
            models.CheckConstraint(
                condition=Q(agreement_ends_on__isnull=True) | ~Q(agreement_ref=""),
                name="data_origin_agreement_named",
            ),
            models.CheckConstraint(
                condition=Q(research_area__isnull=True) | Q(original_basis="6(1)(a)"),
                name="data_origin_research_area_of_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"origin of {self.version_id}"
