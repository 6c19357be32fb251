"""Sensitivity classes: ordered levels, each with what it demands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.facts import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES


class StageRole(models.TextChoices):
    """Who decides a stage, in the words of the policy floor. The DPO is heard and never approves."""

    DATA_OWNER = "data_owner", _("data owner")
    COMPLIANCE_OFFICER = "compliance_officer", _("compliance officer")
    DPO = "dpo", _("data protection officer (opinion)")
    CISO = "ciso", _("security officer")
    LEGAL = "legal", _("legal counsel")


class SensitivityClassQuerySet(HouseQuerySet["SensitivityClass"]):
    def visible_to(self, actor: Actor) -> SensitivityClassQuerySet:
        """Everybody: a class hides nothing."""
        return self if actor.is_system or standing_of(actor).is_active else self.none()


class SensitivityClass(BaseModel):
    """A level of the one ladder of this installation. A null limit is the stated absence of a limit.

    Changing what a class demands counts for decisions and keys from then on; what was decided stays.
    """

    rank = models.PositiveSmallIntegerField(unique=True)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    definition = models.TextField()
    max_grant_days = models.PositiveIntegerField(null=True, blank=True)
    max_lease_minutes = models.PositiveIntegerField(null=True, blank=True)
    stages = ArrayField(models.CharField(max_length=20, choices=StageRole.choices), default=list, blank=True)
    needs_step_up = models.BooleanField(default=False)
    is_auto_ok_allowed = models.BooleanField(default=False)
    is_break_glass_allowed = models.BooleanField(default=False)

    objects = SensitivityClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("sensitivity class")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(Lower("code"), name="sensitivity_class_code_once"),
            models.CheckConstraint(
                condition=Q(max_grant_days__isnull=True) | Q(max_grant_days__gte=SHORTEST_GRANT_DAYS),
                name="sensitivity_class_grant_days",
            ),
            models.CheckConstraint(
                condition=Q(max_lease_minutes__isnull=True)
                | Q(max_lease_minutes__gte=SHORTEST_LEASE_MINUTES),
                name="sensitivity_class_lease_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.label
