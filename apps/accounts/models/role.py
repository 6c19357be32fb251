"""Roles, each in a scope, each for a time."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.organization import Domain, Organization
from apps.accounts.models.person import Person
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class RoleAssignmentQuerySet(HouseQuerySet["RoleAssignment"]):
    def visible_to(self, actor: Actor) -> RoleAssignmentQuerySet:
        """The assignments of the people one may see."""
        if actor.is_system:
            return self
        return self.filter(person__in=Person.objects.visible_to(actor))

    def held_at(self, moment: datetime) -> RoleAssignmentQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)


class RoleAssignment(BaseModel):
    """A person holds a role in an organization, or in one of its domains only."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="role_assignment_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "organization", "domain"],
                condition=Q(ends_at__isnull=True),
                nulls_distinct=False,
                name="role_assignment_once_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.person_id} in {self.domain_id or self.organization_id}"
