"""Who stands in for whom, for a time; and who has declared that something clouds their judgment."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models.organization import Domain, Organization
from apps.accounts.models.person import Person
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet

LONGEST_NOTE = 2000
LOOKS_AFTER_CONFLICTS = frozenset({Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})


class DelegationQuerySet(HouseQuerySet["Delegation"]):
    def visible_to(self, actor: Actor) -> DelegationQuerySet:
        """Those to and from oneself, and those of the people one may see."""
        if actor.is_system:
            return self
        if not standing_of(actor).is_active:
            return self.none()
        seen = Person.objects.visible_to(actor)
        return self.filter(Q(delegator__in=seen) | Q(delegate=actor.person_key))

    def in_force(self, moment: datetime) -> DelegationQuerySet:
        return self.not_over(moment).filter(starts_at__lte=moment)

    def not_over(self, moment: datetime) -> DelegationQuerySet:
        """In force, or still to come."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment), ends_at__gt=moment)


class Delegation(BaseModel):
    """The delegator is away, and the delegate answers in their stead. It gives no role to anybody.

    In force from `starts_at` until `ends_at`, or until `ended_at` where it was ended before.
    """

    delegator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role]))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=LONGEST_NOTE, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        constraints = [
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="delegation_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.delegator_id}"

    def is_over(self, moment: datetime) -> bool:
        return self.ends_at <= moment or (self.ended_at is not None and self.ended_at <= moment)


class ConflictKind(models.TextChoices):
    """What a declared conflict of interest is about."""

    PERSON = "person", _("person")
    TEAM = "team", _("team")
    PROJECT = "project", _("project")
    ORGANIZATION = "organization", _("organization")
    DOMAIN = "domain", _("domain")
    ASSET = "asset", _("asset")


class ConflictDeclarationQuerySet(HouseQuerySet["ConflictDeclaration"]):
    def visible_to(self, actor: Actor) -> ConflictDeclarationQuerySet:
        """One's own, and for those who look after lawfulness, everybody's in their organization."""
        if actor.is_system:
            return self
        standing = standing_of(actor)
        if not standing.is_active:
            return self.none()
        places = {held.organization_id for held in standing.roles if held.role in LOOKS_AFTER_CONFLICTS}
        return self.filter(Q(person=actor.person_key) | Q(person__organization_id__in=places))

    def in_force(self, moment: datetime) -> ConflictDeclarationQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)


class ConflictDeclaration(BaseModel):
    """A person should not decide about the target: `target_uid` is the uid of a thing of that kind.

    `recorded_by` is who declared it: the person, or somebody who looks after lawfulness.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ConflictKind.choices)
    target_uid = models.UUIDField()
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="conflict_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["target_uid"], name="conflict_of_target")]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.kind} {self.target_uid}"
