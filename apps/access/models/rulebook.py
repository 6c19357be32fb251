"""The rulebooks that have been in force, and every answer policy gave under them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from apps.access.models.policy_set import PolicySet
from apps.accounts.models import Organization
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.kernel.questions import Given


class RulebookQuerySet(HouseQuerySet["Rulebook"]):
    def of(self, organization: Organization | int | Given | None) -> RulebookQuerySet:
        """Those that may be in force for an organization: its own, and those for all."""
        return self.filter(Q(organization=organization) | Q(organization=None))

    def in_force(
        self, organization: Organization | int | Given | None, *, at: datetime | Now | Given
    ) -> RulebookQuerySet:
        """The first of these is in force: an own one before one for all, then the newest."""
        begun = self.of(organization).annotate(begins_at=Coalesce("effective_from", "published_at"))
        newest = begun.filter(Q(effective_from__isnull=True) | Q(effective_from__lte=at))
        return newest.order_by(F("organization").asc(nulls_last=True), "-begins_at", "-published_at", "-pk")


class Rulebook(BaseModel):
    """A published rulebook, immutable.

    One of an organization joins the law part, which is for all, with the organization's `policy_set`.
    """

    name = models.CharField(max_length=100)
    version = models.CharField(max_length=120)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    policy_set = models.ForeignKey(PolicySet, on_delete=models.PROTECT, null=True, related_name="+")
    effective_from = models.DateTimeField(null=True)
    """Empty: from its publication."""

    objects = RulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("rulebook")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="rulebook_version_once"),
            models.CheckConstraint(
                condition=Q(organization__isnull=True, policy_set__isnull=True)
                | Q(organization__isnull=False, policy_set__isnull=False),
                name="rulebook_of_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Decision(BaseModel):
    """Policy's answer to one revision at one moment: the facts it saw, the rulebook, the trace. Immutable.

    `substance` is the SHA-256 of facts and rulebook without the moment: two answers with the same substance
    were given to the same question.
    """

    revision = models.ForeignKey("access.Revision", on_delete=models.PROTECT, related_name="decisions")
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=8)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    substance = models.CharField(max_length=64)
    trace = models.JSONField()

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")

    def __str__(self) -> str:
        return f"{self.effect} for revision {self.revision_id}"
