"""Data-use agreements: texts that whoever receives data accepts first, and who did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models import Domain, Organization, Person
from apps.catalog.models import Asset
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class AgreementQuerySet(HouseQuerySet["Agreement"]):
    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """Those of one's own organization and of the owners of assets one sees; of a hidden asset or domain,
        none."""
        if actor.is_system:
            return self
        if not standing_of(actor).is_active:
            return self.none()
        seen = Asset.objects.visible_to(actor)
        house = Q(organization=actor.organization_id) | Q(organization__in=seen.values("organization"))
        areas = Domain.objects.visible_to(actor)
        domain = Q(domain__in=areas.values("pk")) | Q(domain__in=seen.values("domain"))
        asset = Q(asset__in=seen.values("pk"))
        return self.filter(house, Q(asset__isnull=True) | asset, Q(domain__isnull=True) | domain)

    def in_force(self) -> AgreementQuerySet:
        return self.filter(retired_at__isnull=True)


class Agreement(BaseModel):
    """One version of a text, immutable; `code` names the agreement, and the version not retired is in force.

    It stands on one asset, on all of a domain, or on all data of a class and above in its organization.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, related_name="+")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, null=True, related_name="+")
    sensitivity_class = models.ForeignKey(
        SensitivityClass, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("data-use agreement")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code", "version"], name="agreement_version_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "code"],
                condition=Q(retired_at__isnull=True),
                name="agreement_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(asset__isnull=False, domain__isnull=True, sensitivity_class__isnull=True)
                | Q(asset__isnull=True, domain__isnull=False, sensitivity_class__isnull=True)
                | Q(asset__isnull=True, domain__isnull=True, sensitivity_class__isnull=False),
                name="agreement_stands_on_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class AgreementAcceptance(BaseModel):
    """A person accepted this very text. Immutable."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance of an agreement")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person"], name="agreement_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} by {self.person_id}"
