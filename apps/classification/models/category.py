"""Data categories: what kind of data, in the terms of the Data Privacy Vocabulary and a few of our own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class SpecialKind(models.TextChoices):
    """GDPR Art. 9(1). Data on offences (Art. 10) are not among them."""

    RACIAL_ETHNIC_ORIGIN = "racial_ethnic_origin", _("racial or ethnic origin")
    POLITICAL_OPINIONS = "political_opinions", _("political opinions")
    BELIEFS = "religious_philosophical_beliefs", _("religious or philosophical beliefs")
    TRADE_UNION_MEMBERSHIP = "trade_union_membership", _("trade union membership")
    GENETIC = "genetic", _("genetic data")
    BIOMETRIC = "biometric_unique_identification", _("biometric data for unique identification")
    HEALTH = "health", _("data concerning health")
    SEX_LIFE = "sex_life", _("sex life")
    SEXUAL_ORIENTATION = "sexual_orientation", _("sexual orientation")


class DataCategoryQuerySet(HouseQuerySet["DataCategory"]):
    def visible_to(self, actor: Actor) -> DataCategoryQuerySet:
        """Everybody: the taxonomy hides nothing."""
        return self if actor.is_system or standing_of(actor).is_active else self.none()

    def in_use(self) -> DataCategoryQuerySet:
        return self.filter(deprecated_on__isnull=True)


class DataCategory(BaseModel):
    """A term of the taxonomy. `code` and `iri` never change: the database refuses it (migration 0002)."""

    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=80, unique=True)
    iri = models.CharField(max_length=200, unique=True)
    label = models.CharField(max_length=120)
    definition = models.TextField()
    parents = models.ManyToManyField("self", symmetrical=False, related_name="+", blank=True)
    special_kind = models.CharField(max_length=40, choices=SpecialKind.choices, blank=True)
    is_criminal = models.BooleanField(default=False)
    is_personal = models.BooleanField()
    since = models.DateField()
    deprecated_on = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DataCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("data category")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_personal=True) | Q(special_kind="", is_criminal=False),
                name="data_category_special_is_personal",
            ),
        ]

    def __str__(self) -> str:
        return self.label
