"""Changes of the one ladder that binds several organizations, and who has agreed to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.classification.lifecycle import LadderChangeState
from apps.classification.models.sensitivity import SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet

PROPOSED = LadderChangeState.PROPOSED.value


class LadderChangeQuerySet(HouseQuerySet["LadderChange"]):
    def visible_to(self, actor: Actor) -> LadderChangeQuerySet:
        """The officers of all organizations, for each of which the ladder is."""
        if actor.is_system:
            return self
        standing = standing_of(actor)
        is_officer = any(
            held.role is Role.COMPLIANCE_OFFICER and held.domain_id is None for held in standing.roles
        )
        return self if standing.is_active and is_officer else self.none()

    def proposed(self) -> LadderChangeQuerySet:
        return self.filter(state=PROPOSED)


class LadderChange(BaseModel):
    """What somebody wants a class to demand, or a class that is not there yet.

    `document` holds the whole of it and never changes; `base_version` is the version of the class that it was
    written against. Of a new class, `sensitivity_class` is what came of it.
    """

    sensitivity_class = models.ForeignKey(SensitivityClass, models.PROTECT, related_name="+", null=True)
    document = models.JSONField()
    base_version = models.PositiveIntegerField(null=True)
    is_laxer = models.BooleanField()
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in LadderChangeState], default=PROPOSED
    )
    closed_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    rejection_reason = models.TextField(blank=True)

    objects = LadderChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the ladder")
        constraints = [
            models.UniqueConstraint(
                fields=["sensitivity_class"], condition=Q(state=PROPOSED), name="ladder_change_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=PROPOSED, closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state=PROPOSED) & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="ladder_change_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=LadderChangeState.REJECTED.value) ^ Q(rejection_reason=""),
                name="ladder_change_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=LadderChangeState.IN_FORCE.value) | Q(sensitivity_class__isnull=False),
                name="ladder_change_in_force_on_a_class",
            ),
        ]

    @property
    def is_new_class(self) -> bool:
        return self.base_version is None

    @property
    def code(self) -> str:
        return str(self.document["code"])


class LadderConsent(BaseModel):
    """The yes of an officer, for their organization."""

    change = models.ForeignKey(LadderChange, models.PROTECT, related_name="consents")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")

    objects = HouseQuerySet["LadderConsent"].as_manager()

    class Meta:
        verbose_name = _("consent to a change of the ladder")
        constraints = [
            models.UniqueConstraint(fields=["change", "person"], name="ladder_consent_once"),
        ]
