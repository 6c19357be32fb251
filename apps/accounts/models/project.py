"""Projects: people who work together on something, for a time."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models.organization import Organization
from apps.accounts.models.person import SEES_PEOPLE, Person
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.kernel.questions import Given


class ProjectQuerySet(HouseQuerySet["Project"]):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """Those one leads or belongs to; with a role other than scientist, all of the organization."""
        if actor.is_system:
            return self
        standing = standing_of(actor)
        if not standing.is_active:
            return self.none()
        places = {held.organization_id for held in standing.roles if held.role in SEES_PEOPLE}
        belongs = ProjectMember.objects.filter(person=actor.person_key).not_over()
        return self.filter(
            Q(lead=actor.person_key) | Q(pk__in=belongs.values("project")) | Q(organization_id__in=places)
        )

    def running(self, moment: datetime) -> ProjectQuerySet:
        return self.filter(ends_at__gt=moment)


class Project(BaseModel):
    """A group of people with a lead, purposes and an end, that may hold grants.

    `purposes` are uids of purposes, which are kept further up. Closing a project moves its end to now.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    purposes = ArrayField(models.UUIDField(), default=list, blank=True)
    ends_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="project_name_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("created_at")), name="project_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMemberQuerySet(HouseQuerySet["ProjectMember"]):
    def visible_to(self, actor: Actor) -> ProjectMemberQuerySet:
        """The members of the projects one may see."""
        if actor.is_system:
            return self
        return self.filter(project__in=Project.objects.visible_to(actor))

    def in_force(self, moment: datetime | Given) -> ProjectMemberQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def not_over(self) -> ProjectMemberQuerySet:
        """In force by the database's clock, or still to come."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))


class ProjectMember(BaseModel):
    """A person belongs to a project from one day to another. Who leaves loses its access at once."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["project", "person"], condition=Q(ends_at__isnull=True), name="membership_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.project_id}"
